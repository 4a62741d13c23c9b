// A user's folder or manifest → one set of captioned images per split, with everything that is wrong found at the start.
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import {
  type Flaw,
  type Fractions,
  failWithFlaws,
  type Item,
  type Manifest,
  parseManifest,
  type RetrievalSet,
  SPLIT_NAMES,
  type Split,
  splitItems,
} from '../../data/index.js';
import { fail, UniAdapterError } from '../../error/index.js';
import { decodeImage, IMAGE_EXTENSIONS, imageInfo } from '../media/image.js';

/** A split whose images are files. */
export interface ImageSet extends RetrievalSet {
  /** Absolute path of an item's image. */
  path(index: number): string;
}

export interface Dataset {
  /** The manifest, or the folder if the captions are in text files. */
  readonly source: string;
  readonly splits: Readonly<Record<Split, ImageSet>>;
  /** Entries that are in no split because something is wrong with them. */
  readonly flaws: readonly Flaw[];
}

/** Manifests that are looked for in a folder, in this order. */
const MANIFEST_NAMES = ['manifest', 'captions', 'metadata'].flatMap((name) => [`${name}.jsonl`, `${name}.csv`]);
const FORMATS: Readonly<Record<string, 'jsonl' | 'csv'>> = { '.jsonl': 'jsonl', '.ndjson': 'jsonl', '.csv': 'csv' };
const CHECKS_AT_ONCE = 8;

/**
 * Opens a manifest; or a folder with a manifest inside; or a folder of images that have their captions, one a line, in a
 * text file of the same name. No image is read yet, and malformed entries are only collected: {@link checkDataset} is next.
 *
 * @param options.imageRoot  folder that image paths are relative to; default: where the manifest is
 * @param options.fractions  shares of train, val and test where the manifest does not say; default 0.8, 0.1, 0.1
 * @param options.seed       decides who is in which split where the manifest does not say
 * @throws `file` if the path cannot be read, `data` if nothing in it looks like a dataset
 */
export async function openManifest(
  path: string,
  options: { readonly imageRoot?: string; readonly fractions?: Fractions; readonly seed: number },
): Promise<Dataset> {
  const { source, folder, items, flaws } = await readSource(resolve(path));
  if (items.length === 0 && flaws.length === 0)
    fail('data', { where: source, what: 'holds no images with captions', fix: LAYOUTS });
  const root = resolve(options.imageRoot ?? folder);
  const split = splitItems(items, options);
  return { source, flaws, splits: eachSplit((name) => imageSet(split[name], root, source)) };
}

