// The programs of answering after training. Questions are encoded once; then either candidates are ranked by how
// probable they are, or an answer is written with `generation.ts`.

import { decode, imageTokens, paddingMask, vocabularyLogits } from '../blip/index.js';
import { constant, input, logSoftmax, reshape, slice, sum, type Tensor } from '../tensor/index.js';
import { answersTo, type QuestionSizes, type QuestionStates, readQuestions } from './answering.js';
import { nextTokenLosses } from './language.js';
import { fit, imageInput, type Model, textInputs } from './model.js';

/**
 * Encodes questions about images or clips, from the inputs `image`, `ids` and `mask`.
 *
 * @returns states [B, T, D] and, for clips under frame-aware attention, each frame's weight: frameWeights [B, F]
 */
export function questionEncoder(model: Model, sizes: QuestionSizes): Record<string, Tensor> {
  const { batch, tokens, frames } = sizes;
  const inputs = { images: imageInput(model.config, sizes), questions: textInputs(batch, tokens) };
  const { states, keyWeights } = readQuestions(model, fit(model, model.p), inputs);
  if (!keyWeights) return { states };
  const perFrame = reshape(keyWeights, [batch, frames ?? 1, imageTokens(model.config)]);
  return { states, frameWeights: reshape(slice(perFrame, 2, 1, 2), [batch, frames ?? 1]) }; // all patches have the same
}

export interface RankSizes {
  /** B, questions whose states are given. */
  readonly batch: number;
  /** T, their tokens. */
  readonly tokens: number;
}

/** The inputs `states` [B, T, D] and `mask` int32 [B, T] of questions encoded before. */
const statesInput = ({ config }: Model, { batch, tokens }: RankSizes): QuestionStates => ({
  states: input('states', [batch, tokens, config.text.width]),
  mask: input('mask', [batch, tokens], 'int32'),
});

/** How probable each word is as the first of the answer, from `states` and `mask`. @returns logProbs [B, V] */
export function firstTokens(model: Model, sizes: RankSizes): { readonly logProbs: Tensor } {
  const blip = fit(model, model.p);
  const { batch } = sizes;
  const { states, mask } = statesInput(model, sizes);
  const start = {
    ids: constant(new Int32Array(batch), [batch, 1], 'int32'), // becomes [DEC]
    mask: constant(new Int32Array(batch).fill(1), [batch, 1], 'int32'),
  };
  const hidden = decode(blip, start, { tokens: states, mask: paddingMask(mask) });
  const logits = vocabularyLogits(blip, reshape(hidden, [batch, model.config.text.width]));
  return { logProbs: logSoftmax(logits) };
}

/**
 * Scores A answers, from `states`, `mask`, `answer/ids`, `answer/mask` int32 [A, U] and `answer/question` int32 [A].
 *
 * @returns loss [A]: the negative log-likelihood of each answer, with smoothed targets where `smoothing` is above 0
 */
export function answerScorer(
  model: Model,
  sizes: RankSizes & { readonly answers: number; readonly answerTokens: number },
  { smoothing = 0 }: { readonly smoothing?: number } = {},
): { readonly loss: Tensor } {
  const { texts, seen } = answersTo(statesInput(model, sizes), sizes);
  const { losses } = nextTokenLosses(fit(model, model.p), { texts, seen, given: 1, smoothing });
  return { loss: reshape(sum(losses, [1]), [sizes.answers]) };
}
