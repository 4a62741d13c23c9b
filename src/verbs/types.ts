// What the command line, the demo and the report ask of a run. Types only, so that they can be tested with a run that
// is not there; src/verbs/run.ts is the one that is.

import type { LeftOut, Split } from '../data/items/index.js';
import type { UniAdapterError } from '../error/index.js';
import type { OnProgress, Reranking, Scores } from '../evaluate/index.js';
import type { RankedAnswer } from '../predict/programs/index.js';
import type { Recipe } from '../recipe/index.js';
import type { IndexEvent } from '../search/events.js';
import type { TrainEvent } from '../train/loop/index.js';

export type { OnProgress, RankedAnswer, Scores, TrainEvent };

export type EventOf<T extends TrainEvent['type']> = Extract<TrainEvent, { readonly type: T }>;

export interface TrainOptions {
  readonly out: string;
  /** Continue from the checkpoint in `out`; from the start if there is none. */
  readonly resume: boolean;
  /** Train no further: write the best so far as the adapter. Default false. */
  readonly finish?: boolean;
  /** When aborted, a checkpoint is written, `interrupted` is the last event. */
  readonly signal: AbortSignal;
  /** While files are decoded once before the first step. */
  readonly onCheck?: OnProgress;
}

export interface EvaluateOptions {
  /** An adapter folder; null evaluates the backbone alone. */
  readonly adapter: string | null;
  /** Task, backbone, data and how to evaluate. */
  readonly recipe: Recipe;
  readonly split: Split;
  readonly onProgress: OnProgress;
}

export interface Evaluated {
  /** Null where nothing could be scored, since only a server knows the answers. */
  readonly scores: Scores | null;
  /**
   * What was answered or written, in the form that evaluation servers take: `question_id` and `answer` as VQA v2's, or
   * `image_id` and `caption` as COCO's. Null for retrieval.
   */
  readonly results: readonly Readonly<Record<string, string | number>>[] | null;
}

/** Which model, for everything that is done with one. */
export interface ModelOptions {
  /** An adapter folder; null is the backbone alone. */
  readonly adapter: string | null;
  /** Where there is no adapter that names one. */
  readonly backbone?: string;
  /** F of a clip; default as it was trained, or 8. */
  readonly frames?: number;
}

export interface SearchOptions extends ModelOptions {
  /** A folder, searched with its subfolders, or a list of files. */
  readonly media: string | readonly string[];
  /** Folder that keeps features, so that files are encoded once. Default: none. */
  readonly cache?: string;
  /** How many of the nearest are scored again; 0 = none. Default: as the model's validation showed. */
  readonly rerank?: number;
  readonly onProgress: OnProgress;
}

export interface Hit {
  /** Of the image or clip. */
  readonly path: string;
  readonly similarity: number;
  readonly match: number;
  /** From 1. */
  readonly rank: number;
  /** Its rank by similarity alone. */
  readonly firstStageRank: number;
  /** How much each frame of a clip was looked at, 1 on average; only where frames are weighed. */
  readonly frameWeights?: readonly number[];
}

export interface Search {
  /** Whether the nearest are scored again, and why. */
  readonly reranking: Reranking;
  /** Files of the library that cannot be read, and why; they are never found. */
  readonly unreadable: readonly { readonly path: string; readonly problem: string }[];
  /** What of the folder is not searched. */
  readonly leftOut: readonly LeftOut[];
  readonly search: (text: string, k: number) => Promise<readonly Hit[]>;
  readonly close: () => Promise<void>;
}

export interface IndexFolderOptions {
  readonly folder: string;
  /** An adapter folder that was trained for retrieval; null is the backbone alone. */
  readonly adapter: string | null;
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string | undefined;
  /** Address of the store. Default: a folder in the user's cache, one for each library. */
  readonly store?: string | undefined;
  /** Default: the folder's name. */
  readonly name?: string | undefined;
  /** Only tells what would be done. Default false. */
  readonly check?: boolean | undefined;
  /** Tries unreadable files again. Default false. */
  readonly retry?: boolean | undefined;
  readonly signal: AbortSignal;
}

export interface IndexedSearchOptions {
  readonly folder: string;
  /** As {@link IndexFolderOptions} of the index. */
  readonly adapter: string | null;
  readonly backbone?: string | undefined;
  readonly store?: string | undefined;
  readonly name?: string | undefined;
  /** As of {@link SearchOptions}. */
  readonly rerank?: number;
}

