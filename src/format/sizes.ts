// How large the sizes of a backbone may be: several times those of any published one. Work is planned, and names of tensors
// are made, from a description before its tensors are looked at.

import { z } from 'zod';

const size = (most: number) => z.int().min(1).max(most);

/** Pixels a side of an image, or of a patch (BLIP: 384 and 16). */
export const pixelsSchema = size(4096);
/** D, or P (BLIP-large: 1024). */
export const widthSchema = size(16_384);
/** Of a tower (BLIP-large: 24). */
export const layersSchema = size(256);
/** H (BLIP-large: 16). */
export const headsSchema = size(1024);
/** Width of the feed-forward: four times D, or a little more. */
export const mlpSchema = size(8 * 16_384);
/** V (BLIP: 30,524; tokenizers of all languages: 256,000). */
export const vocabularySchema = size(2 ** 20);
/** Tokens of a text (BLIP: 512). */
export const positionsSchema = size(2 ** 16);
/** What is added to a variance, which is about 1. */
export const epsSchema = z.number().positive().max(1);
/** Of the values of a colour, which are between 0 and 1. */
export const meanSchema = z.number().min(-1000).max(1000);
/** The same; they are divided by it. */
export const deviationSchema = z.number().min(1e-6).max(1000);
