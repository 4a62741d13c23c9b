// Question answering over a split: every question answered, and scored where its answers are known.

import type { MediaSet, Question } from '../data/index.js';
import { fail } from '../error/index.js';
import { exactMatch, vqaScores } from '../metric/index.js';
import {
  type Answered,
  createAnswerer,
  createMediaEncoder,
  type Inference,
  type LoadedModel,
  whileOpen,
} from '../model/index.js';
import { encodedAtOnce, type Looking, lookedAt, writtenAtOnce } from './options.js';
import type { AnsweringScores } from './scores.js';

export interface AnsweringEvaluation extends Looking {
  readonly inference: Inference;
}

/** A question with what the model says. */
export interface Prediction extends Answered {
  /** Number of the item in the set. */
  readonly item: number;
  readonly question: Question;
}

export interface AnsweringResult {
  /** Null where no question of the split has a known answer. */
  readonly scores: AnsweringScores | null;
  readonly predictions: readonly Prediction[];
}

/** Questions read at once, at most. */
const QUESTIONS = 32;

/** Answers all questions of a split. @throws data  when there are none */
export async function evaluateAnswering(
  model: LoadedModel,
  set: MediaSet,
  options: AnsweringEvaluation,
): Promise<AnsweringResult> {
  const asked = set.items.flatMap(({ questions }, item) => questions.map((question) => ({ item, question })));
  if (asked.length === 0) fail('data', { where: 'split', what: 'holds no questions' });
  const answered = await answers(model, set, asked, options);
  const predictions = asked.map((one, i) => ({ ...one, ...(answered[i] as Answered) }));
  return { scores: scoresOf(predictions, model, options, set.items.length), predictions };
}

function answers(
  model: LoadedModel,
  set: MediaSet,
  asked: readonly Pick<Prediction, 'item' | 'question'>[],
  options: AnsweringEvaluation,
): Promise<readonly Answered[]> {
  const { codec, onProgress } = options;
  const items = set.items.length;
  const all = items + asked.length;
  const batch = writtenAtOnce(options, items);
  const encoding = { ...options, batch: encodedAtOnce(model, options, items), features: false };
  return whileOpen(createMediaEncoder(model, encoding), async (encoder) => {
    const { tokens } = await encoder.encode(set, (done) => onProgress?.(done, all));
    const texts = codec.questions(asked.map(({ question }) => question.question));
    const pairs = asked.map(({ item }, text) => ({ media: item, text }));
    const opening = createAnswerer(model, { ...options, batch, pairs: Math.min(QUESTIONS, asked.length) });
    return whileOpen(opening, (answerer) =>
      answerer.answer(pairs, { tokens, ...texts }, (done) => onProgress?.(items + done, all)),
    );
  });
}

function scoresOf(
  predictions: readonly Prediction[],
  model: LoadedModel,
  options: AnsweringEvaluation,
  items: number,
): AnsweringScores | null {
  const known = predictions.filter(({ question }) => question.answers.length > 0);
  if (known.length === 0) return null;
  const common = {
    task: 'answering',
    questions: known.length,
    inference: options.inference.by,
    ...lookedAt(model, options, items),
  } as const;
  if (known.every(({ question }) => question.answers.length === 1))
    return { ...common, metric: 'exact', ...exactScores(known) };
  const scored = known.map((prediction) => ({
    answer: bestAnswer(prediction),
    annotators: prediction.question.answers,
    ...(prediction.question.type !== undefined && { type: prediction.question.type }),
  }));
  return { ...common, metric: 'vqa', ...vqaScores(scored) };
}

function exactScores(predictions: readonly Prediction[]): Pick<AnsweringScores, 'accuracy' | 'byType'> {
  const accuracy = (some: readonly Prediction[]) =>
    exactMatch(
      some.map(bestAnswer),
      some.map(({ question }) => question.answers[0] as string),
    );
  const types = [...new Set(predictions.flatMap(({ question }) => question.type ?? []))].sort();
  const ofType = (type: string) => predictions.filter(({ question }) => question.type === type);
  return {
    accuracy: accuracy(predictions),
    byType: Object.fromEntries(types.map((type) => [type, accuracy(ofType(type))])),
  };
}

/** What the model answers. */
export const bestAnswer = ({ answers }: Pick<Prediction, 'answers'>): string => answers[0]?.answer ?? '';
