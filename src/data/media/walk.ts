// A folder looked through, with all below it. Links are never followed: one that leads up would make a folder endless, and
// others lead outside. What other programs keep for themselves is none of the user's, and one folder that cannot be opened
// keeps nobody from the others.

import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fail } from '../../error/index.js';
import { refuse } from '../../files/files.js';
import { type LeftOut, leftOut, leftOutText } from '../items/index.js';
import { hasMediaName, isMedia, isUnreadMedia, MEDIA_EXTENSIONS } from './extensions.js';

export interface Walk {
  /** Files below the folder, by path from there, `/` between, in the order of their names. */
  readonly files: readonly string[];
  /** Those of them that are images or clips by their names. */
  readonly media: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** Folders that could not be opened, as `files`: nobody knows what is in them. */
  readonly closed: readonly string[];
}

/** What was found that is no ordinary file, by path. */
interface Found {
  readonly files: string[];
  readonly links: string[];
  readonly special: string[];
  readonly closed: { readonly path: string; readonly why: string }[];
  readonly misnamed: string[];
  readonly foreign: string[];
  readonly hidden: string[];
}

/** @throws file  when the folder itself cannot be opened */
export async function walk(root: string): Promise<Walk> {
  const found: Found = { files: [], links: [], special: [], closed: [], misnamed: [], foreign: [], hidden: [] };
  const entries = await entriesOf(root).catch((error) => refuse(error, root, 0));
  const folders = sorted('', entries, found);
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    folders.push(...(await below(root, folder, found)));
  const closed = found.closed.map(({ path }) => path);
  const files = found.files.sort();
  return { files, media: files.filter(isMedia), leftOut: leftOutOf(found), closed };
}

/** Refuses a folder without images or clips, and says what is there instead. @throws data */
export function failEmptyFolder(where: string, { leftOut }: Pick<Walk, 'leftOut'>): never {
  const got = leftOut.map(leftOutText).join('; ');
  const expected = [...MEDIA_EXTENSIONS].join(', ');
  fail('data', { where, what: 'holds no images or clips', ...(got && { got }), expected });
}

const entriesOf = (folder: string) => readdir(folder, { withFileTypes: true, encoding: 'buffer' });

/** @returns the folders in a folder */
async function below(root: string, folder: string, found: Found): Promise<readonly string[]> {
  try {
    return sorted(folder, await entriesOf(join(root, ...folder.split('/'))), found);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return []; // it went away meanwhile
    found.closed.push({
      path: folder,
      why: code === 'EACCES' || code === 'EPERM' ? 'no permission' : (code ?? message),
    });
    return [];
  }
}

/** Puts the entries of a folder where they belong. @returns those that are to be looked through */
function sorted(folder: string, entries: readonly Dirent<Buffer>[], found: Found): string[] {
  const folders: string[] = [];
  for (const entry of entries) {
    const name = nameOf(entry.name);
    const path = posix.join(folder, name ?? shownName(entry.name));
    const mayBeMedia = entry.isDirectory() || hasMediaName(path);
    if (name === null) found.misnamed.push(path);
    else if (isForeign(name)) found.foreign.push(...(mayBeMedia ? [path] : []));
    else if (name.startsWith('.')) found.hidden.push(...(mayBeMedia ? [path] : []));
    else if (entry.isSymbolicLink()) found.links.push(path);
    else if (entry.isDirectory()) folders.push(path);
    else if (entry.isFile()) found.files.push(path);
    else found.special.push(path);
  }
  return folders;
}

/** Null of bytes that are no UTF-8: they cannot be a text, and so no path of Node's. */
function nameOf(bytes: Buffer): string | null {
  const name = bytes.toString('utf8');
  return Buffer.from(name, 'utf8').equals(bytes) ? name : null;
}

/** `caf\xe9.jpg` */
const shownName = (bytes: Buffer): string =>
  [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');

/** What systems, network drives and programs keep beside people's files: thumbnails, bins, snapshots. Lower case. */
const FOREIGN = new Set([
  ...['$recycle.bin', 'recycler', 'recycled', 'system volume information', 'thumbs.db', 'desktop.ini', 'ehthumbs.db'], // Windows
  ...[
    '.ds_store',
    '__macosx',
    '.spotlight-v100',
    '.fseventsd',
    '.trashes',
    '.appledouble',
    '.appledb',
    '.appledesktop',
  ],
  ...['network trash folder', 'temporary items', '.temporaryitems', '.documentrevisions-v100'], // macOS
  ...['lost+found', '.thumbnails', '.trash'], // Linux
  ...['.git', '.svn', '.hg', '.cache', '.ipynb_checkpoints', '.idea', '.vscode'],
  ...['@eadir', '#recycle', '#snapshot', '@tmp', '@sharebin', '@sharesnap', '.synologyworkingdirectory'], // Synology
  ...['@recycle', '@recently-snapshot', '@__thumb', '.@__thumb', '.@upload_cache'], // QNAP
]);

const isForeign = (name: string): boolean =>
  FOREIGN.has(name.toLowerCase()) || /^\._|^\.trash-\d+$|^found\.\d{3}$/i.test(name);

function leftOutOf({ files, links, special, closed, misnamed, foreign, hidden }: Found): readonly LeftOut[] {
  return [
    ...leftOut('warning', ['link is not followed', 'links are not followed'], links.sort()),
    ...leftOut(
      'warning',
      ['folder cannot be opened', 'folders cannot be opened'],
      closed.map(({ path, why }) => `${path} (${why})`).sort(),
    ),
    ...leftOut('warning', ['name is not UTF-8', 'names are not UTF-8'], misnamed.sort()),
    ...leftOut(
      'warning',
      ['is no file: a pipe, a socket or a device', 'are no files: pipes, sockets or devices'],
      special.sort(),
    ),
    ...leftOut(
      'warning',
      ['picture or clip is of a kind that is not read', 'pictures or clips are of a kind that is not read'],
      files.filter(isUnreadMedia),
    ),
    ...leftOut(
      'note',
      ['belongs to a system, a NAS or another program', 'belong to a system, a NAS or another program'],
      foreign.sort(),
    ),
    ...leftOut('note', ['is hidden', 'are hidden'], hidden.sort()),
  ];
}
