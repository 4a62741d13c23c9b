// Finding the files of a dataset by their official names, in the folders into which people unpack its archives. Every
// folder is listed once; nothing is asked of single files.
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fail } from '../../error/index.js';
import { namesIn, readText } from '../../files/files.js';
import type { Annotations } from '../formats/index.js';
import type { Item, Manifest } from '../items/index.js';
import { MEDIA_EXTENSIONS } from '../media/extensions.js';
import type { ReadOptions, Source } from './source.js';
import { formOf } from './spelling.js';

/** Sets of files that say the same: the first that is complete is taken. */
export type Alternatives = readonly (readonly string[])[];

/** Where a dataset's files may be, and what they are called. */
export interface Layout {
  /** Of the dataset, for messages. */
  readonly title: string;
  /** Folders for annotation files, relative to the dataset's. */
  readonly folders: readonly string[];
  /** Where to get them. */
  readonly page: string;
}

/** Where annotation files of every dataset may be. */
export const SHARED_FOLDERS: readonly string[] = ['', 'annotations', 'annotation', 'data'];

/** Every folder in every other. */
export const below = (outer: readonly string[], inner: readonly string[]): readonly string[] =>
  outer.flatMap((one) => inner.map((other) => [one, other].filter(Boolean).join('/')));

export const COCO_MEDIA = below(['', 'images', 'coco', 'Images/mscoco'], ['', 'train2014', 'val2014', 'test2015']);

/**
 * Reads the annotation files that a dataset needs, and those of the others that are there.
 *
 * @param path      the dataset's folder
 * @throws `file` once, naming all that is missing, what was found instead and where the files are from
 */
export async function readAnnotations<N extends string, O extends string = never>(
  path: string,
  layout: Layout,
  needed: Readonly<Record<N, Alternatives>>,
  optional?: Readonly<Record<O, Alternatives>>,
): Promise<Readonly<Record<N, readonly Annotations[]> & Partial<Record<O, readonly Annotations[]>>>> {
  await requireFolder(path, layout);
  const paths = await filesBelow(path, layout.folders);
  const all: Readonly<Record<string, Alternatives>> = { ...needed, ...optional };
  const chosen = Object.entries(all).map(([name, sets]) => [name, complete(sets, paths)] as const);
  const missing = chosen.flatMap(([name, set]) => (name in needed && !set ? [needed[name as N]] : []));
  if (missing.length > 0) failMissing(path, layout, missing, found(all, paths));
  const texts: Record<string, readonly Annotations[]> = {};
  for (const [name, set] of chosen) if (set) texts[name] = await readAll(set, paths);
  return texts as Record<N, readonly Annotations[]> & Partial<Record<O, readonly Annotations[]>>;
}

/** What each file of a set is about: parts of a dataset that are there without each other, such as its splits. */
export type PartialSet = Readonly<Record<string, readonly string[]>>;

export interface Parts {
  readonly found: Readonly<Record<string, readonly Annotations[]>>;
  /** Files that are not there, but for those of the part `test`: training goes on without it. */
  readonly absent: readonly string[];
}

/**
 * Reads those parts of a dataset that are there: to evaluate, only the one for testing is needed.
 *
 * @param sets  that say the same: the one is taken of which most is there
 * @throws `file` as {@link readAnnotations}, if no part is there
 */
export async function readParts(path: string, layout: Layout, sets: readonly PartialSet[]): Promise<Parts> {
  await requireFolder(path, layout);
  const paths = await filesBelow(path, layout.folders);
  const isThere = ([, names]: readonly [string, readonly string[]]) => names.every((name) => paths.has(name));
  const shares = sets.map((set) => Object.entries(set).filter(isThere).length / Object.keys(set).length);
  const most = Math.max(...shares);
  if (most === 0) {
    const wanted = sets.map((set) => Object.values(set).flat());
    failMissing(path, layout, [wanted], found({ wanted }, paths));
  }
  const parts = Object.entries(sets[shares.indexOf(most)] as PartialSet);
  const read = parts.filter(isThere).map(async ([part, names]) => [part, await readAll(names, paths)] as const);
  return {
    found: Object.fromEntries(await Promise.all(read)),
    absent: parts.filter((part) => !isThere(part) && part[0] !== 'test').flatMap(([, names]) => names),
  };
}

