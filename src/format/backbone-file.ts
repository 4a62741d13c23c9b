// The backbone folder of docs/formats.md: weights, sizes with the preprocessing that belongs to them, and the tokenizer.

import { z } from 'zod';
import { packAnswers, unpackAnswers } from './answers.js';
import type { NamedArrays } from './array.js';
import { checkDescription, fileOf, formatNumber, readDescription, writeDescription } from './description.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import {
  deviationSchema,
  epsSchema,
  headsSchema,
  layersSchema,
  meanSchema,
  mlpSchema,
  pixelsSchema,
  positionsSchema,
  vocabularySchema,
  widthSchema,
} from './sizes.js';

const id = z.int().nonnegative();
const rgb = (channel: z.ZodNumber) => z.tuple([channel, channel, channel]);
const tower = { width: widthSchema, layers: layersSchema, heads: headsSchema, mlp: mlpSchema, eps: epsSchema };

const backboneSchema = z
  .strictObject({
    format: z.literal(formatNumber),
    name: z.string().min(1),
    vision: z.strictObject({ imageSize: pixelsSchema, patch: pixelsSchema, ...tower }),
    text: z.strictObject({ vocabulary: vocabularySchema, positions: positionsSchema, ...tower }),
    projection: widthSchema,
    preprocess: z.strictObject({ mean: rgb(meanSchema), std: rgb(deviationSchema), resize: z.literal('bicubic') }),
    tokens: z.strictObject({ pad: id, cls: id, sep: id, enc: id, bos: id }),
    maxTokens: z.int().min(2),
    decoder: z.strictObject({ tied: z.boolean() }).exactOptional(),
    notices: z.array(z.string()).exactOptional(),
    sees: z.array(z.string()).exactOptional(),
    unseen: z
      .strictObject({ what: z.string(), firstStage: z.number(), reranked: z.number(), items: z.int().positive() })
      .exactOptional(),
  })
  .superRefine(({ vision, text, tokens, maxTokens }, { addIssue }) => {
    const require = (holds: boolean, path: string, message: string) => {
      if (!holds) addIssue({ code: 'custom', path: path.split('.'), message });
    };
    require(vision.imageSize % vision.patch === 0, 'vision.imageSize', `not a multiple of patch ${vision.patch}`);
    require(vision.width % vision.heads === 0, 'vision.heads', `does not divide width ${vision.width}`);
    require(text.width % text.heads === 0, 'text.heads', `does not divide width ${text.width}`);
    require(maxTokens <= text.positions, 'maxTokens', `more than the ${text.positions} positions`);
    for (const [name, token] of Object.entries(tokens)) {
      require(token < text.vocabulary, `tokens.${name}`, `not below vocabulary ${text.vocabulary}`);
    }
  });

/** backbone.json; the meaning of each key is in docs/formats.md. */
export type BackboneInfo = z.infer<typeof backboneSchema>;

export interface BackboneFile {
  readonly info: BackboneInfo;
  /** All weights under the original BLIP names. */
  readonly arrays: NamedArrays;
  /** The value of tokenizer.json, for `createTokenizer`. */
  readonly tokenizer: unknown;
  /** Answers that questions are answered with, if the backbone has learnt any. */
  readonly answers?: readonly string[];
}

/**
 * The files of a backbone folder.
 * @returns file name → bytes, for `backbone.safetensors`, `backbone.json`, `tokenizer.json` and, if there are any, `answers.json`
 * @throws `format` when the description has a missing, unknown or contradictory key
 */
export function packBackbone({ arrays, ...sides }: BackboneFile): Map<string, Uint8Array> {
  const weights = writeSafetensors(arrays, { format: 'pt' });
  return new Map([['backbone.safetensors', weights], ...packBackboneSides(sides)]);
}

/** The same without the weights, for those who write these tensor by tensor. */
export function packBackboneSides({ info, tokenizer, answers }: Omit<BackboneFile, 'arrays'>): Map<string, Uint8Array> {
  return new Map([
    ['backbone.json', writeDescription(backboneSchema, info, 'backbone.json')],
    ['tokenizer.json', new TextEncoder().encode(`${JSON.stringify(tokenizer)}\n`)],
    ...packAnswers(answers),
  ]);
}

/** A description made from another program's files. @throws `format` naming all that cannot be */
export const checkBackboneInfo = (info: BackboneInfo, where: string): BackboneInfo =>
  checkDescription(backboneSchema, info, where);

/**
 * Reads the files of a backbone folder.
 * @param where the folder's name, for errors
 * @throws `format` when a file is missing or malformed
 */
export function unpackBackbone(files: ReadonlyMap<string, Uint8Array>, where: string): BackboneFile {
  const weights = fileOf(files, 'backbone.safetensors', where);
  const { arrays } = readSafetensors(weights, `${where}/backbone.safetensors`);
  return { ...unpackDescription(files, where), arrays };
}

/** Reads the files of a backbone folder but the weights. @throws `format` as {@link unpackBackbone} */
export function unpackDescription(files: ReadonlyMap<string, Uint8Array>, where: string): Omit<BackboneFile, 'arrays'> {
  const info = readDescription(backboneSchema, fileOf(files, 'backbone.json', where), `${where}/backbone.json`);
  const tokenizer = readDescription(z.unknown(), fileOf(files, 'tokenizer.json', where), `${where}/tokenizer.json`);
  return { info, tokenizer, ...unpackAnswers(files, where) };
}
