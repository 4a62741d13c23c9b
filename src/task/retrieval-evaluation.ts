// The three programs of retrieval's evaluation and of search: features of images, features of texts, and the matching
// score of pairs that the features found similar.

import { encodeImages, encodeTexts, imageTokens, match } from '../blip/index.js';
import { gather, input, reshape, slice, type Tensor } from '../tensor/index.js';
import { fit, imageInput, type Model, seenWeights, textInputs } from './model.js';

/**
 * Encodes images or clips, from the input `image` [B, 3, S, S] or [B, F, 3, S, S].
 *
 * @returns tokens [B, F·N, D], feature [B, P] and frameFeatures [B, F, P], the last two of unit length
 */
export function imageEncoder(model: Model, sizes: { batch: number; frames?: number | null }) {
  return { ...encodeImages(fit(model, model.p), imageInput(model.config, sizes)) };
}

/** Encodes texts, from the inputs `ids` and `mask` int32 [B, T]. @returns feature [B, P], unit length */
export function textEncoder(model: Model, { batch, tokens }: { batch: number; tokens: number }) {
  return { feature: encodeTexts(fit(model, model.p), textInputs(batch, tokens)).feature };
}

export interface PairSizes {
  /** Images whose tokens are given. */
  readonly images: number;
  /** Pairs scored at once. */
  readonly pairs: number;
  /** T */
  readonly tokens: number;
  readonly frames?: number | null;
}

/**
 * Scores pairs of given images and texts: the inputs `tokens` [I, F·N, D] hold the images, `rows` int32 [B] says which
 * of them each text of `ids`, `mask` int32 [B, T] looks at. For clips under frame-aware attention also `textFeature`
 * [B, P] and `frameFeatures` [I, F, P], as the encoders gave them.
 *
 * @returns logit [B], the matching head's yes
 */
export function matcher(model: Model, { images, pairs, tokens, frames = null }: PairSizes): { readonly logit: Tensor } {
  const { config } = model;
  const f = frames ?? 1;
  const seen = input('tokens', [images, f * imageTokens(config), config.vision.width]);
  const rows = input('rows', [pairs], 'int32');
  const frameFeatures = gather(input('frameFeatures', [images, f, config.projection]), rows);
  const keyWeights = seenWeights(model, input('textFeature', [pairs, config.projection]), frameFeatures);
  const logits = match(fit(model, model.p), textInputs(pairs, tokens), { tokens: seen, rows, keyWeights });
  return { logit: reshape(slice(logits, 1, 1, 2), [pairs]) };
}
