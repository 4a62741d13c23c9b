// The command line's verbs as functions, with its defaults: train, evaluate, search, index, ask, caption, inspect,
// report, export, push, pull.

import type { Split } from '../data/items/index.js';
import type { Evaluated } from '../evaluate/run.js';
import type { Exported } from '../export/programs/options.js';
import type { AnsweredQuestion } from '../predict/ask.js';
import type { Captioned } from '../predict/caption.js';
import type { OnUnreadable } from '../predict/programs/options.js';
import type { OnProgress } from '../predict/programs/progress.js';
import { parseRecipe, type Recipe, type RecipeInput } from '../recipe/index.js';
import type { IndexEvent } from '../search/events.js';
import type { Search } from '../search/folder-search.js';
import type { TrainEvent } from '../train/loop/index.js';
import type { Pulled, PullProgress } from '../weights/pull.js';
import type { Pushed } from '../weights/push.js';
import { openAdapter } from '../weights/store/adapter-folder.js';
import { adapterFolder, findAdapter } from '../weights/store/adapter-name.js';
import type { Inspection } from './inspect.js';
import * as run from './run.js';

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
 * @param recipe  what a recipe file would hold: only `data.path` has to be given
 * @throws recipe, file, data, …  before the first step wherever that is possible
 * @example
 * for await (const event of train({ data: { path: 'photos' } }, { out: 'runs/first' }))
 *   if (event.type === 'step') console.log(event.step, event.losses.total);
 */
export async function* train(recipe: RecipeInput, options: TrainOptions): AsyncGenerator<TrainEvent> {
  const { out, resume = false, signal = new AbortController().signal } = options;
  yield* run.trainRun(await run.recipeForData(recipe, 'recipe'), { out, resume, signal });
}

export interface EvaluateOptions {
  /** Folder or manifest. Default: what the adapter was trained with. */
  readonly data?: string;
  /** Default `test`. */
  readonly split?: Split;
  /** Default: the adapter's; `retrieval` for the backbone alone. */
  readonly task?: Recipe['task'];
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string;
  /** Sections that say how to evaluate, such as `{ rerank: 0 }`. Default: as it was trained. */
  readonly retrieval?: Partial<Recipe['retrieval']>;
  readonly answering?: Partial<Recipe['answering']>;
  readonly captioning?: Partial<Recipe['captioning']>;
  readonly onProgress?: OnProgress;
}

/**
 * Scores an adapter on a split: recall, accuracy or how close captions are.
 *
 * @param adapter  an adapter or run folder; null is the backbone alone, and then `data` has to be given
 * @throws data  when the split is empty or a file of it cannot be used
 */
export async function evaluate(adapter: string | null, options: EvaluateOptions = {}): Promise<Evaluated> {
  const { split = 'test', onProgress = () => {}, task, backbone, data } = options;
  const folder = adapter === null ? null : await adapterFolder(adapter);
  const trained = folder === null ? null : (await openAdapter(folder)).recipe;
  const recipe = parseRecipe(
    {
      ...trained,
      ...(task !== undefined && { task }),
      ...(backbone !== undefined && { backbone }),
      data: { ...trained?.data, ...(data !== undefined && { path: data }) },
      retrieval: { ...trained?.retrieval, ...options.retrieval },
      answering: { ...trained?.answering, ...options.answering },
      captioning: { ...trained?.captioning, ...options.captioning },
    },
    'evaluate',
  );
  return run.evaluateRun({ adapter: folder, recipe, split, onProgress });
}

export interface ModelOptions {
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string;
  /** Frames that are looked at of a clip. Default: as it was trained, or 8. */
  readonly frames?: number;
  readonly onProgress?: OnProgress;
}

export interface SearchOptions extends ModelOptions {
  /** A folder, searched with its subfolders, or a list of files: images and clips. */
  readonly media: string | readonly string[];
  /** Folder that keeps features, so that files are encoded once, by any program. Default: none. */
  readonly cache?: string;
}

/**
 * Encodes a library of images and clips once; then every text is a search. Close it when done.
 *
 * @param adapter  an adapter or run folder; null is the backbone alone
 * @throws file or data  when there is nothing to search, or nothing that can be decoded; data when a text is blank
 * @example
 * const search = await openSearch('runs/first', { media: 'photos' });
 * for (const { rank, path } of await search.search('a red car', 5)) console.log(rank, path);
 * await search.close();
 */
export async function openSearch(adapter: string | null, { media, cache, ...options }: SearchOptions): Promise<Search> {
  return run.openSearch({ media, ...(cache !== undefined && { cache }), ...(await modelOptions(adapter, options)) });
}

export interface IndexOptions {
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string;
  /** A folder; `s3://…`, `gs://…`, `az://…`; or `postgres://…`. Default: a folder in the user's cache, one a library. */
  readonly store?: string;
  /** What the library is called there. Default: the folder's name. */
  readonly name?: string;
  /** Aborting it keeps what is embedded and ends with `interrupted`; the same again goes on. Default: never. */
  readonly signal?: AbortSignal;
}

