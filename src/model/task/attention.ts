// Where a model looks when it answers: Grad-CAM over cross-attention, as ALBEF and BLIP are shown. What a question's
// tokens attend to counts as far as attending more to it would make the answer more probable. All tokens, since the decoder
// reads them all; of the layers the later half, which has read the question: measured, see the test of the engine.
// Selvaraju et al., https://arxiv.org/abs/1610.02391; Li et al., ALBEF §6.3, https://arxiv.org/abs/2107.07651

import { add, mul, neg, relu, reshape, slice, sum, type Tensor } from '../../compiler/tensor/index.js';
import { crossAttentions } from '../blip/index.js';
import { answersTo, type QuestionSizes, questionInputs, readQuestions } from './answering.js';
import { nextTokenLosses } from './language.js';
import { fit, type Model, tokensInput } from './model.js';

export interface AnswerSizes extends QuestionSizes {
  /** U */
  readonly answerTokens: number;
}

export interface Evidence {
  /** Scalar: log p of one answer to each question, summed. */
  readonly score: Tensor;
  /** [Q, H, T, F·N] of a layer each: how the tokens of a question attend to image tokens. */
  readonly attentions: readonly Tensor[];
}

/**
 * The evidence for an answer to each question, from the inputs of `questionReader` and `answer/ids`, `answer/mask` int32
 * [Q, U], `answer/question` int32 [Q]. Differentiate `score` by `attentions`, and give both to {@link attentionMap}.
 */
export function answerEvidence(model: Model, sizes: AnswerSizes): Evidence {
  const blip = fit(model, model.p);
  const asked = questionInputs(sizes);
  const { states } = readQuestions(model, blip, { ...tokensInput(model.config, sizes), ...asked });
  const answers = { answers: sizes.questions, answerTokens: sizes.answerTokens };
  const { texts, seen } = answersTo({ states, mask: asked.texts.mask }, answers);
  const { losses } = nextTokenLosses(blip, { texts, seen, given: 1, smoothing: 0 });
  const attentions = crossAttentions(states, 'text_encoder');
  return { score: reshape(neg(sum(losses)), []), attentions: attentions.slice(Math.floor(attentions.length / 2)) };
}

/**
 * Attention times its positive slope, summed over layers, heads and tokens of a question; class tokens are left out.
 *
 * @param attentions  [Q, H, T, F·N] each
 * @param slopes      of the same shapes
 * @returns [Q, F, N − 1], what is no evidence being 0
 */
export function attentionMap(attentions: readonly Tensor[], slopes: readonly Tensor[], frames: number): Tensor {
  const [questions, , , length] = (attentions[0] as Tensor).shape as [number, number, number, number];
  const evidence = attentions.map((attention, i) => sum(mul(attention, relu(slopes[i] as Tensor)), [1, 2])).reduce(add);
  const N = length / frames;
  return slice(reshape(evidence, [questions, frames, N]), 2, 1, N);
}
