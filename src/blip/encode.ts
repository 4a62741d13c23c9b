// The backbone's answers: a feature of an image, clip or text, and how well a text and an image match.

import { linear, type Scope, width } from '../nn/index.js';
import { concat, constant, gather, l2Normalise, mean, reshape, slice, type Tensor } from '../tensor/index.js';
import type { Fitted } from './config.js';
import { paddingMask, type Seen, textTower } from './text.js';
import { visionTower } from './vision.js';

/** A backbone with a method in its seam. */
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
  const [batch, frames] = images.shape.length === 5 ? images.shape : [images.shape[0], 1];
  const [b, f] = [batch as number, frames as number];
  const tokens = visionTower(blip.p.at('visual_encoder'), reshape(images, [b * f, ...images.shape.slice(-3)]), blip);
  const [, n, d] = tokens.shape as [number, number, number];
  const isClip = images.shape.length === 5;
  const seen = isClip && blip.seam.clip ? blip.seam.clip(reshape(tokens, [b, f, n, d])) : tokens;
  return { tokens: reshape(seen, [b, f * n, d]), classTokens: reshape(slice(tokens, 1, 0, 1), [b, f, d]) };
}

/** Encodes images or clips. @param images f32 [B, 3, S, S], or [B, F, 3, S, S] for clips */
export function encodeImages(blip: Blip, images: Tensor): EncodedImages {
  const { tokens, classTokens } = seeImages(blip, images);
  const [b, f, d] = classTokens.shape as [number, number, number];
  return {
    tokens,
    feature: projectImages(blip, reshape(f === 1 ? classTokens : mean(classTokens, [1]), [b, d])),
    frameFeatures: projectImages(blip, classTokens),
  };
}

/** Features of class tokens. @param x f32 [*, D] @returns [*, P], unit length */
export const projectImages = ({ p, config }: Blip, x: Tensor): Tensor =>
  l2Normalise(linear(p.at('vision_proj').as('head'), x, config.projection));

/** Encodes texts alone. @returns unit features [B, P] and hidden states [B, T, D] */
export function encodeTexts(blip: Blip, { ids, mask }: Texts) {
  const { p, config } = blip;
  const hidden = textTower(p.at('text_encoder'), { ids, mask: paddingMask(mask) }, null, blip);
  const feature = l2Normalise(linear(p.at('text_proj').as('head'), first(hidden), config.projection));
  return { feature, hidden };
}

/** Encodes texts that look at images: `[ENC]` replaces the first token. @returns hidden states [B, T, D] */
export function encodePairs(blip: Blip, { ids, mask }: Texts, seen: Seen): Tensor {
  const text = { ids: startWith(blip.config.encodeToken, ids), mask: paddingMask(mask) };
  return textTower(blip.p.at('text_encoder'), text, seen, blip);
}

/** Whether texts and images belong together. @returns logits [B, 2]; column 1 says yes */
export function match(blip: Blip, texts: Texts, seen: Seen): Tensor {
  return linear(blip.p.at('itm_head').as('head'), first(encodePairs(blip, texts, seen)), 2);
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

/** The first token's hidden state. @param hidden [B, T, D] @returns [B, D] */
const first = (hidden: Tensor): Tensor => reshape(slice(hidden, 1, 0, 1), [hidden.shape[0] as number, width(hidden)]);
