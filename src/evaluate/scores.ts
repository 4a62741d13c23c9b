// What evaluation measures, by task; the same as a flat list of figures; and the numbers that decide what a figure is
// worth: how sure it is, what is scored without looking, what it was before. Every display reads them from here.

import type { Interval, Recalls } from './metric/index.js';
import type { Reranking, Stages } from './reranking.js';

/** What was looked at. */
export interface Looked {
  /** Images or clips. */
  readonly items: number;
  /** F; null for images. */
  readonly frames: number | null;
  /** Whether frames were weighed by their similarity to the text. */
  readonly frameAware: boolean;
}

/**
 * What scores without looking. `chance`: any order or answer is as likely; `majority`: the most common training answer;
 * `firstWords`, `question`: that of questions which begin alike or are the same; `single`: where no training answers are
 * known, the one answer that would have been right most often; `caption`: the most typical training caption for all.
 */
export type Baseline = 'chance' | 'majority' | 'firstWords' | 'question' | 'single' | 'caption';
export const BASELINES: readonly Baseline[] = ['chance', 'majority', 'firstWords', 'question', 'single', 'caption'];

/** What a figure is to be read against. */
export interface Standing {
  /** Queries, questions or captions that it is made of. */
  readonly n: number;
  /** 95 %: where the figure of all such items lies. */
  readonly interval: Interval;
  /** The same figure without looking. */
  readonly baselines: Readonly<Partial<Record<Baseline, number>>>;
}

interface Stood {
  /** Of every figure, by its name in {@link figuresOf}; absent in runs of version 0.1. */
  readonly standing?: Readonly<Record<string, Standing>>;
}

export interface Ways {
  readonly textToMedia: Recalls;
  readonly mediaToText: Recalls;
}

export interface RetrievalScores extends Ways, Looked, Stood {
  readonly task: 'retrieval';
  /** By similarity alone. */
  readonly firstStage: Ways;
  /** After re-ranking; null or absent where nothing was re-ranked. */
  readonly secondStage?: Ways | null;
  /** Which of the two the scores are, and why; absent in runs of version 0.1. */
  readonly reranking?: Reranking;
  readonly texts: number;
}

export interface AnsweringScores extends Looked, Stood {
  readonly task: 'answering';
  /** `vqa`: the official rule for several annotators; `exact`: right or wrong, where each question has one answer. */
  readonly metric: 'vqa' | 'exact';
  /** Percent, 0…100. */
  readonly accuracy: number;
  /** Percent of the questions of each type, where they have one. */
  readonly byType: Readonly<Record<string, number>>;
  readonly questions: number;
  readonly inference: 'rank' | 'generate';
  /** Answers that were chosen from; 0 where they were written. Absent in runs of version 0.1. */
  readonly candidates?: number;
}

export interface CaptioningScores extends Looked, Stood {
  readonly task: 'captioning';
  /** 100 times the mean consensus, as it is published: 133.3, say. */
  readonly CIDEr: number;
  /** BLEU-1 to BLEU-4 in percent. */
  readonly BLEU: readonly [number, number, number, number];
  /** Captions written by people that were compared with. */
  readonly references: number;
}

export type Scores = RetrievalScores | AnsweringScores | CaptioningScores;
export type ScoresOf<T extends Scores['task']> = Extract<Scores, { readonly task: T }>;

/** Every figure with its name, in the order to show them. */
export function figuresOf(scores: Scores): readonly (readonly [string, number])[] {
  switch (scores.task) {
    case 'retrieval':
      return figuresOfWays(scores);
    case 'answering':
      return [
        ['accuracy', scores.accuracy],
        ...Object.entries(scores.byType).map(([type, value]) => [`accuracy ${type}`, value] as const),
      ];
    case 'captioning':
      return [['CIDEr', scores.CIDEr], ...scores.BLEU.map((value, i) => [`BLEU-${i + 1}`, value] as const)];
  }
}

/** Those of one stage. */
export const figuresOfWays = (ways: Ways): readonly (readonly [string, number])[] =>
  (['textToMedia', 'mediaToText'] as const).flatMap((way) =>
    Object.entries(ways[way]).map(([name, value]) => [`${way} ${name}`, value] as const),
  );

