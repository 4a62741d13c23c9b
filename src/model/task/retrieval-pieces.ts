// The retrieval step in pieces, exactly: contrast needs the features of the whole batch, the towers do not. So features
// are computed first, piece by piece and without gradient; then the contrast of all of them, with its slopes by the
// features; then the matching, piece by piece, with its slopes by the image tokens; and last each piece once more, whose
// outputs meet their slopes. Gao et al., "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup",
// https://arxiv.org/abs/2101.06983
//
// Notation as in retrieval.ts; M samples of a piece.

import * as t from '../../compiler/tensor/index.js';
import { add, mul, type Tensor } from '../../compiler/tensor/index.js';
import { encodeImages, imageTokens, textFeatures } from '../blip/index.js';
import type { Declaration } from '../nn/index.js';
import { contrast } from './contrast.js';
import { mineNegatives } from './mining.js';
import { fit, imageInput, type Model, textInputs, trainedBy } from './model.js';
import {
  follow,
  inverseTemperature,
  matching,
  type RetrievalBatch,
  type RetrievalOptions,
  retrievalDefaults,
} from './retrieval.js';

/** Names of what goes from one part to the next. */
export const pieceNames = {
  feature: { image: 'feature/image', text: 'feature/text' },
  target: { image: 'target/image', text: 'target/text' },
  tokens: 'tokens',
  frames: 'frames',
  slope: { image: 'slope/image', text: 'slope/text', tokens: 'slope/tokens' },
} as const;

/** A part that is differentiated. */
export interface Part {
  /** Unweighted, scalar; absent where a part has none of its own. */
  readonly loss?: Tensor;
  /** Scalar: what is differentiated by what trains. */
  readonly total: Tensor;
  readonly trained: readonly Declaration[];
  /** Inputs by which it is differentiated too, by the name of the slope. */
  readonly slopes: Readonly<Record<string, Tensor>>;
  /** What else it finds, by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Part 1: what the other parts need of M images and their texts, and the moving averages. */
export function encodePiece(model: Model, sizes: RetrievalBatch, given: RetrievalOptions) {
  const { momentum: times } = { ...retrievalDefaults, ...given };
  const blip = fit(model, model.p);
  const [images, texts] = [imageInput(model.config, sizes), textInputs(sizes.batch, sizes.tokens)];
  const { tokens, frameFeatures, feature } = encodeImages(blip, images);
  const online = { image: feature, text: textFeatures(blip, texts) };
  const { momentum, features } = follow(model, { images, texts }, { ...online, tokens }, times);
  const names = pieceNames;
  const outputs = {
    ...{ [names.feature.image]: online.image, [names.feature.text]: online.text },
    ...{ [names.target.image]: features.image, [names.target.text]: features.text },
    ...{ [names.tokens]: tokens, [names.frames]: frameFeatures },
  };
  return { outputs, momentum };
}

/**
 * Part 2: the contrast of all B, its slopes by features and temperature, and the negatives, int32 [B] each, as
 * `negative/image` and `negative/text`.
 */
export function contrastAll(model: Model, batch: number, given: RetrievalOptions): Part {
  const options = { ...retrievalDefaults, ...given };
  const { feature, target, slope } = pieceNames;
  const features = (of: { readonly image: string; readonly text: string }) => ({
    image: t.input(of.image, [batch, model.config.projection]),
    text: t.input(of.text, [batch, model.config.projection]),
  });
  const [online, momentum] = [features(feature), features(target)];
  const index = t.input('index', [batch], 'int32');
  const temperature = inverseTemperature(model.p, options);
  const negatives = options.itm > 0 ? mineNegatives(online, index, temperature) : undefined;
  const outputs = { ...(negatives && { 'negative/image': negatives.image, 'negative/text': negatives.text }) };
  const loss = options.itc > 0 ? contrast({ ...options, online, momentum, index, temperature }) : undefined;
  const total = loss ? mul(loss, options.itc) : t.reshape(mul(t.sum(online.image), 0), []);
  const slopes = { [slope.image]: online.image, [slope.text]: online.text };
  return { ...(loss && { loss }), total, trained: trainedBy(model, total), slopes, outputs };
}

/**
 * Part 3: the matching of M samples with their negatives: 2M images and 2M texts, of which the second half are the
 * negatives. Its slope by the tokens is [2M, F·N, D]. The weighted total is the mean over these 3M pairs.
 */
export function matchPiece(model: Model, sizes: RetrievalBatch, given: RetrievalOptions): Part {
  const { itm } = { ...retrievalDefaults, ...given };
  const { batch, tokens: length, frames } = sizes;
  const [both, f, { vision, projection }] = [2 * batch, frames ?? 1, model.config];
  const tokens = t.input(pieceNames.tokens, [both, f * imageTokens(model.config), vision.width]);
  const rows = t.iota(both);
  const [own, other] = [t.slice(rows, 0, 0, batch), t.slice(rows, 0, batch, both)];
  const loss = matching({
    ...{ blip: fit(model, model.p), model, texts: textInputs(both, length) },
    images: { tokens, frameFeatures: t.input(pieceNames.frames, [both, f, projection]) },
    online: { text: t.input(pieceNames.feature.text, [both, projection]) },
    imageRows: t.concat([own, other, own], 0),
    textRows: t.concat([own, own, other], 0),
  });
  const total = mul(loss, itm);
  return { loss, total, trained: trainedBy(model, total), slopes: { [pieceNames.slope.tokens]: tokens }, outputs: {} };
}

/** Part 4: slopes by what trains below features and tokens, whose own slopes are given. */
export function pullPiece(model: Model, sizes: RetrievalBatch): Part {
  const blip = fit(model, model.p);
  const { tokens, feature } = encodeImages(blip, imageInput(model.config, sizes));
  const text = textFeatures(blip, textInputs(sizes.batch, sizes.tokens));
  const { slope } = pieceNames;
  const along = (x: Tensor, name: string) => t.reshape(t.sum(mul(x, t.input(name, x.shape))), []);
  const total = [along(feature, slope.image), along(text, slope.text), along(tokens, slope.tokens)].reduce(add);
  return { total, trained: trainedBy(model, total), slopes: {}, outputs: {} };
}
