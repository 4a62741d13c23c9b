// What the command line, the demo and the report ask of a run. Types only, so that they can be tested with a run that
// is not there; src/verbs/run.ts is the one that is.

import type { Scores } from '../evaluate/index.js';
import type { Evaluated, EvaluateOptions } from '../evaluate/run.js';
import type { Exported, ExportOptions } from '../export/programs/options.js';
import type { Asking, AskOptions } from '../predict/ask.js';
import type { Captioned, CaptionOptions } from '../predict/caption.js';
import type { RankedAnswer } from '../predict/programs/index.js';
import type { OnProgress } from '../predict/programs/progress.js';
import type { Recipe } from '../recipe/index.js';
import type { IndexEvent } from '../search/events.js';
import type { Search, SearchOptions } from '../search/folder-search.js';
import type { IndexFolderOptions } from '../search/index-folder.js';
import type { IndexedSearch, IndexedSearchOptions } from '../search/indexed-search.js';
import type { TrainEvent } from '../train/loop/index.js';
import type { TrainOptions } from '../train/run/options.js';
import type { Pulled, PullProgress } from '../weights/pull.js';
import type { Pushed, PushOptions } from '../weights/push.js';
import type { Inspection } from './inspect.js';

export type { OnProgress, RankedAnswer, Scores, TrainEvent };

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
