// All that a report shows. Images are data URIs and charts SVG text already, so the page is a pure function of this.

import type { Scores } from '../../evaluate/index.js';
import type { RankedAnswer } from '../../predict/programs/index.js';
import type { EventOf } from '../../train/loop/index.js';
import type { Chart, Picture } from '../page/picture.js';

export interface Tile extends Picture {
  /** Whether this is what was looked for. */
  readonly isRight: boolean;
}

export interface Ranking {
  /** The first few. */
  readonly tiles: readonly Tile[];
  /** Of the best right item, from 1; null if it is not among those ranked. */
  readonly rank: number | null;
  /** How many items were ranked. */
  readonly ranked: number;
}

/** One text search. */
export interface Query {
  readonly text: string;
  /** What each side found. */
  readonly found: readonly Ranking[];
}

/** One question. */
export interface Asked {
  readonly picture: Picture;
  readonly question: string;
  /** What people answered. */
  readonly truths: readonly string[];
  /** Of each side, the most probable first. */
  readonly answers: readonly (readonly RankedAnswer[])[];
}

/** One picture, described. */
export interface Described {
  readonly picture: Picture;
  /** Of each side. */
  readonly captions: readonly string[];
  /** What people wrote. */
  readonly people: readonly string[];
}

/** What models do with a few items of the test split, by task. Every side does the same: before and after, or every run. */
export type Examples =
  /** `gallery`: what the queries were searched in, in words: `200 images of the test split`. */
  | { readonly task: 'retrieval'; readonly queries: readonly Query[]; readonly gallery: string }
  | { readonly task: 'answering'; readonly asked: readonly Asked[] }
  | { readonly task: 'captioning'; readonly described: readonly Described[] };

type Plan = EventOf<'plan'>;

export interface ReportData {
  readonly title: string;
  readonly plan: Pick<
    Plan,
    'task' | 'method' | 'parameters' | 'items' | 'samples' | 'frames' | 'epochs' | 'steps' | 'batch'
  >;
  /** Null while the run is not finished. */
  readonly done: Pick<EventOf<'done'>, 'adapter' | 'adapterBytes' | 'backboneBytes' | 'seconds'> | null;
  readonly backbone: string;
  /** On the test split; null where it was not measured. */
  readonly before: Scores | null;
  readonly after: Scores | null;
  /** What training said of itself: a loss that does not fall, an end before its time. */
  readonly notices?: readonly string[];
  /** On the validation split, in order. */
  readonly validations: readonly Validation[];
  readonly lossChart: Chart | null;
  readonly scoreChart: Chart | null;
  readonly examples: Examples | null;
  /** YAML. */
  readonly recipe: string;
  /** A shell command for each way to use the adapter. */
  readonly commands: readonly { readonly purpose: string; readonly command: string }[];
}

export interface Validation {
  readonly epoch: number;
  readonly scores: Scores;
}
