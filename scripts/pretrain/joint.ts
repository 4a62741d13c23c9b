// Retrieval, captioning and answering in one step, as BLIP is pre-trained: the pictures are encoded once, since equal
// expressions are one node of the graph, and three kinds of text look at them.

import { add, mul, trace } from '../../src/compiler/tensor/index.js';
import type { Item, MediaSet, Question, Sample } from '../../src/data/items/index.js';
import {
  type AnsweringScores,
  evaluateAnswering,
  evaluateRetrieval,
  type Looking,
  type RetrievalScores,
} from '../../src/evaluate/index.js';
import type { Declaration } from '../../src/model/nn/index.js';
import {
  answeringStep,
  answerNames,
  captioningStep,
  captionNames,
  type Model,
  questionNames,
  retrievalStep,
} from '../../src/model/task/index.js';
import { promptTokens } from '../../src/predict/programs/index.js';
import { stream } from '../../src/random/index.js';
import type { TracedStep, TrainTask } from '../../src/train/loop/index.js';

export interface JointOptions {
  readonly looking: Omit<Looking, 'onProgress'>;
  /** Pictures a step. */
  readonly batch: number;
  readonly seed: number;
  /** Questions a picture; where a scene has fewer, the rest counts nothing. */
  readonly questions: number;
  /** Tokens of the longest question and answer. */
  readonly questionTokens: number;
  readonly answerTokens: number;
  /** Weights of the losses; 0 leaves one out. */
  readonly weights: { readonly itc: number; readonly itm: number; readonly caption: number; readonly answer: number };
  /** Given before every caption. */
  readonly prompt: string;
  /** Answers to choose from in evaluation. */
  readonly candidates: readonly string[];
}

export interface JointScores {
  readonly retrieval: RetrievalScores;
  readonly answering: AnsweringScores | null;
}

/** Learns all three from sets whose items each bring captions, the complete one first, and questions. */
export function jointTask(options: JointOptions): TrainTask<JointScores> {
  const { looking, batch, seed, candidates, weights } = options;
  return {
    texts: () => 1,
    sizes: {},
    queue: 0,
    encode: (items, samples) => ({ feeds: encodeSamples(items, samples, options), sizes: {} }),
    trace: (model) => jointStep(model, options),
    feeds: ({ step }) => ({
      'noise/image': noise(seed, 'negative images', step, batch),
      'noise/text': noise(seed, 'negative texts', step, batch),
    }),
    async evaluate(model, set) {
      const rerank = weights.itm > 0 ? 16 : 0;
      const retrieval = await evaluateRetrieval(model, withFirstCaption(set), {
        ...looking,
        rerank,
        similarityWeight: 0,
      });
      const answering = await evaluateAnswering(model, withQuestions(set), {
        ...looking,
        inference: { by: 'rank', candidates, k: 16 },
      });
      return { retrieval: retrieval.scores, answering: answering.scores };
    },
    selectionMetric: ({ retrieval, answering }) => (retrieval.textToMedia['R@1'] ?? 0) + (answering?.accuracy ?? 0),
  };
}

/** Every parameter of the model, those of losses without a weight included. */
export function jointParameters(model: Model, options: JointOptions): readonly Declaration[] {
  const weights = { ...options.weights, itm: 1 };
  trace(() => jointStep(model, { ...options, batch: 1, weights }));
  return model.p.declarations();
}

function jointStep(model: Model, options: JointOptions): TracedStep {
  const { batch, weights, looking, prompt, questions: each } = options;
  const { maxTokens } = looking.codec;
  const { itc, itm, caption, answer } = weights;
  const retrieval = retrievalStep(
    model,
    { batch, tokens: maxTokens },
    { queue: 0, momentum: 'off', itc, itm, trainTemperature: true },
  );
  const given = promptTokens(looking.codec, prompt).length;
  const captioning = captioningStep(model, { batch, tokens: maxTokens + given - 1 }, { given, smoothing: 0 });
  const { questionTokens: tokens, answerTokens } = options;
  const questions = batch * each;
  const answering = answeringStep(
    model,
    { batch, questions, tokens, answers: questions, answerTokens },
    { smoothing: 0 },
  );
  const total = [mul(captioning.total, caption), mul(answering.total, answer)].reduce(add, retrieval.total);
  const trained = [retrieval, captioning, answering].flatMap((step) => step.trained);
  return {
    losses: { ...retrieval.losses, ...captioning.losses, ...answering.losses },
    total,
    trained: [...new Map(trained.map((declaration) => [declaration.path, declaration])).values()],
  };
}

function encodeSamples(items: readonly Item[], samples: readonly Sample[], options: JointOptions) {
  const { looking, prompt, questions: each, questionTokens, answerTokens } = options;
  const { codec } = looking;
  const chosen = samples.map(({ item }) => items[item] as Item);
  const captions = chosen.map(({ captions }) => captions);
  const retrieved = codec.captions(captions.map((all, i) => all[(samples[i]?.item ?? 0) % all.length] as string));
  const { maxTokens } = codec;
  const length = maxTokens + promptTokens(codec, prompt).length - 1;
  const captioned = codec.prompted(
    prompt,
    captions.map((all) => all[0] as string),
    length,
  );
  const asked = chosen.flatMap(({ questions }) =>
    Array.from({ length: each }, (_, i): Question => questions[i] ?? { id: '', question: '', answers: [] }),
  );
  const questions = codec.answers(
    asked.map(({ question }) => question),
    questionTokens,
  );
  const answers = codec.answers(
    asked.map(({ answers }) => answers[0] ?? ''),
    answerTokens,
  );
  return {
    ids: retrieved.ids,
    mask: retrieved.mask,
    index: Int32Array.from(samples, ({ item }) => item),
    [captionNames.ids]: captioned.ids,
    [captionNames.mask]: captioned.mask,
    [questionNames.ids]: questions.ids,
    [questionNames.mask]: questions.mask,
    [questionNames.media]: Int32Array.from(asked, (_, i) => Math.floor(i / each)),
    [answerNames.ids]: answers.ids,
    [answerNames.mask]: answers.mask,
    [answerNames.question]: Int32Array.from(asked, (_, i) => i),
    [answerNames.weight]: Float32Array.from(asked, ({ answers }) => Number(answers.length > 0)),
  };
}

function noise(seed: number, purpose: string, step: number, batch: number): Float32Array {
  const draws = stream(seed, purpose, step);
  return new Float32Array(batch * batch).map(() => draws.gumbel());
}

/** The same pictures with the complete caption of each. */
export const withFirstCaption = (set: MediaSet): MediaSet =>
  mapped(set, ({ captions }) => ({ captions: captions.slice(0, 1), questions: [] }));

/** The same pictures with the questions of each, asked once: items of a drawn world ask anew whenever they are read. */
export const withQuestions = (set: MediaSet): MediaSet => mapped(set, ({ questions }) => ({ captions: [], questions }));

const mapped = (set: MediaSet, texts: (item: Item) => Pick<Item, 'captions' | 'questions'>): MediaSet => ({
  frames: set.frames,
  items: set.items.map((item) => ({
    ...{ id: item.id, media: item.media, kind: item.kind, line: item.line },
    ...texts(item),
  })),
});
