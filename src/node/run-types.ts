// What the command line, the demo and the report ask of a run. Types only, so that they can be tested with a run that
// is not there; src/node/run.ts is the one that is.

import type { Recipe } from '../recipe/index.js';

/** Percent of queries, and ranks that count from 1. */
export interface Recalls {
  readonly 'R@1': number;
  readonly 'R@5': number;
  readonly 'R@10': number;
  readonly medianRank: number;
  readonly meanRank: number;
}

export interface BothWays {
  readonly textToImage: Recalls;
  readonly imageToText: Recalls;
}

export interface Scores extends BothWays {
  /** Before the best candidates are scored again by matching. */
  readonly firstStage: BothWays;
  readonly images: number;
  readonly texts: number;
  /** Whether frames were weighed by their similarity to the text; only where there are clips. */
  readonly frameAware?: boolean;
}

export type Split = 'train' | 'val' | 'test';

export interface SplitCounts {
  readonly train: number;
  readonly val: number;
  readonly test: number;
}

/** What happens in a run, in order; events.jsonl holds one of these a line. Times are in seconds. */
export type TrainEvent =
  | {
      readonly type: 'plan';
      /** The run folder. */
      readonly run: string;
      readonly method: string;
      readonly parameters: { readonly trainable: number; readonly all: number };
      readonly samples: SplitCounts;
      readonly epochs: number;
      readonly steps: number;
      readonly batch: number;
      /** The checkpoint's step, 0 in a new run. */
      readonly resumedAt: number;
    }
  | {
      readonly type: 'step';
      /** From 1. */
      readonly step: number;
      readonly steps: number;
      /** From 0. */
      readonly epoch: number;
      readonly losses: Readonly<Record<string, number>>;
      readonly learningRate: number;
      /** Since the start or resumption. */
      readonly seconds: number;
      readonly secondsLeft: number;
    }
  | {
      readonly type: 'evaluation';
      /** Epochs done: 0 is the backbone before the first step. */
      readonly epoch: number;
      readonly split: 'val' | 'test';
      readonly scores: Scores;
      readonly seconds: number;
    }
  | { readonly type: 'skipped'; readonly image: string; readonly problem: string }
  | { readonly type: 'checkpoint'; readonly step: number; readonly path: string }
  | { readonly type: 'interrupted'; readonly step: number; readonly path: string }
  | {
      readonly type: 'done';
      /** The adapter folder. */
      readonly adapter: string;
      readonly adapterBytes: number;
      readonly backboneBytes: number;
      readonly seconds: number;
      /** On the test split. */
      readonly scores: Scores;
    };

export type EventOf<T extends TrainEvent['type']> = Extract<TrainEvent, { readonly type: T }>;

export type OnProgress = (done: number, all: number) => void;

export interface TrainOptions {
  readonly out: string;
  /** Continue from the checkpoint in `out`; from the start if there is none. */
  readonly resume: boolean;
  /** When aborted, a checkpoint is written, `interrupted` is the last event. */
  readonly signal: AbortSignal;
}

export interface EvaluateOptions {
  /** An adapter folder; null evaluates the backbone alone. */
  readonly adapter: string | null;
  readonly backbone: string;
  readonly data: Recipe['data'];
  readonly split: Split;
  /** Of the run: splits are drawn with it where the manifest has none. */
  readonly seed: number;
  readonly retrieval: Recipe['retrieval'];
  readonly onProgress: OnProgress;
}

export interface SearchOptions {
  readonly adapter: string | null;
  /** Where there is no adapter that names one. */
  readonly backbone?: string;
  /** A folder, searched with its subfolders, or a list of files. */
  readonly images: string | readonly string[];
  readonly onProgress: OnProgress;
}

export interface Hit {
  readonly image: string;
  readonly similarity: number;
  readonly match: number;
  /** From 1. */
  readonly rank: number;
  /** Its rank by similarity alone. */
  readonly firstStageRank: number;
}

export interface Search {
  readonly search: (text: string, k: number) => Promise<readonly Hit[]>;
  readonly close: () => Promise<void>;
}

export interface Inspection {
  readonly kind: 'backbone' | 'adapter' | 'safetensors';
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** What else is worth a line, such as method, sizes and scores: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly groups: readonly {
    readonly module: string;
    readonly role: string;
    readonly tensors: number;
    readonly parameters: number;
    readonly bytes: number;
  }[];
  readonly total: { readonly tensors: number; readonly parameters: number; readonly bytes: number };
}

export interface Run {
  readonly trainRun: (recipe: Recipe, options: TrainOptions) => AsyncIterable<TrainEvent>;
  readonly evaluateRun: (options: EvaluateOptions) => Promise<Scores>;
  readonly openSearch: (options: SearchOptions) => Promise<Search>;
  readonly inspect: (path: string) => Promise<Inspection>;
}
