// What is scored without looking, told before anything is trained: a model that scores no more has learnt nothing.

import type { Item, Question } from '../data/items/index.js';
import {
  captionMetrics,
  chanceRecalls,
  type Guess,
  guessFrom,
  questionOnly,
  typicalCaption,
  vqaAccuracy,
} from './metric/index.js';
import type { Baseline, Scores, Standing } from './scores.js';

/** A headline figure of a split, without looking. */
export interface BlindFigure extends Pick<Standing, 'n' | 'baselines'> {
  /** By its name in `figuresOf`. */
  readonly name: string;
}

export interface BlindOptions {
  readonly task: Scores['task'];
  /** Training items. */
  readonly learnt: readonly Item[];
  /** Answers to choose from; empty where they are written. */
  readonly candidates: readonly string[];
}

/** @param items  of a split; those without what the task needs count for nothing. @returns none where nothing can be scored */
export function blindFigures(items: readonly Item[], options: BlindOptions): readonly BlindFigure[] {
  switch (options.task) {
    case 'retrieval':
      return blindRecalls(items);
    case 'answering':
      return blindAnswers(items, options);
    case 'captioning':
      return blindCaptions(items, options);
  }
}

function blindRecalls(all: readonly Item[]): BlindFigure[] {
  const items = all.filter(({ captions }) => captions.length > 0);
  if (items.length === 0) return [];
  const captions = items.flatMap((item) => item.captions);
  const ways = {
    textToMedia: chanceRecalls(
      captions.map(() => 1),
      items.length,
    ),
    mediaToText: chanceRecalls(
      items.map((item) => item.captions.length),
      captions.length,
    ),
  };
  return Object.entries(ways).map(([way, chance]) => ({
    name: `${way} R@1`,
    n: way === 'textToMedia' ? captions.length : items.length,
    baselines: { chance: chance['R@1'] as number },
  }));
}

function blindAnswers(items: readonly Item[], options: Omit<BlindOptions, 'task'>): BlindFigure[] {
  const known = items.flatMap(({ questions }) => questions).filter(({ answers }) => answers.length > 0);
  if (known.length === 0) return [];
  const rates = questionRates(known, options).map(([name, rate]) => [name, percent(known.map(rate))]);
  return [{ name: 'accuracy', n: known.length, baselines: Object.fromEntries(rates) }];
}

function blindCaptions(all: readonly Item[], { learnt }: BlindOptions): BlindFigure[] {
  const references = all.flatMap(({ captions }) => (captions.length > 0 ? [captions] : []));
  if (references.length === 0) return [];
  const blind = blindCaption(references, learnt);
  return [{ name: 'CIDEr', n: references.length, baselines: blind ? { caption: blind.CIDEr } : {} }];
}

/** The most typical training caption for every item; null where none is known. */
export function blindCaption(references: readonly (readonly string[])[], learnt: readonly Item[]) {
  const texts = learnt.flatMap(({ captions }) => captions);
  if (texts.length === 0) return null;
  const typical = typicalCaption(texts);
  return captionMetrics(
    references.map(() => typical),
    references,
  );
}

type Rate = (question: Question) => number;

/** How right, 0…1, what is said to a question without looking is. @param known  questions with answers, at least one */
export function questionRates(
  known: readonly Question[],
  { learnt, candidates }: Omit<BlindOptions, 'task'>,
): readonly (readonly [Baseline, Rate])[] {
  const chance = candidates.length > 0 ? guessFrom(candidates) : null;
  const questions = learnt.flatMap((item) => item.questions).filter(({ answers }) => answers.length > 0);
  const guesses = Object.entries(questions.length > 0 ? questionOnly(questions) : { single: bestSingle(known) });
  const rated = (guesses as [Baseline, Guess][]).map(([name, guess]): [Baseline, Rate] => [
    name,
    ({ question, answers }) => vqaAccuracy(guess(question), answers),
  ]);
  return [...(chance ? [['chance', ({ answers }: Question) => chance(answers)] as const] : []), ...rated];
}

/** Answers that may be the best single one: the most frequent ones. */
const SINGLES = 20;

/** The one answer that would be right most often. */
function bestSingle(known: readonly Question[]): Guess {
  const counts = new Map<string, number>();
  for (const answer of known.flatMap(({ answers }) => answers)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const frequent = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, SINGLES);
  const rated = frequent.map(([answer]) => percent(known.map(({ answers }) => vqaAccuracy(answer, answers))));
  const best = frequent[rated.indexOf(Math.max(...rated))]?.[0] as string;
  return () => best;
}

/** The mean of shares, in percent. */
export const percent = (rights: readonly number[]): number => (100 * rights.reduce((a, b) => a + b, 0)) / rights.length;
