// The backbone's answers: a feature of an image, clip or text, and how well a text and an image match.

import {
  concat,
  constant,
  gather,
  l2Normalise,
  mean,
  reshape,
  slice,
  type Tensor,
} from '../../compiler/tensor/index.js';
import { linear, type Scope, width } from '../nn/index.js';
import type { Kept } from './block.js';
import type { Fitted } from './config.js';
import { paddingMask, type Seen, textTower } from './text.js';
import { visionTower } from './vision.js';

/** A backbone with a method's hooks. */
export interface Blip extends Fitted {
  /** The root of the parameters. */
  readonly p: Scope;
}

export interface Texts {
  /** int32 [B, T], `[CLS]` first. */
  readonly ids: Tensor;
  /** int32 [B, T], 1 for a token and 0 for padding. */
  readonly mask: Tensor;
}

export interface EncodedImages {
  /** [B, F·N, D]: the frames' tokens one after the other, each with its class token first. */
  readonly tokens: Tensor;
  /** [B, P], unit length: the projected mean of the frames' class tokens. */
  readonly feature: Tensor;
  /** [B, F, P], unit length: each frame's own feature. */
  readonly frameFeatures: Tensor;
}

/**
 * The tokens of images or clips.
 *
 * @param images  f32 [B, 3, S, S], or [B, F, 3, S, S] for clips
 * @returns tokens [B, F·N, D], as in {@link EncodedImages}, and each frame's class token, classTokens [B, F, D]
 */
export function seeImages(blip: Blip, images: Tensor): { readonly tokens: Tensor; readonly classTokens: Tensor } {
  const [b, f] = framesOf(images);
  const tokens = visionTower(blip.p.at('visual_encoder'), singly(images), blip);
  const [, n, d] = tokens.shape as [number, number, number];
  const isClip = images.shape.length === 5;
  const seen = isClip && blip.hooks.clip ? blip.hooks.clip(reshape(tokens, [b, f, n, d])) : tokens;
  return { tokens: reshape(seen, [b, f * n, d]), classTokens: reshape(slice(tokens, 1, 0, 1), [b, f, d]) };
}

/** Encodes images or clips. @param images f32 [B, 3, S, S], or [B, F, 3, S, S] for clips */
export function encodeImages(blip: Blip, images: Tensor): EncodedImages {
  const { tokens, classTokens } = seeImages(blip, images);
  return { tokens, feature: featureOf(blip, classTokens), frameFeatures: projectImages(blip, classTokens) };
}

/** The features of {@link encodeImages} alone, without the last block of all tokens but one. @returns [B, P], unit length */
export function imageFeatures(blip: Blip, images: Tensor): Tensor {
  const first = visionTower(blip.p.at('visual_encoder'), singly(images), blip, 'first');
  return featureOf(blip, reshape(first, [...framesOf(images), width(first)]));
}

/** Of class tokens [B, F, D]. */
function featureOf(blip: Blip, classTokens: Tensor): Tensor {
  const [b, f, d] = classTokens.shape as [number, number, number];
  return projectImages(blip, reshape(f === 1 ? classTokens : mean(classTokens, [1]), [b, d]));
}

/** B and F of images, whose F is 1, or clips. */
const framesOf = ({ shape }: Tensor): [number, number] =>
  shape.length === 5 ? [shape[0] as number, shape[1] as number] : [shape[0] as number, 1];

/** Images or clips → [B·F, 3, S, S] */
function singly(images: Tensor): Tensor {
  const [b, f] = framesOf(images);
  return reshape(images, [b * f, ...images.shape.slice(-3)]);
}

/** Features of class tokens. @param x f32 [*, D] @returns [*, P], unit length */
export const projectImages = ({ p, config }: Blip, x: Tensor): Tensor =>
  l2Normalise(linear(p.at('vision_proj').as('head'), x, config.projection));

/** Reads texts alone. @returns hidden states [B, T, D], or [B, 1, D] where the first alone is kept */
export const readTexts = (blip: Blip, { ids, mask }: Texts, kept: Kept = 'all'): Tensor =>
  textTower(blip.p.at('text_encoder'), { ids, mask: paddingMask(mask) }, null, blip, kept);

/** Encodes texts alone. @returns features [B, P], unit length */
export const textFeatures = (blip: Blip, texts: Texts): Tensor =>
  l2Normalise(linear(blip.p.at('text_proj').as('head'), only(readTexts(blip, texts, 'first')), blip.config.projection));

/** Encodes texts that look at images: `[ENC]` replaces the first token. @returns as {@link readTexts} */
export function encodePairs(blip: Blip, { ids, mask }: Texts, seen: Seen, kept: Kept = 'all'): Tensor {
  const text = { ids: startWith(blip.config.encodeToken, ids), mask: paddingMask(mask) };
  return textTower(blip.p.at('text_encoder'), text, seen, blip, kept);
}

/** Whether texts and images belong together. @returns logits [B, 2]; column 1 says yes */
export function match(blip: Blip, texts: Texts, seen: Seen): Tensor {
  return linear(blip.p.at('itm_head').as('head'), only(encodePairs(blip, texts, seen, 'first')), 2);
}

/** Puts another token in the first place. @param ids int32 [B, T] */
export function startWith(token: number, ids: Tensor): Tensor {
  const [batch, length] = ids.shape as [number, number];
  const first = constant(new Int32Array(batch).fill(token), [batch, 1], 'int32');
  return length === 1 ? first : concat([first, slice(ids, 1, 1, length)], 1);
}

/** Rows of texts. @param rows int32 [*] */
export const pickTexts = ({ ids, mask }: Texts, rows: Tensor): Texts => ({
  ids: gather(ids, rows),
  mask: gather(mask, rows),
});

/** [B, 1, D] → [B, D] */
const only = (hidden: Tensor): Tensor => reshape(hidden, [hidden.shape[0] as number, width(hidden)]);