async function requireFolder(path: string, { title, page }: Layout): Promise<void> {
  const info = await stat(path).catch((cause) =>
    fail('file', { where: path, what: 'cannot be opened', got: cause.code, fix: `${title} is at ${page}`, cause }),
  );
  if (info.isDirectory()) return;
  fail('file', {
    where: path,
    what: 'is a file',
    expected: `the folder that holds ${title}`,
    fix: `give ${dirname(path)}`,
  });
}

/** Path by file name; of equal names the one in the first folder. */
async function filesBelow(root: string, folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const folder of folders)
    for (const name of [...(await namesIn(join(root, folder)))].sort())
      if (!paths.has(name)) paths.set(name, join(root, folder, name));
  return paths;
}

const complete = (sets: Alternatives, paths: ReadonlyMap<string, string>): readonly string[] | undefined =>
  sets.find((set) => set.every((name) => paths.has(name)));

const found = (all: Readonly<Record<string, Alternatives>>, paths: ReadonlyMap<string, string>): readonly string[] => [
  ...new Set(
    Object.values(all)
      .flat(2)
      .filter((name) => paths.has(name)),
  ),
];

function failMissing(
  path: string,
  { title, folders, page }: Layout,
  missing: readonly Alternatives[],
  got: readonly string[],
): never {
  const wanted = missing.map((sets) => sets.map((set) => set.join(' + ')).join(', or ')).join('; and ');
  const places = [...new Set(folders)].filter((folder) => folder !== '').join(', ');
  fail('file', {
    where: path,
    what: `files of ${title} are missing`,
    got: got.length > 0 ? `only ${got.join(', ')}` : 'none of its files',
    expected: `${wanted}; there or in ${places}`,
    fix: `get them from ${page}`,
  });
}

const readAll = (set: readonly string[], paths: ReadonlyMap<string, string>): Promise<Annotations[]> =>
  Promise.all(set.map(async (name) => ({ name, text: await readText(paths.get(name) as string) })));

/**
 * What a folder's annotations say, with media in the folders where they usually are, or below the user's own.
 *
 * @param absent  annotation files for training that are not there
 */
export async function located(
  path: string,
  { items, flaws }: Manifest,
  media: readonly string[],
  { mediaRoot }: ReadOptions,
  absent: readonly string[] = [],
): Promise<Source> {
  const folder = mediaRoot ?? path;
  return { source: path, folder, items: await withMedia(items, folder, media), flaws, leftOut: [], absent };
}

/**
 * Items whose media are files that are there: found by name in any of the folders, with an extension that annotations do
 * not have, with another one, or as a folder of frames. What is not found keeps its path, and is missing.
 *
 * @param folders  relative to `root`
 */
async function withMedia(items: readonly Item[], root: string, folders: readonly string[]): Promise<Item[]> {
  const byName = new Map<string, string>();
  const byStem = new Map<string, string>();
  for (const folder of folders)
    for (const name of await namesIn(join(root, folder))) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (!byName.has(formOf(name))) byName.set(formOf(name), path);
      const stem = stemOf(formOf(name));
      if (stem !== undefined && !byStem.has(stem)) byStem.set(stem, path);
    }
  return items.map((item) => {
    const name = formOf(basename(item.media));
    const path = byName.get(name) ?? byStem.get(name) ?? byStem.get(stemOf(name) ?? name);
    return path === undefined ? item : { ...item, media: path };
  });
}

/** A media file's name without its extension; nothing for other files. */
function stemOf(name: string): string | undefined {
  const extension = extname(name);
  return MEDIA_EXTENSIONS.has(extension.toLowerCase()) ? name.slice(0, -extension.length) : undefined;
}
