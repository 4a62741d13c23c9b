// Question answering over a split: every question answered, and scored where its answers are known.

import type { MediaSet, Question } from '../data/items/index.js';
import { fail } from '../error/index.js';
import { type LoadedModel, whileOpen } from '../model/index.js';
import { type Answered, createAnswerer, createMediaEncoder, type Inference } from '../predict/programs/index.js';
import { percent, questionRates } from './blind.js';
import { meanIntervals, shareInterval, vqaAccuracy } from './metric/index.js';
import { encodedAtOnce, type Looking, lookedAt, writtenAtOnce } from './options.js';
import type { AnsweringScores, Standing } from './scores.js';

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
  const { inference } = options;
  const types = [...new Set(known.flatMap(({ question }) => question.type ?? []))].sort();
  const parts = [known, ...types.map((type) => known.filter(({ question }) => question.type === type))];
  const metric = known.every(({ question }) => question.answers.length === 1) ? 'exact' : 'vqa';
  const rights = parts.map((part) => part.map((prediction) => vqaAccuracy(bestAnswer(prediction), truths(prediction))));
  const [accuracy, ...ofTypes] = rights.map(percent) as [number, ...number[]];
  const names = ['accuracy', ...types.map((type) => `accuracy ${type}`)];
  const intervals = intervalsOf(parts, rights, metric);
  const candidates = inference.by === 'rank' ? inference.candidates : [];
  const rates = questionRates(
    known.map(({ question }) => question),
    { candidates, learnt: options.learnt ?? [] },
  );
  const standing = parts.map(
    (part, i): Standing => ({
      n: part.length,
      interval: intervals[i] as Standing['interval'],
      baselines: Object.fromEntries(
        rates.map(([name, rate]) => [name, percent(part.map(({ question }) => rate(question)))]),
      ),
    }),
  );
  return {
    task: 'answering',
    questions: known.length,
    inference: inference.by,
    candidates: candidates.length,
    ...lookedAt(model, options, items),
    ...{ metric, accuracy, byType: Object.fromEntries(types.map((type, i) => [type, ofTypes[i] as number])) },
    standing: Object.fromEntries(names.map((name, i) => [name, standing[i] as Standing])),
  };
}

const truths = ({ question }: Pick<Prediction, 'question'>): readonly string[] => question.answers;

/** Questions about one item stand and fall together. */
function intervalsOf(
  parts: readonly (readonly Prediction[])[],
  rights: readonly (readonly number[])[],
  metric: AnsweringScores['metric'],
): readonly Standing['interval'][] {
  const all = parts.map((part, i) => ({
    values: rights[i] as readonly number[],
    groups: part.map(({ item }) => item),
  }));
  if (metric === 'exact') return all.map(({ values, groups }) => shareInterval(values, groups));
  return meanIntervals(all).map(([low, high]) => [100 * low, 100 * high]);
}

/** What the model answers. */
export const bestAnswer = ({ answers }: Pick<Prediction, 'answers'>): string => answers[0]?.answer ?? '';
