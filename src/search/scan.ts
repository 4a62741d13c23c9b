// What a library holds now: its images and clips, when they changed, and the captions that came with them.

import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, posix, relative, resolve, sep } from 'node:path';
import { isUnreadable } from '../data/dataset/caption-files.js';
import { readManifest } from '../data/dataset/manifest.js';
import { fewAtOnce, kindOf, type LeftOut, leftOut, leftOutText, type MediaKind } from '../data/items/index.js';
import { mediaKind } from '../data/media/kind.js';
import { failEmptyFolder, type Walk, walk } from '../data/media/walk.js';
import { reason, UniAdapterError } from '../error/index.js';
import { refuse } from '../files/files.js';

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
  /** Folders and files that could not be opened: of what is in them nothing is known. */
  readonly closed: readonly string[];
  /** What is wrong with the captions that came along, and what is not read. */
  readonly problems: readonly string[];
}

/**
 * Looks through a library: no file is read but manifests and captions. Hidden files, symbolic links (what one leads to may be
 * outside of the library) and what other programs keep there are left out.
 *
 * @param folder  captions are in a manifest there (docs/formats.md), or in a `.txt` beside each file
 * @throws file  when the folder itself cannot be read; data  when there are no images or clips
 */
export async function scanLibrary(folder: string): Promise<Scan> {
  const root = await realpath(folder).catch((error) => refuse(error, folder, 0));
  const walked = await walk(root);
  if (walked.media.length === 0) failEmptyFolder(folder, walked);
  const captions = await captionsOf(root, walked);
  const closed = [...walked.closed];
  const found = await fewAtOnce(walked.media.length, (i) => look(root, walked.media[i] as string, captions, closed));
  const files = found.filter((file) => file !== null);
  const locked = leftOut(
    'warning',
    ['file is closed to us', 'files are closed to us'],
    closed.slice(walked.closed.length),
  );
  const problems = [...warnings([...walked.leftOut, ...locked]), ...captions.problems];
  return { root, files, folders: foldersOf(files), closed, problems };
}

/** The id of a file by its path in the library. */
export const itemId = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, 32);

/** Where a file of a library is. */
export const pathOf = (root: string, path: string): string => join(root, ...path.split('/'));

/**
 * @param closed  gets the path of one that is there and cannot be looked at
 * @returns null when it went away meanwhile
 */
async function look(root: string, path: string, { captions }: Captions, closed: string[]): Promise<LibraryFile | null> {
  const file = pathOf(root, path);
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') closed.push(path);
    return null;
  });
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

const warnings = (all: readonly LeftOut[]): readonly string[] =>
  all.filter(({ severity }) => severity === 'warning').map(leftOutText);

/** Captions of what is not in the library. */
function strangers(captions: Captions['captions'], { media }: Walk): readonly LeftOut[] {
  const known = new Set(media);
  const others = [...captions.keys()].filter((path) => !known.has(path));
  const words = [
    'entry names no image or clip of the library',
    'entries name no images or clips of the library',
  ] as const;
  return leftOut('warning', words, others);
}

/** None, where nothing came with the files. */
async function captionsOf(root: string, walked: Walk): Promise<Captions> {
  try {
    const { manifests, items, flaws, leftOut: left = [] } = await readManifest(root, {}, walked);
    const pathIn = (media: string) => relative(root, resolve(root, media)).split(sep).join('/');
    const captions = new Map(items.map((item) => [pathIn(item.media), [...new Set(item.captions)]] as const));
    const wanted = manifests ? flaws : flaws.filter(isUnreadable); // files without captions are flaws only to a training
    const wrong = wanted.map(({ line, source, ...flaw }) =>
      manifests ? `${source ?? manifests.join()}, line ${line}: ${reason(flaw)}` : `${flaw.media}: ${reason(flaw)}`,
    );
    return { captions, problems: [...warnings(left), ...warnings(strangers(captions, walked)), ...wrong] };
  } catch (error) {
    if (!(error instanceof UniAdapterError)) throw error;
    const isNone = error.code === 'data' && error.problem.where === root; // else a file is no text, or closed to us
    return { captions: new Map(), problems: isNone ? [] : [error.message] };
  }
}

function foldersOf(files: readonly LibraryFile[]): string[] {
  const folders = new Set(['']);
  for (const { path } of files)
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) folders.add(folder);
  return [...folders].sort();
}