export interface CheckOptions {
  /** Leave bad entries out and report them, instead of failing. Default false. */
  readonly skipBad?: boolean;
  /** Decode every image completely, which alone finds truncated ones, instead of its header. Default false. */
  readonly thorough?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

export interface Check {
  /** The dataset without the entries that are bad. */
  readonly dataset: Dataset;
  readonly bad: readonly Flaw[];
  /** What remains, by split. */
  readonly counts: Readonly<Record<Split, { readonly images: number; readonly captions: number }>>;
}

/**
 * Looks at every image before a long job starts.
 *
 * @throws `data` with one table of everything that is wrong, unless `skipBad`; or if nothing remains
 */
export async function checkDataset(
  dataset: Dataset,
  { skipBad = false, thorough = false, onProgress }: CheckOptions = {},
): Promise<Check> {
  const look = thorough ? decodeImage : imageInfo;
  const good: Record<Split, number[]> = { train: [], val: [], test: [] };
  const bad: Flaw[] = [...dataset.flaws];
  const all = SPLIT_NAMES.reduce((sum, name) => sum + dataset.splits[name].items.length, 0);
  let done = 0;
  for (const name of SPLIT_NAMES) {
    const set = dataset.splits[name];
    const problems = await mapBounded(set.items.length, async (index) => {
      const problem = await problemOf(look(set.path(index)));
      onProgress?.(++done, all);
      return problem;
    });
    for (const [index, problem] of problems.entries()) {
      const { line, image } = set.items[index] as Item;
      if (!problem) good[name].push(index);
      else bad.push({ line, image, what: problem.what, got: problem.got ?? '', expected: problem.expected ?? '' });
    }
  }
  const remaining = SPLIT_NAMES.reduce((sum, name) => sum + good[name].length, 0);
  if (bad.length > 0 && (!skipBad || remaining === 0)) failWithFlaws(dataset.source, bad);
  const splits = eachSplit((name) => subset(dataset.splits[name], good[name]));
  return { dataset: { ...dataset, splits, flaws: bad }, bad, counts: eachSplit((name) => count(splits[name])) };
}

const LAYOUTS = `give a .jsonl or .csv manifest, a folder that holds ${MANIFEST_NAMES.join(' or ')}, or a folder of images with a .txt of the same name each`;

type Source = Manifest & { readonly source: string; readonly folder: string };

async function readSource(path: string): Promise<Source> {
  const info = await stat(path).catch((cause) =>
    fail('file', { where: path, what: 'cannot be opened', got: cause.code, fix: LAYOUTS, cause }),
  );
  if (!info.isDirectory()) return readManifest(path);
  const names = await readdir(path);
  const manifest = MANIFEST_NAMES.find((name) => names.includes(name));
  return manifest === undefined ? readCaptionFiles(path) : readManifest(join(path, manifest));
}

async function readManifest(path: string): Promise<Source> {
  const format = FORMATS[extname(path).toLowerCase()];
  if (!format)
    fail('data', { where: path, what: 'is no manifest', got: extname(path), expected: '.jsonl or .csv', fix: LAYOUTS });
  return { source: path, folder: dirname(path), ...parseManifest(await readText(path), format) };
}

/** Every image below a folder with the lines of the text file beside it. */
async function readCaptionFiles(folder: string): Promise<Source> {
  const files = (await readdir(folder, { recursive: true })).sort();
  const present = new Set(files);
  const pictures = files.filter((file) => IMAGE_EXTENSIONS.includes(extname(file).toLowerCase()));
  const items: Item[] = [];
  const flaws: Flaw[] = [];
  for (const [i, file] of pictures.entries()) {
    const image = file.replaceAll('\\', '/');
    const text = `${file.slice(0, -extname(file).length)}.txt`;
    const lines = present.has(text) ? (await readText(join(folder, text))).split('\n') : [];
    const captions = lines.map((line) => line.trim()).filter(Boolean);
    const got = present.has(text) ? 'an empty text file' : 'no text file';
    if (captions.length > 0) items.push({ id: image, image, captions, line: i + 1 });
    else flaws.push({ line: i + 1, image, what: 'has no caption', got, expected: 'a .txt of the same name' });
  }
  return { source: folder, folder, items, flaws: items.length > 0 ? flaws : [] };
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    fail('data', { where: path, what: 'is not text', expected: 'UTF-8', fix: 'save it as UTF-8', cause });
  }
}

function imageSet(items: readonly Item[], root: string, source: string): ImageSet {
  const path = (index: number) => resolve(root, (items[index] as Item).image);
  return {
    items,
    path,
    pixels: (index) => decodeImage(path(index)).catch((error) => failNaming(error, source, items[index] as Item)),
  };
}

/** The decoder's error, with the manifest's line added to the file's name. */
function failNaming(error: unknown, source: string, { line }: Item): never {
  if (!(error instanceof UniAdapterError)) throw error;
  const { where } = error.problem;
  fail(error.code, { ...error.problem, where: `${where} (entry ${line} of ${source})` });
}

function subset(set: ImageSet, kept: readonly number[]): ImageSet {
  const at = (index: number) => kept[index] as number;
  return {
    items: kept.map((index) => set.items[index] as Item),
    path: (index) => set.path(at(index)),
    pixels: (index) => set.pixels(at(index)),
  };
}

function count({ items }: ImageSet): { images: number; captions: number } {
  return { images: items.length, captions: items.reduce((sum, { captions }) => sum + captions.length, 0) };
}

function eachSplit<T>(make: (name: Split) => T): Record<Split, T> {
  return { train: make('train'), val: make('val'), test: make('test') };
}

async function problemOf(look: Promise<unknown>): Promise<UniAdapterError['problem'] | undefined> {
  try {
    await look;
    return undefined;
  } catch (error) {
    if (error instanceof UniAdapterError) return error.problem;
    throw error;
  }
}

/** `work(0) … work(n − 1)`, a few at a time. */
async function mapBounded<T>(n: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results = new Array<T>(n);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < n; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, worker));
  return results;
}
