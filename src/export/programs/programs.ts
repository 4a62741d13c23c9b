// The programs of each task, as they are compiled for use and for training, with fixed sizes.

import { imageTokens } from '../../model/blip/index.js';
import * as task from '../../model/task/index.js';
import {
  adamwOptions,
  type Build,
  type StateSizes,
  stepPrograms,
  type TrainTask,
  taskOf,
} from '../../train/loop/index.js';
import type { OpenedSource } from './source.js';

export interface ExportedProgram {
  /** Its file is called so, with `.onnx`. */
  readonly name: string;
  readonly title: string;
  readonly build: Build;
  /** Parameters that it is fed with, since it trains them. */
  readonly fed: ReadonlySet<string>;
}

export interface ExportedPrograms {
  readonly programs: readonly ExportedProgram[];
  /** What training changes. */
  readonly state: StateSizes;
}

/** All programs of a model's task, in the order in which they are used. */
export function programsOf(source: OpenedSource): ExportedPrograms {
  const training = trainingTask(source);
  const step = stepPrograms(source.trained, training, adamwOptions(source.recipe));
  const fed = new Set(step.sizes.trainable.map(({ path }) => path));
  return {
    state: step.sizes,
    programs: [
      ...usePrograms(source).map(([name, title, build]) => ({ name, title, build, fed: new Set<string>() })),
      { name: 'train-gradients', title: 'the first half of a training step', build: step.gradients, fed },
      { name: 'train-update', title: 'the second half of a training step: AdamW', build: step.update, fed },
    ],
  };
}

type UseProgram = readonly [name: string, title: string, build: Build];

function usePrograms(source: OpenedSource): readonly UseProgram[] {
  switch (source.recipe.task) {
    case 'retrieval':
      return retrievalPrograms(source);
    case 'answering':
      return answeringPrograms(source);
    case 'captioning':
      return captioningPrograms(source);
  }
}

function retrievalPrograms({ used, batch, testFrames: frames, codec }: OpenedSource): readonly UseProgram[] {
  const tokens = codec.maxTokens;
  return [
    [
      'image-encoder',
      'images → tokens and features',
      () => {
        const { tokens, feature } = task.imageEncoder(used, { batch, frames });
        return { tokens, feature };
      },
    ],
    ['text-encoder', 'texts → features', () => task.textEncoder(used, { batch, tokens })],
    [
      'matcher',
      'pairs of an image and a text → how well they match',
      () => task.matcher(used, { batch, pairs: batch, tokens, frames }),
    ],
  ];
}

function answeringPrograms(source: OpenedSource): readonly UseProgram[] {
  const { used, batch, testFrames: frames, codec, recipe, answers } = source;
  const tokens = codec.maxTokens;
  const rank = { questions: batch, tokens };
  const { rankedAnswers, smoothing } = recipe.answering;
  const scored = { ...rank, answers: batch * Math.min(rankedAnswers, answers.length), answerTokens: longest(source) };
  const smoothed = { smoothing: recipe.profile === 'official' ? smoothing : 0 };
  const ranking: readonly UseProgram[] = [
    ['first-tokens', 'question states → how an answer may begin', () => ({ ...task.firstTokens(used, rank) })],
    [
      'answer-scorer',
      'question states and answers → how improbable each answer is',
      () => ({ ...task.answerScorer(used, scored, smoothed) }),
    ],
  ];
  return [
    ['image-encoder', 'images → tokens', () => ({ ...task.tokenEncoder(used, { batch, frames }) })],
    [
      'question-encoder',
      'questions about encoded images → states',
      () => task.questionReader(used, { batch, questions: batch, tokens, frames }),
    ],
    ...(answers.length > 0 ? ranking : []),
    ...writing(source, { seenTokens: tokens, seenWidth: used.config.text.width, ...recipe.answering }),
  ];
}

function captioningPrograms(source: OpenedSource): readonly UseProgram[] {
  const { used, batch, testFrames: frames, recipe } = source;
  const seenTokens = (frames ?? 1) * imageTokens(used.config);
  return [
    ['image-encoder', 'images → tokens', () => ({ ...task.tokenEncoder(used, { batch, frames }) })],
    ...writing(source, { seenTokens, seenWidth: used.config.vision.width, ...recipe.captioning }),
  ];
}

type Writing = Pick<task.WriterSizes, 'seenTokens' | 'seenWidth' | 'beams'> & { readonly maxLength: number };

function writing({ used, batch }: OpenedSource, { maxLength, ...seen }: Writing): readonly UseProgram[] {
  const sizes = { ...seen, batch, length: Math.min(maxLength, used.config.text.positions) };
  return [
    ['decoder-memory', 'what is looked at → keys and values', () => task.writerMemory(used, sizes)],
    ['decoder-step', 'one token → how probable each next one is', () => task.writerStep(used, sizes)],
  ];
}

/** U: tokens of the longest answer that is known, or that may be written. */
const longest = ({ answers, codec, recipe }: OpenedSource): number =>
  answers.length > 0 ? codec.longest(answers) : recipe.answering.maxLength;

function trainingTask(source: OpenedSource): TrainTask<unknown> {
  const { recipe, codec, preprocess, frames, testFrames, answers, used } = source;
  const looking = { codec, preprocess, frames };
  const options = { recipe, looking, testFrames, candidates: answers, answerTokens: longest(source) };
  return taskOf(options, used.config.text.positions) as TrainTask<unknown>;
}
