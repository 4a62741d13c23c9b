// The programs of answering after training. Questions are read once; then either candidates are ranked by how
// probable they are, or an answer is written with `generation.ts`.

import { constant, input, logSoftmax, reshape, sum, type Tensor } from '../../compiler/tensor/index.js';
import { decode, paddingMask, vocabularyLogits } from '../blip/index.js';
import { answersTo, type QuestionSizes, type QuestionStates, questionInputs, readQuestions } from './answering.js';
import { nextTokenLosses } from './language.js';
import { fit, frameWeightsIn, type Model, tokensInput } from './model.js';

/**
 * Reads questions about encoded images or clips, from the inputs `tokens` [B, F·N, D], `question/ids`, `question/mask`
 * and `question/media`.
 *
 * @returns states [Q, T, D] and, for clips under frame-aware attention, each frame's weight: frameWeights [Q, F]
 */
export function questionReader(model: Model, sizes: QuestionSizes): Record<string, Tensor> {
  const seen = tokensInput(model.config, sizes);
  const { states, keyWeights } = readQuestions(model, fit(model, model.p), { ...seen, ...questionInputs(sizes) });
  return keyWeights ? { states, frameWeights: frameWeightsIn(model.config, keyWeights) } : { states };
}

export interface RankSizes {
  /** Q, questions whose states are given. */
  readonly questions: number;
  /** T, their tokens. */
  readonly tokens: number;
}

/** The inputs `states` [Q, T, D] and `mask` int32 [Q, T] of questions read before. */
const statesInput = ({ config }: Model, { questions, tokens }: RankSizes): QuestionStates => ({
  states: input('states', [questions, tokens, config.text.width]),
  mask: input('mask', [questions, tokens], 'int32'),
});

/** How probable each word is as the first of the answer, from `states` and `mask`. @returns logProbs [Q, V] */
export function firstTokens(model: Model, sizes: RankSizes): { readonly logProbs: Tensor } {
  const blip = fit(model, model.p);
  const { questions } = sizes;
  const { states, mask } = statesInput(model, sizes);
  const start = {
    ids: constant(new Int32Array(questions), [questions, 1], 'int32'), // becomes [DEC]
    mask: constant(new Int32Array(questions).fill(1), [questions, 1], 'int32'),
  };
  const hidden = decode(blip, start, { tokens: states, mask: paddingMask(mask) });
  const logits = vocabularyLogits(blip, reshape(hidden, [questions, model.config.text.width]));
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
