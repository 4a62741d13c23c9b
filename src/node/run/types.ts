// What the command line, the demo and the report ask of a run. Types only, so that they can be tested with a run that
// is not there; src/node/run/run.ts is the one that is.

import type { Split } from '../../data/index.js';
import type { Scores } from '../../evaluate/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { TrainEvent } from '../../train/index.js';

export type { Scores, TrainEvent };

export type EventOf<T extends TrainEvent['type']> = Extract<TrainEvent, { readonly type: T }>;

export type OnProgress = (done: number, all: number) => void;

export interface TrainOptions {
  readonly out: string;
  /** Continue from the checkpoint in `out`; from the start if there is none. */
  readonly resume: boolean;
  /** When aborted, a checkpoint is written, `interrupted` is the last event. */
  readonly signal: AbortSignal;
  /** While images are decoded once before the first step. */
  readonly onCheck?: OnProgress;
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
  /** Images of the library that cannot be read, and why; they are never found. */
  readonly unreadable: readonly { readonly image: string; readonly problem: string }[];
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
