// A dataset on disk → one set of images or clips per split, with everything that is wrong found at the start.
import { resolve } from 'node:path';
import { fail, UniAdapterError } from '../../error/index.js';
import { createDecoder } from '../../node/media/decoder.js';
import type { FormatName } from '../../recipe/index.js';
import {
  type Flaw,
  type Fractions,
  failWithFlaws,
  fewAtOnce,
  type Item,
  type LeftOut,
  type MediaSet,
  SPLIT_NAMES,
  type Split,
  splitItems,
  subset,
} from '../items/index.js';
import type { Decoder } from '../video/index.js';
import { readers } from './readers.js';
import type { ReadOptions } from './source.js';

/** A split whose media are files. */
export interface FileSet extends MediaSet {
  /** Absolute path of an item's file. */
  path(index: number): string;
}

export interface Dataset {
  /** The manifest, or the folder the dataset is in. */
  readonly source: string;
  readonly splits: Readonly<Record<Split, FileSet>>;
  /** Entries that are in no split because something is wrong with them. */
  readonly flaws: readonly Flaw[];
  /** What of the files is not read. */
  readonly leftOut: readonly LeftOut[];
  /** Annotation files that training needs and that are not there. */
  readonly absent: readonly string[];
  /** The folder that paths start from. */
  readonly root: string;
  /** Paths that its manifests name, whichever of them a task can use; null where no manifest does. */
  readonly listed: readonly string[] | null;
  readonly decoder: Decoder;
  /** The answers to choose from, where it comes with a list of them. */
  readonly answers?: readonly string[];
}

export interface DatasetOptions extends ReadOptions {
  /** Default `manifest`. */
  readonly format?: FormatName;
  /** Shares of train, val and test where the dataset has no splits; default 0.8, 0.1, 0.1. */
  readonly fractions?: Fractions;
  /** Decides who is in which split where the dataset does not say. */
  readonly seed: number;
  readonly decoder?: Decoder;
}

/** Larger datasets are not decoded once before training: that would take longer than people wait. */
const THOROUGH_ITEMS = 20_000;

/**
 * Opens a dataset. Nothing is decoded yet, and malformed entries are only collected: {@link checkDataset} is next.
 *
 * @throws `file` if the path cannot be read, `data` if nothing in it looks like a dataset of this format
 */
export async function openDataset(path: string, options: DatasetOptions): Promise<Dataset> {
  const { format = 'manifest', mediaRoot, decoder = createDecoder() } = options;
  const {
    source,
    folder,
    items,
    flaws,
    leftOut = [],
    absent = [],
    manifests,
    answers,
  } = await readers[format](resolve(path), options);
  if (items.length === 0 && flaws.length === 0) fail('data', { where: source, what: 'holds nothing to learn from' });
  const root = resolve(mediaRoot ?? folder);
  const split = splitItems(items, options);
  const splits = eachSplit((name) => fileSet(split[name], { root, source, decoder }));
  const listed = manifests ? items.map(({ media }) => media) : null;
  return { source, flaws, leftOut, absent, root, listed, decoder, splits, ...(answers && { answers }) };
}

export interface CheckOptions {
  /** Leave bad entries out and report them, instead of failing. Default false. */
  readonly skipBad?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface Check {
  /** The dataset without the entries that are bad. */
  readonly dataset: Dataset;
  readonly bad: readonly Flaw[];
}

/**
 * Looks at every file before a long job starts: decodes it, or, in large datasets, its header only.
 *
 * @throws `data` with one table of everything that is wrong, unless `skipBad`; or if nothing remains
 */
export async function checkDataset(
  dataset: Dataset,
  { skipBad = false, onProgress }: CheckOptions = {},
): Promise<Check> {
  const all = SPLIT_NAMES.reduce((sum, name) => sum + dataset.splits[name].items.length, 0);
  const bad: Flaw[] = [...dataset.flaws];
  const splits = { ...dataset.splits };
  const look = lookWith(dataset.decoder, all <= THOROUGH_ITEMS);
  let done = 0;
  for (const name of SPLIT_NAMES) {
    const set = dataset.splits[name];
    const problems = await fewAtOnce(set.items.length, async (index) => {
      const problem = await problemOf(look(set.path(index)));
      onProgress?.(++done, all);
      return problem;
    });
    for (const [index, problem] of problems.entries()) if (problem) bad.push(flawOf(set.items[index] as Item, problem));
    splits[name] = kept(set, (_, index) => !problems[index]);
  }
  const remaining = SPLIT_NAMES.reduce((sum, name) => sum + splits[name].items.length, 0);
  if (bad.length > 0 && (!skipBad || remaining === 0)) failWithFlaws(dataset.source, bad);
  return { dataset: { ...dataset, splits, flaws: bad }, bad };
}

const lookWith =
  ({ frames, probe }: Decoder, isThorough: boolean) =>
  (path: string): Promise<unknown> =>
    isThorough ? frames(path, [0.5]) : probe(path);

interface Place {
  readonly root: string;
  readonly source: string;
  readonly decoder: Decoder;
}

function fileSet(items: readonly Item[], { root, source, decoder }: Place): FileSet {
  const path = (index: number) => resolve(root, (items[index] as Item).media);
  return {
    items,
    path,
    frames: (index, positions) =>
      decoder.frames(path(index), positions).catch((error) => failNaming(error, source, items[index] as Item)),
  };
}

/** The decoder's error, with the manifest's line added to the file's name. */
function failNaming(error: unknown, source: string, { line }: Item): never {
  if (!(error instanceof UniAdapterError)) throw error;
  const { where } = error.problem;
  fail(error.code, { ...error.problem, where: `${where} (entry ${line} of ${source})` });
}

/** The items of a set that `wanted` keeps. */
export function kept(set: FileSet, wanted: (item: Item, index: number) => boolean): FileSet {
  const indices = [...set.items.keys()].filter((index) => wanted(set.items[index] as Item, index));
  return { ...subset(set, wanted), path: (index) => set.path(indices[index] as number) };
}

export function eachSplit<T>(make: (name: Split) => T): Record<Split, T> {
  return { train: make('train'), val: make('val'), test: make('test') };
}

const flawOf = ({ line, media }: Item, { what, got = '', expected = '' }: UniAdapterError['problem']): Flaw => ({
  ...{ line, media, what, got, expected },
});

/** Why something cannot be used; bugs are thrown. */
export async function problemOf(look: Promise<unknown>): Promise<UniAdapterError['problem'] | undefined> {
  try {
    await look;
    return undefined;
  } catch (error) {
    if (error instanceof UniAdapterError) return error.problem;
    throw error;
  }
}
