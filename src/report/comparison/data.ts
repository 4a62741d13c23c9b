// All that a comparison of runs shows. As in a report of one, charts and pictures are text already.

import type { Scores } from '../../evaluate/index.js';
import { scoredText } from '../../evaluate/index.js';
import type { TaskName } from '../../model/index.js';
import type { Chart } from '../page/picture.js';
import type { Examples } from '../run/data.js';
import type { RunRecord } from '../run/record.js';

/** A run with the signs by which it is told apart everywhere on the page. */
export interface ComparedRun extends RunRecord {
  /** From 0, in the order in which the runs were given; decides its colour. */
  readonly index: number;
  /** A, B, C, … */
  readonly letter: string;
  /** Of its folder; a longer part of the path where others are called the same. */
  readonly name: string;
}

/** A key of the recipe that is not the same in all runs. */
export interface Difference {
  readonly key: string;
  readonly meaning: string;
  /** By run; null where the recipe has no such key. */
  readonly values: readonly (string | null)[];
}

/** The backbone alone, measured as some of the runs were. */
export interface Baseline {
  readonly name: string;
  readonly scores: Scores;
}

/** A side of the examples: a run, or the backbone alone under its name. */
export type SideName = ComparedRun | string;

/** Runs with the same task and the same test items: what may be compared. */
export interface Group {
  readonly task: TaskName;
  /** What they were tested on, in words. */
  readonly title: string;
  /** Why it cannot be compared with the first group; null for that. */
  readonly apart: string | null;
  readonly runs: readonly ComparedRun[];
  readonly baselines: readonly Baseline[];
  /** What to beware of, as sentences. */
  readonly notes: readonly string[];
  readonly lossChart: Chart | null;
  readonly scoreChart: Chart | null;
  readonly examples: { readonly shown: Examples; readonly sides: readonly SideName[] } | null;
}

export interface ComparisonData {
  readonly runs: readonly ComparedRun[];
  readonly differences: readonly Difference[];
  /** Keys of the recipes that are the same in all runs. */
  readonly sameKeys: number;
  readonly groups: readonly Group[];
}

/** On the test split; null where nothing was measured yet. */
export const scoresOf = ({ done }: ComparedRun): Scores | null => done?.scores ?? null;

/** What was looked at and how it was scored, in words: only scores of one way are compared. Weighing frames is a run's own choice. */
export const wayOf = (scores: Scores): string => scoredText({ ...scores, frameAware: false });

/** All ways in which some runs were measured. */
export const waysOf = (runs: readonly ComparedRun[]): ReadonlySet<string> =>
  new Set(runs.flatMap((run) => scoresOf(run) ?? []).map(wayOf));
