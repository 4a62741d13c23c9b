// The three programs of retrieval's evaluation and of search: features of images, features of texts, and the matching
// score of pairs that the features found similar.

import { gather, input, reshape, slice, type Tensor } from '../../compiler/tensor/index.js';
import { frameWeights } from '../adapter/index.js';
import { encodeImages, imageFeatures, imageTokens, match, projectImages, textFeatures } from '../blip/index.js';
import {
  fit,
  frameWeightsIn,
  type ImageSizes,
  imageInput,
  type Model,
  textInputs,
  tokensInput,
  weighsFrames,
} from './model.js';

/**
 * Encodes images or clips, from the input `image` [B, 3, S, S] or [B, F, 3, S, S].
 *
 * @returns tokens [B, F·N, D], feature [B, P] and frameFeatures [B, F, P], the last two of unit length
 */
export function imageEncoder(model: Model, sizes: ImageSizes) {
  return { ...encodeImages(fit(model, model.p), imageInput(model.config, sizes)) };
}

/** The features of {@link imageEncoder} alone, for less. @returns feature [B, P], unit length */
export function imageFeatureEncoder(model: Model, sizes: ImageSizes) {
  return { feature: imageFeatures(fit(model, model.p), imageInput(model.config, sizes)) };
}

/** Encodes texts, from the inputs `ids` and `mask` int32 [B, T]. @returns feature [B, P], unit length */
export function textEncoder(model: Model, { batch, tokens }: { batch: number; tokens: number }) {
  return { feature: textFeatures(fit(model, model.p), textInputs(batch, tokens)) };
}

export interface PairSizes extends ImageSizes {
  /** Pairs scored at once. */
  readonly pairs: number;
  /** T */
  readonly tokens: number;
}

/**
 * Scores pairs of encoded images or clips and texts: the inputs `tokens` [B, F·N, D] hold the former, `rows` int32 [pairs]
 * says which of them each text of `ids`, `mask` int32 [pairs, T] looks at. For clips under frame-aware attention also
 * `textFeature` [pairs, P], as the text encoder gave it.
 *
 * @returns logit [pairs], the matching head's yes, and the frames' weights where there are any, frameWeights [pairs, F]
 */
export function matcher(model: Model, sizes: PairSizes): Record<string, Tensor> {
  const { config } = model;
  const { pairs } = sizes;
  const blip = fit(model, model.p);
  const { tokens, classTokens } = tokensInput(config, sizes);
  const rows = input('rows', [pairs], 'int32');
  const keyWeights = weighsFrames(model, classTokens.shape[1] as number)
    ? frameWeights(
        input('textFeature', [pairs, config.projection]),
        gather(projectImages(blip, classTokens), rows),
        imageTokens(config),
      )
    : undefined;
  const logits = match(blip, textInputs(pairs, sizes.tokens), { tokens, rows, keyWeights });
  const logit = reshape(slice(logits, 1, 1, 2), [pairs]);
  return keyWeights ? { logit, frameWeights: frameWeightsIn(config, keyWeights) } : { logit };
}
