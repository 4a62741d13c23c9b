// Image–text and clip–text retrieval: contrast with momentum and a queue, mine hard negatives, match. One program.
//
// Notation: B batch, T text tokens, N tokens of a frame, F frames, Q queue, P projection, D width.
//
//   inputs   image [B, 3, S, S] or [B, F, 3, S, S] · ids, mask int32 [B, T] · index int32 [B], the image's identity
//            noise/image, noise/text [B, B]: Gumbel noise of the negatives, zero to take the most probable
//            alpha, mu: scalars · queue/image, queue/text [Q, P] · queue/index int32 [Q] · momentum/…: moving averages
//
// Trap: gradients flow through everything except the momentum features, the soft targets, the mining and frame weights.

import * as t from '../../compiler/tensor/index.js';
import { add, mul, type Tensor } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { trains } from '../adapter/index.js';
import {
  type Blip,
  type EncodedImages,
  encodeImages,
  imageFeatures,
  match,
  pickTexts,
  type Texts,
  textFeatures,
} from '../blip/index.js';
import type { Declaration, Scope } from '../nn/index.js';
import { contrast, type Features } from './contrast.js';
import { mineNegatives } from './mining.js';
import { fit, imageInput, type Model, seenWeights, textInputs, trainedBy } from './model.js';

export interface RetrievalBatch {
  /** B */
  readonly batch: number;
  /** T */
  readonly tokens: number;
  /** F for clips, null for images. Default null. */
  readonly frames?: number | null;
}

export interface RetrievalOptions {
  /** Weight of the contrastive loss; 0 leaves it out. Default 1. */
  readonly itc?: number;
  /** Weight of the matching loss; 0 leaves it and the mining out. Default 1. */
  readonly itm?: number;
  /** Q; 0 for none. Default 57600. */
  readonly queue?: number;
  /** Whether rows of the queue that nothing was written to count as negatives, as in the release. Default false. */
  readonly countsUnwritten?: boolean;
  /**
   * Moving averages of the trained tensors for targets and queue: `once` per step, `twice` for adapters as in the
   * release (they belong to both towers there), or `off`: the features themselves, without gradient. Default `once`.
   */
  readonly momentum?: 'once' | 'twice' | 'off';
  /** Where `temp` starts when no checkpoint brings it. Default 0.07. */
  readonly temperature?: number;
  /** Whether `temp` trains. Default false. */
  readonly trainTemperature?: boolean;
}

export interface RetrievalStep {
  /** Unweighted, scalars; only those with a weight. */
  readonly losses: { readonly itc?: Tensor; readonly itm?: Tensor };
  /** The weighted sum, scalar. */
  readonly total: Tensor;
  /** What trains and has a part in `total`: differentiate by these and update these. */
  readonly trained: readonly Declaration[];
  /** New moving averages by the path of what they follow; the program reads the old ones from `momentum/{path}`. */
  readonly momentum: Readonly<Record<string, Tensor>>;
  /** [B, P] each, what the caller writes into the queue after the step. */
  readonly features: Features;
  /** int32 [B]: the image put to each text and the text put to each image as negatives; absent without matching. */
  readonly negatives?: { readonly image: Tensor; readonly text: Tensor };
}

export const retrievalDefaults = {
  itc: 1,
  itm: 1,
  queue: 57600,
  countsUnwritten: false,
  momentum: 'once',
  temperature: 0.07,
  trainTemperature: false,
} as const satisfies Required<RetrievalOptions>;

/** The name of the input that holds the moving average of the parameter `path`. */
export const momentumName = (path: string): string => `momentum/${path}`;

/**
 * The forward half of a training step (SPEC: arXiv 2302.06605 §3 and the release's `blip_retrieval`); differentiate
 * `total` by the tensors that train.
 */
export function retrievalStep(model: Model, sizes: RetrievalBatch, given: RetrievalOptions = {}): RetrievalStep {
  const options = { ...retrievalDefaults, ...given };
  const images = imageInput(model.config, sizes);
  const texts = textInputs(sizes.batch, sizes.tokens);
  const blip = fit(model, model.p);
  const seenImages = encodeImages(blip, images);
  const tokens = options.itm > 0 ? seenImages.tokens : null;
  const online = { image: tokens ? seenImages.feature : imageFeatures(blip, images), text: textFeatures(blip, texts) };
  const { momentum, features } = follow(model, { images, texts }, { ...online, tokens }, options.momentum);
  const temperature = inverseTemperature(model.p, options);
  const index = t.input('index', [sizes.batch], 'int32');
  const losses: { itc?: Tensor; itm?: Tensor } = {};
  if (options.itc > 0) losses.itc = contrast({ ...options, online, momentum: features, index, temperature });
  const negatives = options.itm > 0 ? mineNegatives(online, index, temperature) : undefined;
  if (negatives) losses.itm = matching({ blip, model, texts, images: seenImages, online, ...pairsWith(negatives) });
  if (!losses.itc && !losses.itm)
    fail('recipe', { where: 'retrieval', what: 'no loss has a weight', fix: 'set itc or itm above 0' });
  const parts = [losses.itc && mul(losses.itc, options.itc), losses.itm && mul(losses.itm, options.itm)];
  const total = parts.filter((part) => part !== undefined).reduce(add);
  const trained = trainedBy(model, total);
  return { losses, total, trained, momentum, features, ...(negatives && { negatives }) };
}

