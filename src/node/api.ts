// The command line's verbs as functions, with its defaults: train, evaluate, search, inspect, report.

import type { Split } from '../data/index.js';
import type { Scores } from '../evaluate/index.js';
import { parseRecipe, type Recipe, type RecipeInput } from '../recipe/index.js';
import type { TrainEvent } from '../train/index.js';
import { adapterFolder, exists } from './commands/recipe.js';
import { runFolder } from './run/folder.js';
import * as run from './run/run.js';
import type { Inspection, OnProgress, Search } from './run/types.js';
import { openAdapter } from './store/adapter-folder.js';

export interface TrainOptions {
  /** The run folder: checkpoints, events and the adapter. */
  readonly out: string;
  /** Continue from the checkpoint in `out`, from the start if there is none. Default false. */
  readonly resume?: boolean;
  /** Aborting it saves a checkpoint and ends the run with `interrupted`. Default: never. */
  readonly signal?: AbortSignal;
}

/**
 * Trains an adapter; the last event is `done`, with the adapter's folder and its scores on the test split.
 *
 * @param recipe  what a recipe file would hold: only `data.manifest` has to be given
 * @throws recipe, file, data, …  before the first step wherever that is possible
 * @example
 * for await (const event of train({ data: { manifest: 'photos' } }, { out: 'runs/first' }))
 *   if (event.type === 'step') console.log(event.step, event.losses.total);
 */
export async function* train(recipe: RecipeInput, options: TrainOptions): AsyncGenerator<TrainEvent> {
  const { out, resume = false, signal = new AbortController().signal } = options;
  yield* run.trainRun(parseRecipe(recipe, 'recipe'), { out, resume, signal });
}

export interface EvaluateOptions {
  /** Folder or manifest. Default: what the adapter was trained with. */
  readonly data?: string;
  /** Default `test`. */
  readonly split?: Split;
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string;
  /** How to evaluate, such as `{ rerank: 0 }`. Default: as it was trained. */
  readonly retrieval?: Partial<Recipe['retrieval']>;
  readonly onProgress?: OnProgress;
}

/**
 * Recall of an adapter on a split.
 *
 * @param adapter  an adapter or run folder; null is the backbone alone, and then `data` has to be given
 * @throws data  when the split is empty or an image of it cannot be used
 */
export async function evaluate(adapter: string | null, options: EvaluateOptions = {}): Promise<Scores> {
  const { split = 'test', onProgress = () => {} } = options;
  const folder = adapter === null ? null : await adapterFolder(adapter);
  const trained = folder === null ? null : (await openAdapter(folder)).recipe;
  const recipe = parseRecipe(
    {
      ...trained,
      ...(options.backbone !== undefined && { backbone: options.backbone }),
      data: { ...trained?.data, ...(options.data !== undefined && { manifest: options.data }) },
      retrieval: { ...trained?.retrieval, ...options.retrieval },
    },
    'evaluate',
  );
  const { backbone, data, retrieval, train } = recipe;
  return run.evaluateRun({ adapter: folder, backbone, data, split, seed: train.seed, retrieval, onProgress });
}

export interface SearchOptions {
  /** A folder, searched with its subfolders, or a list of files. */
  readonly images: string | readonly string[];
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string;
  readonly onProgress?: OnProgress;
}

/**
 * Encodes a library of images once; then every text is a search. Close it when done.
 *
 * @param adapter  an adapter or run folder; null is the backbone alone
 * @throws file or data  when there are no images or one cannot be decoded
 * @example
 * const search = await openSearch('runs/first', { images: 'photos' });
 * for (const { rank, image } of await search.search('a red car', 5)) console.log(rank, image);
 * await search.close();
 */
export async function openSearch(
  adapter: string | null,
  { images, backbone, onProgress = () => {} }: SearchOptions,
): Promise<Search> {
  const folder = adapter === null ? null : await adapterFolder(adapter);
  return run.openSearch({ adapter: folder, images, onProgress, ...(backbone !== undefined && { backbone }) });
}

/** What is in a backbone (a folder or a shipped name), an adapter or run folder, or a .safetensors file. */
export async function inspect(path: string): Promise<Inspection> {
  const { adapter } = runFolder(path);
  return run.inspect((await exists(adapter)) ? adapter : path);
}

export interface ReportOptions {
  /** The HTML file. Default: report.html in the run folder. */
  readonly out?: string;
  /** Text searches to show, drawn from the test captions. Default 6. */
  readonly queries?: number;
  /** Test images they search, at most. Default 200. */
  readonly images?: number;
}

/** Writes what a run did as one HTML file: scores and searches before and after, curves, sizes. @returns its path */
export async function report(folder: string, options: ReportOptions = {}): Promise<string> {
  const { reportRun } = await import('./report/index.js'); // here, since drawing charts takes half a second to load
  return reportRun(folder, { queries: 6, images: 200, ...options, run, onProgress: () => {} });
}