export interface IndexedHit extends Omit<Hit, 'match'> {
  /** Null where the matching head did not look. */
  readonly match: number | null;
}

export interface IndexedSearch {
  readonly reranking: Reranking;
  search(text: string, k: number): Promise<readonly IndexedHit[]>;
  close(): Promise<void>;
}

export interface AskOptions extends ModelOptions {
  /** What the backbone alone chooses from, such as an adapter's answers to compare with. Default: what it has learnt. */
  readonly answers?: readonly string[];
  /** Some of what will be asked about: images, clips or folders of frames, which decide how many frames are looked at. */
  readonly media: readonly string[];
  /** Answers of each question, at most. */
  readonly k: number;
}

export interface Asking {
  /** @throws file or data  when the file cannot be decoded */
  readonly ask: (path: string, questions: readonly string[]) => Promise<readonly AnsweredQuestion[]>;
  readonly close: () => Promise<void>;
}

export interface AnsweredQuestion {
  readonly question: string;
  /** The most probable first. */
  readonly answers: readonly RankedAnswer[];
  /** As in {@link Hit}. */
  readonly frameWeights?: readonly number[];
}

/** Told of a file that cannot be read. */
export type OnUnreadable = (path: string, error: UniAdapterError) => void;

export interface CaptionOptions extends ModelOptions {
  readonly media: readonly string[];
  readonly onProgress: OnProgress;
  /** With it, what can be read is described and the other files are told; without it the first of them is an error. */
  readonly onUnreadable?: OnUnreadable;
}

export interface Captioned {
  readonly path: string;
  readonly caption: string;
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

interface PulledPath {
  /** What to write after `backbone:` or where an adapter folder is asked for. */
  readonly name: string;
  /** The folder or file that is used. */
  readonly path: string;
  /** Whether the network could not be reached and what was there is used. */
  readonly offline: boolean;
}

export interface PulledBackbone extends PulledPath {
  readonly kind: 'backbone';
}

export interface PulledAdapter extends PulledPath {
  readonly kind: 'adapter';
  /** What it adapts, and whether that is on this machine. */
  readonly backbone: { readonly name: string; readonly isPresent: boolean };
}

export type Pulled = PulledBackbone | PulledAdapter;

export interface PushOptions {
  /** Of a repository that is created. */
  readonly isPrivate: boolean;
}

export interface Pushed {
  /** `owner/name` */
  readonly repo: string;
  /** For people. */
  readonly url: string;
  readonly commit: string;
}

/** Bytes of a file that are there, and of all of it; or of what is converted. */
export type PullProgress = (what: string, done: number, all: number) => void;

export interface ExportOptions {
  /** An adapter folder; null is the backbone alone, with a step that trains a new adapter for it. */
  readonly adapter: string | null;
  /** Task, backbone, and sizes of the training step. */
  readonly recipe: Recipe;
  /** Items that the programs of use take at once. */
  readonly batch: number;
}

export interface Exported {
  readonly folder: string;
  /** Names of what was written. */
  readonly files: readonly string[];
  /** Of the file that all programs share. */
  readonly weightsBytes: number;
}

export interface Run {
  readonly indexFolder: (options: IndexFolderOptions) => AsyncIterable<IndexEvent>;
  readonly openIndexedSearch: (options: IndexedSearchOptions) => Promise<IndexedSearch>;
  /** An adapter folder → a repository. */
  readonly push: (adapter: string, repo: string, options: PushOptions) => Promise<Pushed>;
  readonly pull: (source: string, onProgress: PullProgress) => Promise<Pulled>;
  readonly trainRun: (recipe: Recipe, options: TrainOptions) => AsyncIterable<TrainEvent>;
  readonly evaluateRun: (options: EvaluateOptions) => Promise<Evaluated>;
  readonly openSearch: (options: SearchOptions) => Promise<Search>;
  readonly openAsking: (options: AskOptions) => Promise<Asking>;
  readonly caption: (options: CaptionOptions) => Promise<readonly Captioned[]>;
  /** An adapter folder → a checkpoint of the release. */
  readonly exportRelease: (adapter: string, file: string, backbone?: string) => Promise<void>;
  /** A release's checkpoint → an adapter folder. */
  readonly importRelease: (file: string, folder: string) => Promise<void>;
  /** Programs of use and of training → a folder of ONNX files. */
  readonly exportPrograms: (from: ExportOptions, folder: string) => Promise<Exported>;
  readonly inspect: (path: string) => Promise<Inspection>;
}