/**
 * Every parameter of a model, as both losses need it, in the order of first use. For initialising, loading and counting.
 *
 * @param model   its scope declares them all from now on
 * @param frames  F for clips, null for images
 */
export function retrievalParameters(model: Model, frames: number | null = null): readonly Declaration[] {
  t.trace(() => retrievalStep(model, { batch: 1, tokens: 2, frames }, { queue: 0, momentum: 'off' }));
  return model.p.declarations();
}

/** Images and texts by row: the positives first, then texts with other images, then other texts with images. */
function pairsWith(negatives: { readonly image: Tensor; readonly text: Tensor }) {
  const own = t.iota(negatives.image.shape[0] as number);
  const imageRows = t.concat([own, negatives.image, own], 0);
  const textRows = t.concat([own, own, negatives.text], 0);
  return { imageRows, textRows };
}

/**
 * Moving averages first, then the features they give: m ← μ·m + (1−μ)·p before the forward.
 *
 * @param online  the features themselves, with the image tokens where they are computed anyway: a twin of a tower in
 *                which nothing trains is that tower
 */
export function follow(
  model: Model,
  { images, texts }: { readonly images: Tensor; readonly texts: Texts },
  online: Features & { readonly tokens: Tensor | null },
  times: 'once' | 'twice' | 'off',
): { readonly momentum: Record<string, Tensor>; readonly features: Features } {
  const momentum: Record<string, Tensor> = {};
  if (times === 'off')
    return { momentum, features: { image: t.stopGradient(online.image), text: t.stopGradient(online.text) } };
  const mu = t.input('mu', []);
  const average = (declaration: Declaration, current: Tensor): Tensor => {
    if (!trains(model.method, declaration)) return current;
    const { path, shape, role } = declaration;
    const rate = times === 'twice' && role === 'adapter' ? mul(mu, mu) : mu;
    const kept = mul(t.input(momentumName(path), shape), rate);
    momentum[path] = add(kept, mul(t.stopGradient(current), t.sub(1, rate)));
    return momentum[path];
  };
  const twin = fit(model, model.p.twin(average));
  const whole = encodeImages(twin, images);
  const image = whole.tokens === online.tokens ? whole.feature : imageFeatures(twin, images);
  return { momentum, features: { image, text: textFeatures(twin, texts) } };
}

/** 1 / temperature, the temperature clamped as in BLIP. */
export function inverseTemperature(p: Scope, options: Required<RetrievalOptions>): Tensor {
  const head = options.trainTemperature ? p.as('head') : p.as('head').frozen();
  const start = { kind: 'constant', value: options.temperature } as const;
  return t.reciprocal(t.clamp(head.param('temp', [], start), 0.001, 0.5));
}

export interface Pairs {
  readonly blip: Blip;
  readonly model: Model;
  readonly texts: Texts;
  readonly images: Pick<EncodedImages, 'tokens' | 'frameFeatures'>;
  readonly online: Pick<Features, 'text'>;
  /** int32 [3B] each: the image and the text of each pair, [positive; (text, negative image); (negative text, image)]. */
  readonly imageRows: Tensor;
  readonly textRows: Tensor;
}

/** Cross-entropy over 3B pairs in one pass. @returns scalar */
export function matching({ blip, model, texts, images, online, imageRows, textRows }: Pairs): Tensor {
  const batch = (imageRows.shape[0] as number) / 3;
  const weights = seenWeights(model, t.gather(online.text, textRows), t.gather(images.frameFeatures, imageRows));
  const logits = match(blip, pickTexts(texts, textRows), {
    tokens: images.tokens,
    rows: imageRows,
    keyWeights: weights,
  });
  const truth = Float32Array.from({ length: 6 * batch }, (_, i) => Number(i < 2 * batch === (i % 2 === 1)));
  const picked = mul(t.logSoftmax(logits), t.constant(truth, [3 * batch, 2], 'float32'));
  return t.reshape(mul(t.sum(picked), -1 / (3 * batch)), []);
}
