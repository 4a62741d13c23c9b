// Captioning of images and clips: the decoder looks at the image tokens and continues a prompt, "a picture of ".
// Li et al., BLIP, https://arxiv.org/abs/2201.12086
//
//   inputs   image [B, 3, S, S] or [B, F, 3, S, S] · caption/ids, caption/mask int32 [B, T]: prompt and caption
//
// To write captions, give the tokens of `tokenEncoder` and a mask of ones to the programs of `generation.ts`.

import { div, reshape, sum, type Tensor, trace } from '../../compiler/tensor/index.js';
import { seeImages } from '../blip/index.js';
import type { Declaration } from '../nn/index.js';
import { nextTokenLosses } from './language.js';
import { fit, type ImageSizes, imageInput, type Model, textInputs, trainedBy } from './model.js';

export interface CaptioningBatch extends ImageSizes {
  /** T */
  readonly tokens: number;
}

export interface CaptioningOptions {
  /** Tokens of the prompt, `[DEC]` included: they are read and not learnt. Default 1, no prompt. */
  readonly given?: number;
  /** Part of each target token that is spread over the vocabulary. Default 0.1. */
  readonly smoothing?: number;
}

/** Names of the inputs that hold the captions. */
export const captionNames = { ids: 'caption/ids', mask: 'caption/mask' } as const;

export interface CaptioningStep {
  /** Scalar. */
  readonly losses: { readonly caption: Tensor };
  /** The same. */
  readonly total: Tensor;
  /** What trains and has a part in `total`. */
  readonly trained: readonly Declaration[];
}

/** The forward half of a training step: the mean loss of the batch's caption tokens. */
export function captioningStep(
  model: Model,
  sizes: CaptioningBatch,
  { given = 1, smoothing = 0.1 }: CaptioningOptions = {},
): CaptioningStep {
  const blip = fit(model, model.p);
  const { tokens } = seeImages(blip, imageInput(model.config, sizes));
  const texts = textInputs(sizes.batch, sizes.tokens, 'caption/');
  const { losses, counted } = nextTokenLosses(blip, { texts, seen: { tokens }, given, smoothing });
  const total = reshape(div(sum(losses), sum(counted)), []);
  return { losses: { caption: total }, total, trained: trainedBy(model, total) };
}

/**
 * Every parameter of a model that captions, in the order of first use.
 *
 * @param model   its scope declares them all from now on
 * @param frames  F for clips, null for images
 */
export function captioningParameters(model: Model, frames: number | null = null): readonly Declaration[] {
  trace(() => captioningStep(model, { batch: 1, tokens: 2, frames }));
  return model.p.declarations();
}

/** What captions and questions look at, from the input `image`. @returns tokens [B, F·N, D] */
export const tokenEncoder = (model: Model, sizes: ImageSizes): { readonly tokens: Tensor } => ({
  tokens: seeImages(fit(model, model.p), imageInput(model.config, sizes)).tokens,
});
