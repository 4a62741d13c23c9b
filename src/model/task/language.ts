// The language-model loss: cross-entropy of the next token, with smoothed targets, where a mask asks for it.

import * as t from '../../compiler/tensor/index.js';
import { cast, mul, reshape, slice, type Tensor } from '../../compiler/tensor/index.js';
import { type Blip, decode, type Seen, type Texts, vocabularyLogits } from '../blip/index.js';

/** Texts that the decoder learns to write or that are scored, and what it looks at while writing them. */
export interface Written {
  readonly texts: Texts;
  readonly seen: Seen;
  /** The first tokens, which are given and not predicted: 1 for `[DEC]` alone. */
  readonly given: number;
  /** Part of each target that is spread over the vocabulary. */
  readonly smoothing: number;
}

/**
 * How badly each next token is predicted: −Σ target · log p, target = (1 − ε)·one-hot + ε/V.
 *
 * @returns losses [B, T−1], zero where `counted` is, and counted f32 [B, T−1]: 1 for tokens that are predicted
 */
export function nextTokenLosses(blip: Blip, { texts, seen, given, smoothing }: Written) {
  const [batch, length] = texts.ids.shape as [number, number];
  const hidden = slice(decode(blip, texts, seen), 1, 0, length - 1); // the last token has no successor
  const logits = vocabularyLogits(blip, hidden); // [B, T−1, V]
  const vocabulary = logits.shape[2] as number;
  const next = reshape(slice(texts.ids, 1, 1, length), [batch, length - 1, 1]);
  const spread = smoothing / vocabulary;
  const targets = t.where(t.equal(next, t.iota(vocabulary)), 1 - smoothing + spread, spread);
  const crossed = reshape(t.sum(mul(t.logSoftmax(logits), targets), [2]), [batch, length - 1]);
  const counted = countedTokens(texts.mask, given);
  return { losses: mul(crossed, mul(counted, -1)), counted };
}

/** 1 for every token but the given and the padding. @param mask int32 [B, T] @returns f32 [B, T−1], from token 1 on */
function countedTokens(mask: Tensor, given: number): Tensor {
  const length = mask.shape[1] as number;
  const predicted = Float32Array.from({ length: length - 1 }, (_, i) => Number(i + 1 >= given));
  return mul(cast(slice(mask, 1, 1, length), 'float32'), t.constant(predicted, [1, length - 1], 'float32'));
}