/** The one figure by which runs are compared; larger is better. For retrieval the mean of R@1, 5 and 10 both ways, as in BLIP. */
export function headlineOf(scores: Scores): number {
  if (scores.task === 'answering') return scores.accuracy;
  return scores.task === 'captioning' ? scores.CIDEr : meanRecall(scores);
}

function meanRecall({ textToMedia, mediaToText }: Ways): number {
  const all = [textToMedia, mediaToText].flatMap((way) => [way['R@1'], way['R@5'], way['R@10']]);
  return all.reduce<number>((sum, recall) => sum + (recall as number), 0) / all.length;
}

/** Both stages as one figure each; null where there was only one. */
export function stagesOf(scores: Scores | null): Stages | null {
  if (scores?.task !== 'retrieval' || !scores.secondStage) return null;
  const { firstStage, secondStage, items } = scores;
  return { firstStage: meanRecall(firstStage), reranked: meanRecall(secondStage), items };
}

/** The few figures that a task is about. */
export const HEADLINES: Readonly<Record<Scores['task'], readonly string[]>> = {
  retrieval: ['textToMedia R@1', 'mediaToText R@1'],
  answering: ['accuracy'],
  captioning: ['CIDEr'],
};

/** A figure with all that it is to be read against. */
export interface Reading {
  readonly name: string;
  readonly value: number;
  /** Of the backbone alone; null where that was not measured. */
  readonly before: number | null;
  readonly standing: Standing | null;
}

/** All figures, in the order to show them. */
export function readingsOf(after: Scores, before: Scores | null): readonly Reading[] {
  const known = new Map(before ? figuresOf(before) : []);
  return figuresOf(after).map(([name, value]) => ({
    ...{ name, value, before: known.get(name) ?? null, standing: after.standing?.[name] ?? null },
  }));
}

/** The few that say most. */
export const headlineReadings = (after: Scores, before: Scores | null): readonly Reading[] =>
  readingsOf(after, before).filter(({ name }) => HEADLINES[after.task].includes(name));

/** Fewer make no score: a share of a hundred is known to ± 10 points at best. */
export const FEW = 100;

/** Ranks are better when they are smaller. */
export const isRank = (name: string): boolean => /rank$/i.test(name);

/** How a run has changed what it is about. */
export interface Change {
  /** As it is shown, to a tenth: what looks the same is the same. */
  readonly direction: 'rose' | 'same' | 'fell';
  /** Whether by more than chance moves figures of so few queries (95 %). */
  readonly isSure: boolean;
}

/** By the headline figures; null where one side was not measured. */
export function changeOf(after: Scores, before: Scores | null): Change | null {
  if (before === null) return null;
  const changes = headlineReadings(after, before).flatMap(({ name, value, before: from, standing }) =>
    from === null ? [] : [{ by: tenths(value) - tenths(from), doubt: doubtOf(standing, before.standing?.[name]) }],
  );
  const by = changes.reduce((sum, change) => sum + change.by, 0);
  return {
    direction: by > 0 ? 'rose' : by < 0 ? 'fell' : 'same',
    isSure: changes.some((change) => Math.sign(change.by) === Math.sign(by) && Math.abs(change.by) > 10 * change.doubt),
  };
}

const tenths = (value: number): number => Math.round(10 * value);

/** What two figures may differ by through chance alone; 0 where it is not known. */
function doubtOf(after: Standing | null, before: Standing | undefined): number {
  const half = (standing: Standing | null | undefined) =>
    standing ? (standing.interval[1] - standing.interval[0]) / 2 : 0;
  return Math.hypot(half(after), half(before));
}

/** The best that is scored without looking; null where nothing was. */
export function bestBaseline({ baselines }: Pick<Standing, 'baselines'>): readonly [Baseline, number] | null {
  const known = BASELINES.flatMap((name) => (baselines[name] === undefined ? [] : [[name, baselines[name]] as const]));
  return known.reduce<readonly [Baseline, number] | null>(
    (best, one) => (best && best[1] >= one[1] ? best : one),
    null,
  );
}

/** Whether a figure is more than what is scored without looking. */
export function standingOver({
  value,
  standing,
}: Pick<Reading, 'value' | 'standing'>): 'above' | 'perhaps' | 'not above' | null {
  const best = standing && bestBaseline(standing);
  if (!best || !standing) return null;
  if (tenths(value) <= tenths(best[1])) return 'not above';
  return standing.interval[0] > best[1] ? 'above' : 'perhaps';
}