/**
 * Embeds the images and clips of a folder that are new or changed, and the captions that came with them; the last event
 * is `done`, with what changed.
 *
 * @param adapter  an adapter or run folder that was trained for retrieval; null is the backbone alone
 * @throws file or data  when the folder cannot be read or holds nothing to search
 * @example
 * for await (const event of indexFolder(null, 'photos'))
 *   if (event.type === 'progress') console.log(event.done, event.all);
 */
export async function* indexFolder(
  adapter: string | null,
  folder: string,
  { signal = new AbortController().signal, ...options }: IndexOptions = {},
): AsyncGenerator<IndexEvent> {
  const choice = adapter === null ? null : await adapterFolder(adapter);
  yield* run.indexFolder({ folder, adapter: choice, signal, ...options });
}

export interface AskOptions extends ModelOptions {
  /** Answers of each question, at most. Default 5. */
  readonly k?: number;
}

/**
 * Answers questions about an image, a clip or a folder of frames.
 *
 * @param adapter  an adapter or run folder that was trained for answering; null is the backbone alone
 * @throws file or data  when the file cannot be decoded; data when a question is blank
 * @example
 * const [first] = await ask('runs/answers', 'clip.mp4', ['what does the dog do']);
 * console.log(first?.answers[0]?.answer);
 */
export async function ask(
  adapter: string | null,
  media: string,
  questions: readonly string[],
  { k = 5, ...options }: AskOptions = {},
): Promise<readonly AnsweredQuestion[]> {
  const asking = await run.openAsking({ media: [media], k, ...(await modelOptions(adapter, options)) });
  try {
    return await asking.ask(media, questions);
  } finally {
    await asking.close();
  }
}

export interface CaptionOptions extends ModelOptions {
  /**
   * Told of each file that cannot be read, while the others are described. Default: the first of them is an error, and
   * nothing is described.
   */
  readonly onUnreadable?: OnUnreadable;
}

/**
 * Describes images, clips or folders of frames.
 *
 * @param adapter  an adapter or run folder that was trained for captioning; null is the backbone alone
 * @throws file or data  when a file cannot be decoded, without `onUnreadable`
 */
export async function caption(
  adapter: string | null,
  media: readonly string[],
  options: CaptionOptions = {},
): Promise<readonly Captioned[]> {
  return run.caption({ media, ...(await modelOptions(adapter, options)) });
}

async function modelOptions(adapter: string | null, { onProgress = () => {}, ...options }: ModelOptions) {
  return { adapter: adapter === null ? null : await adapterFolder(adapter), onProgress, ...options };
}

export interface ExportOptions {
  /** Of a backbone alone. Default `retrieval`. */
  readonly task?: Recipe['task'];
  /** Items that the programs of use take at once. Default 1. */
  readonly batch?: number;
  /** Items of a training step. Default: the recipe's. */
  readonly trainBatch?: number;
}

/**
 * Writes a model and its training step as ONNX files.
 *
 * @param model  an adapter or run folder, or a backbone, which gets a step that trains a new adapter
 * @param folder  new, or an older export of the same
 */
export async function exportModel(model: string, folder: string, options: ExportOptions = {}): Promise<Exported> {
  const { task = 'retrieval', batch = 1, trainBatch } = options;
  const adapter = await findAdapter(model);
  const given = adapter ? (await openAdapter(adapter)).recipe : { task, backbone: model, data: { path: '.' } };
  const train = { ...('train' in given && given.train), ...(trainBatch !== undefined && { batch: trainBatch }) };
  const recipe = parseRecipe({ ...given, train }, 'export');
  return run.exportPrograms({ adapter, recipe, batch }, folder);
}

/**
 * Puts an adapter into a repository of a hub, with a model card.
 *
 * @param repo  `owner/name`; created if it is not there
 * @throws file  when there is no token that may write there, or the hub cannot be reached
 */
export async function push(
  adapter: string,
  repo: string,
  { isPrivate = false }: { readonly isPrivate?: boolean } = {},
): Promise<Pushed> {
  return run.push(await adapterFolder(adapter), repo, { isPrivate });
}

/** Fetches a backbone or an adapter once, so that its name can be used. @param source  `owner/name`, an address or a path */
export const pull = (source: string, onProgress: PullProgress = () => {}): Promise<Pulled> =>
  run.pull(source, onProgress);

/** What is in a backbone (a folder or a shipped name), an adapter or run folder, or a .safetensors file. */
export async function inspect(path: string): Promise<Inspection> {
  return run.inspect((await findAdapter(path)) ?? path);
}

export interface ReportOptions {
  /** The HTML file. Default: report.html in the run folder; comparison.html in the working folder for several runs. */
  readonly out?: string;
  /** Searches, questions or captions to show, drawn from the test split. Default 6. */
  readonly examples?: number;
  /** Test items that are searched, at most. Default 200. */
  readonly gallery?: number;
}

/**
 * Writes what a run did as one HTML file: scores and examples before and after, curves, sizes; or compares several runs.
 *
 * @param folders  a run folder, or several
 * @returns the path of the file
 */
export async function report(folders: string | readonly string[], options: ReportOptions = {}): Promise<string> {
  const { writeReport } = await import('../report/index.js'); // here, since drawing charts takes half a second to load
  const runs = typeof folders === 'string' ? [folders] : folders;
  return writeReport(runs, { examples: 6, gallery: 200, ...options, run, onProgress: () => {} });
}
