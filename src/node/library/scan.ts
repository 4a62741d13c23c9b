// What a library holds now: its images and clips, when they changed, and the captions that came with them.

import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, posix, relative, resolve } from 'node:path';
import { fewAtOnce, kindOf, type MediaKind } from '../../data/index.js';
import { fail, reason, UniAdapterError } from '../../error/index.js';
import { readManifest } from '../data/manifest.js';
import { refuse } from '../files.js';
import { isMedia, MEDIA_EXTENSIONS } from '../media/extensions.js';
import { mediaKind } from '../media/kind.js';

export interface LibraryFile {
  /** A hash of the path: fit for addresses, and the same as long as the file is not moved. */
  readonly id: string;
  /** Relative to the library, `/` between. */
  readonly path: string;
  readonly kind: MediaKind;
  readonly bytes: number;
  /** Milliseconds since 1970, whole ones. */
  readonly modified: number;
  readonly captions: readonly string[];
}

export interface Scan {
  /** The library's folder, absolute, no symbolic link. */
  readonly root: string;
  /** By path. */
  readonly files: readonly LibraryFile[];
  /** Folders that hold some of them, here or further down; the first is '', the library itself. */
  readonly folders: readonly string[];
  /** What is wrong with the captions that came along. */
  readonly problems: readonly string[];
}

/**
 * Looks through a library: no file is read but manifests and captions. Hidden files and symbolic links are left out: what
 * a link leads to may be outside of the library.
 *
 * @param folder  captions are in a manifest there (docs/formats.md), or in a `.txt` beside each file
 * @throws file  when a folder cannot be read: its files would look removed; data  when there are no images or clips
 */
export async function scanLibrary(folder: string): Promise<Scan> {
  const root = await realpath(folder).catch((error) => refuse(error, folder, 0));
  const paths = await mediaPaths(root, '');
  if (paths.length === 0)
    fail('data', { where: folder, what: 'holds no images or clips', expected: [...MEDIA_EXTENSIONS].join(', ') });
  const { captions, problems } = await captionsOf(root);
  const found = await fewAtOnce(paths.length, (i) => look(root, paths[i] as string, captions));
  const files = found.filter((file) => file !== null);
  return { root, files, folders: foldersOf(files), problems };
}

/** The id of a file by its path in the library. */
export const itemId = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 32);

/** Where a file of a library is. */
export const pathOf = (root: string, path: string): string => join(root, ...path.split('/'));

async function mediaPaths(root: string, folder: string): Promise<string[]> {
  const place = pathOf(root, folder);
  const entries = await readdir(place, { withFileTypes: true }).catch((error) => refuse(error, place, 0));
  const paths: string[] = [];
  for (const entry of entries) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.')) paths.push(...(await mediaPaths(root, path)));
    else if (entry.isFile() && isMedia(path)) paths.push(path);
  }
  return paths.sort();
}

/** @returns null when it went away meanwhile */
async function look(root: string, path: string, captions: Captions['captions']): Promise<LibraryFile | null> {
  const file = pathOf(root, path);
  const info = await stat(file).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' ? null : refuse(error, file, 0),
  );
  if (!info) return null;
  const kind = extname(path).toLowerCase() === '.webp' ? await mediaKind(file) : kindOf(path); // others need no reading
  const { size: bytes, mtimeMs } = info;
  const said = captions.get(path) ?? [];
  return { id: itemId(path), path, kind, bytes, modified: Math.floor(mtimeMs), captions: said };
}

interface Captions {
  /** By path, no caption twice. */
  readonly captions: ReadonlyMap<string, readonly string[]>;
  readonly problems: readonly string[];
}

/** None, where nothing came with the files. */
async function captionsOf(root: string): Promise<Captions> {
  try {
    const { source, items, flaws } = await readManifest(root);
    const pathIn = (media: string) => relative(root, resolve(root, media)).replaceAll('\\', '/');
    const captions = items.map((item) => [pathIn(item.media), [...new Set(item.captions)]] as const);
    const isManifest = source !== root; // else files without captions are flaws to a training, but not here
    const wrong = flaws.map(({ line, ...flaw }) => `${basename(source)}, line ${line}: ${reason(flaw)}`);
    return { captions: new Map(captions), problems: isManifest ? wrong : [] };
  } catch (error) {
    if (!(error instanceof UniAdapterError && error.code === 'data')) throw error;
    const isNone = error.problem.where === root; // else a file is no text
    return { captions: new Map(), problems: isNone ? [] : [error.message] };
  }
}

function foldersOf(files: readonly LibraryFile[]): string[] {
  const folders = new Set(['']);
  for (const { path } of files)
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  return [...folders].sort();
}
