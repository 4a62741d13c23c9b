// Question answering about images and clips: the question looks at the image, the decoder looks at the question and
// writes the answer. Encoder and decoder ask for the same adapters, `adapters.{i}`; low-rank key/value adapters belong
// to one tower each. Li et al., BLIP §4.4, https://arxiv.org/abs/2201.12086
//
// Notation: B images or clips, Q questions about them, T their tokens, A answers to all of them, U tokens of an answer, F frames.
//
//   inputs   image [B, 3, S, S] or [B, F, 3, S, S]
//            question/ids, question/mask int32 [Q, T] · question/media int32 [Q]: which image each is about
//            answer/ids, answer/mask int32 [A, U] · answer/question int32 [A]: whose answer it is
//            answer/weight f32 [A]: the share of the annotators who gave it; 0 for rows that fill a batch up
//
// Trap: the LM head's role is `lmHead`; adapters leave it as it is, like the release.

import { gather, input, mul, reshape, sum, type Tensor, trace } from '../../compiler/tensor/index.js';
import { frameWeights } from '../adapter/index.js';
import {
  type Blip,
  encodePairs,
  imageTokens,
  paddingMask,
  projectImages,
  type Seen,
  seeImages,
  type Texts,
  textFeatures,
} from '../blip/index.js';
import type { Declaration } from '../nn/index.js';
import { nextTokenLosses } from './language.js';
import { fit, type ImageSizes, imageInput, type Model, textInputs, trainedBy, weighsFrames } from './model.js';

export interface QuestionSizes extends ImageSizes {
  /** Q */
  readonly questions: number;
  /** T */
  readonly tokens: number;
}

export interface AnsweringBatch extends QuestionSizes {
  /** A */
  readonly answers: number;
  /** U */
  readonly answerTokens: number;
}

export interface AnsweringOptions {
  /** Part of each target token that is spread over the vocabulary. Default 0.1. */
  readonly smoothing?: number;
  /** What the summed loss is divided by: Q, or Q·F as in the release. Default `questions`. */
  readonly per?: 'questions' | 'frames';
}

export interface AnsweringStep {
  /** Scalar. */
  readonly losses: { readonly answer: Tensor };
  /** The same. */
  readonly total: Tensor;
  /** What trains and has a part in `total`: differentiate by these and update these. */
  readonly trained: readonly Declaration[];
}

/** Names of the inputs that hold the questions. */
export const questionNames = { ids: 'question/ids', mask: 'question/mask', media: 'question/media' } as const;

/** Names of the inputs that hold the answers. */
export const answerNames = {
  ids: 'answer/ids',
  mask: 'answer/mask',
  question: 'answer/question',
  weight: 'answer/weight',
} as const;

/** The forward half of a training step (BLIP's and the release's `blip_vqa`); differentiate `total` by what trains. */
export function answeringStep(model: Model, sizes: AnsweringBatch, options: AnsweringOptions = {}): AnsweringStep {
  const { smoothing = 0.1, per = 'questions' } = options;
  const { answers, frames } = sizes;
  const blip = fit(model, model.p);
  const questions = questionInputs(sizes);
  const { states } = readQuestions(model, blip, { ...seeImages(blip, imageInput(model.config, sizes)), ...questions });
  const { texts, seen } = answersTo({ states, mask: questions.texts.mask }, sizes);
  const { losses } = nextTokenLosses(blip, { texts, seen, given: 1, smoothing });
  const weights = reshape(input(answerNames.weight, [answers]), [answers, 1]);
  const share = 1 / (per === 'frames' ? sizes.questions * (frames ?? 1) : sizes.questions);
  const total = reshape(mul(sum(mul(losses, weights)), share), []);
  return { losses: { answer: total }, total, trained: trainedBy(model, total) };
}

/**
 * Every parameter of a model that answers, in the order of first use.
 *
 * @param model   its scope declares them all from now on
 * @param frames  F for clips, whose frame weights need the projections; null for images
 */
export function answeringParameters(model: Model, frames: number | null = null): readonly Declaration[] {
  const sizes = { batch: 1, questions: 1, tokens: 2, answers: 1, answerTokens: 2, frames };
  trace(() => answeringStep(model, sizes));
  return model.p.declarations();
}

export interface Asked {
  /** int32 [Q, T] each. */
  readonly texts: Texts;
  /** int32 [Q]: the image that each question is about. */
  readonly rows: Tensor;
}

/** The inputs that hold questions. */
export const questionInputs = ({ questions, tokens }: Omit<QuestionSizes, 'batch'>): Asked => ({
  texts: textInputs(questions, tokens, 'question/'),
  rows: input(questionNames.media, [questions], 'int32'),
});

export interface Pictured extends Asked {
  /** [B, F·N, D] */
  readonly tokens: Tensor;
  /** [B, F, D] */
  readonly classTokens: Tensor;
}

/**
 * Questions that look at their images.
 *
 * @returns states [Q, T, D] and, for clips under frame-aware attention, what multiplies the keys, [Q, F·N]
 */
export function readQuestions(
  model: Model,
  blip: Blip,
  { tokens, classTokens, texts, rows }: Pictured,
): { readonly states: Tensor; readonly keyWeights?: Tensor } {
  if (!weighsFrames(model, classTokens.shape[1] as number))
    return { states: encodePairs(blip, texts, { tokens, rows }) };
  const frames = gather(projectImages(blip, classTokens), rows);
  const keyWeights = frameWeights(textFeatures(blip, texts), frames, imageTokens(model.config));
  return { states: encodePairs(blip, texts, { tokens, rows, keyWeights }), keyWeights };
}

export interface QuestionStates {
  /** [Q, T, D] */
  readonly states: Tensor;
  /** int32 [Q, T] */
  readonly mask: Tensor;
}

/** The inputs that hold answers, and what each of them looks at. */
export function answersTo(
  { states, mask }: QuestionStates,
  { answers, answerTokens }: { readonly answers: number; readonly answerTokens: number },
): { readonly texts: Texts; readonly seen: Seen } {
  const rows = input(answerNames.question, [answers], 'int32');
  const texts = textInputs(answers, answerTokens, 'answer/');
  return { texts, seen: { tokens: states, rows, mask: paddingMask(gather(mask, rows)) } };
}
