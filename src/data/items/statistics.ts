// What a dataset is made of, in numbers.
import type { Item, Split } from './item.js';

export interface Summary {
  readonly min: number;
  readonly median: number;
  readonly mean: number;
  readonly max: number;
}

/** Null of nothing. */
export function summaryOf(values: readonly number[]): Summary | null {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  if (sorted.length === 0) return null;
  const mean = sorted.reduce((a, b) => a + b, 0) / sorted.length;
  return {
    min: at(0),
    median: (at(0.5) + (sorted[Math.ceil((sorted.length - 1) / 2)] as number)) / 2,
    mean,
    max: at(1),
  };
}

const BINS = 24;

/** How many values lie in each of up to 24 equal parts of their range; few whole numbers have a part each. */
export function histogramOf(values: readonly number[]): readonly number[] {
  const summary = summaryOf(values);
  if (!summary) return [];
  const width = Math.max(1, (summary.max - summary.min + 1) / BINS);
  const counts = new Array<number>(Math.min(BINS, Math.ceil((summary.max - summary.min + 1) / width))).fill(0);
  for (const value of values) {
    const bin = Math.min(counts.length - 1, Math.floor((value - summary.min) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

export interface SplitCounts {
  readonly items: number;
  readonly captions: number;
  readonly questions: number;
  /** Questions by type; those without one are not in it. */
  readonly byType: Readonly<Record<string, number>>;
}

export function countsOf(items: readonly Item[]): SplitCounts {
  const questions = items.flatMap((item) => item.questions);
  const types = counted(questions.flatMap(({ type }) => type ?? []));
  return {
    items: items.length,
    captions: items.reduce((sum, { captions }) => sum + captions.length, 0),
    questions: questions.length,
    byType: Object.fromEntries([...types].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The words of every caption, as many as there are between white space. */
export const wordCounts = (items: readonly Item[]): readonly number[] =>
  items.flatMap(({ captions }) => captions.map((caption) => caption.trim().split(/\s+/).length));

export interface Coverage {
  /** Questions whose answers are known. */
  readonly questions: number;
  /** Those of them whose most common answer can be chosen. */
  readonly covered: number;
  /** The others' answers, at most 20, the most frequent first, with how many questions each. */
  readonly uncovered: readonly (readonly [answer: string, questions: number])[];
}

const UNCOVERED = 20;

/** How many questions can be answered rightly by choosing from a list. */
export function coverageOf(items: readonly Item[], list: Iterable<string>): Coverage {
  const known = new Set(list);
  const answers = items.flatMap(({ questions }) => questions.flatMap((question) => mostCommon(question.answers) ?? []));
  const others = answers.filter((answer) => !known.has(answer));
  return {
    questions: answers.length,
    covered: answers.length - others.length,
    uncovered: byCount(others).slice(0, UNCOVERED),
  };
}

/** The first of the most frequent ones. */
const mostCommon = (values: readonly string[]): string | undefined => byCount(values)[0]?.[0];

const byCount = (values: readonly string[]): (readonly [string, number])[] =>
  [...counted(values)].sort(([, a], [, b]) => b - a);

function counted(values: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** An item and the split it is in. */
export interface Place {
  readonly split: Split;
  readonly item: Item;
}

/** Places that have the same key, together; those without a key or alone are in no group. */
export function sameBy<P extends Place>(places: readonly P[], key: (place: P) => string | undefined): readonly P[][] {
  const groups = new Map<string, P[]>();
  for (const place of places) {
    const name = key(place);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(place);
    else groups.set(name, [place]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Whether a group is in more than one split. */
export const isLeak = (group: readonly Place[]): boolean => new Set(group.map(({ split }) => split)).size > 1;
