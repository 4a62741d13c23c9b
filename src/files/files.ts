// Files that are either complete or not there: everything is written beside its place, flushed to the disk, and renamed.

import { createHash, type Hash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { appendFile, type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail } from '../error/index.js';
import { besides, lockBeside, openTemporary, recoverLocked, sweepOnce } from './leftovers.js';
import { hold, swap } from './lock.js';
import { flush, openFile, withFile } from './opened.js';
import { codeOf, isAbsence, refuse } from './refusal.js';

export { recoverFolder } from './leftovers.js';
export { codeOf, isAbsence, refuse } from './refusal.js';

export type Content = Uint8Array | string;
/** What need not be in memory at once. */
export type Stream = AsyncIterable<Uint8Array>;

/** Puts all the content into an open file; a parameter so that tests can have a full disk. */
export type Write = (file: FileHandle, content: Content) => Promise<void>;

const writeAll: Write = (file, content) => file.writeFile(content);

/**
 * Writes a file so that its name always belongs to complete content: the old or the new one, also after a crash.
 * @throws `file` when there is no room, no permission or no such folder; nothing is left behind
 */
export async function writeAtomically(path: string, content: Content | Stream, write: Write = writeAll): Promise<void> {
  try {
    await sweepOnce(dirname(path));
    await using temporary = await openTemporary(path);
    await fill(temporary.file, content, write);
    await rename(temporary.path, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await refuse(error, path, sizeOf(content));
  }
}

/**
 * Writes a folder of files under its name only when all are complete, replacing an older folder of the same files.
 * @param files file name → content; the folder above `path` must exist
 * @throws `file` as {@link writeAtomically}; when the folder holds anything else, which would be lost; and while another
 *   process writes it
 */
export async function writeFolderAtomically(
  path: string,
  files: ReadonlyMap<string, Content | Stream>,
  write: Write = writeAll,
): Promise<void> {
  const bytes = [...files.values()].reduce((sum, content) => sum + sizeOf(content), 0);
  await isReplaceable(path, files); // before hours of writing
  await buildFolder(path, bytes, async (temporary) => {
    for (const [name, content] of files) await writeThrough(join(temporary, name), content, write);
    return isReplaceable(path, files);
  });
}

/**
 * Makes a folder that has its name only when it is complete.
 *
 * @param neededBytes  of what will be in it; 0 while nobody knows
 * @param build  fills the folder whose path it is given. @returns whether there is an older one to take the place of
 * @throws `file` as {@link writeFolderAtomically}; whatever `build` throws. Nothing is left behind then
 */
export async function buildFolder(
  path: string,
  neededBytes: number,
  build: (temporary: string) => Promise<boolean>,
): Promise<void> {
  await using _ = await hold(lockBeside(path), {
    where: path,
    what: 'another process writes this folder just now',
    fix: 'wait for it, or choose another folder',
  });
  const temporary = besides(path, 'tmp');
  try {
    await sweepOnce(dirname(path));
    await recoverLocked(path);
    await mkdir(temporary);
    const replaces = await build(temporary);
    await flushFolder(temporary);
    await (replaces ? exchange(temporary, path) : rename(temporary, path));
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    await refuse(error, path, neededBytes);
  }
}

/** What looking at a path gives; null when nothing is there. @throws `file` when that cannot be told */
export async function ifThere<T>(path: string, look: (path: string) => Promise<T>): Promise<T | null> {
  return look(path).catch((error) => (isAbsence(error) ? null : refuse(error, path, 0)));
}

/** What is at a path, behind links; null when nothing is. @throws as {@link ifThere} */
export const found = (path: string): Promise<Stats | null> => ifThere(path, (path) => stat(path));

/** The names in a folder; none when there is no such folder. @throws as {@link ifThere} */
export const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await ifThere(folder, (folder) => readdir(folder))) ?? [];

/** Makes a folder and those above it, if they are not there. @throws `file` */
export async function makeFolder(path: string): Promise<void> {
  await makeAll(resolve(path)).catch((error) => refuse(error, path, 0));
}

/** Not Node's `recursive`: it takes a disk that can only be read for a folder that is missing, and in /proc never ends. */
async function makeAll(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const isThere = await stat(path).then(
      (info) => info.isDirectory(),
      () => false,
    );
    if (isThere) return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeAll(dirname(path));
    await mkdir(path).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error; // made by another process meanwhile
    });
  }
}

/**
 * Opens a file of lines to add to; a last line that a crash cut off keeps a line of its own.
 *
 * @returns adds a line @throws `file` as {@link writeAtomically}
 */
export async function openLines(path: string): Promise<(line: string) => Promise<void>> {
  const before = (await found(path)) ? await readBytes(path) : new Uint8Array();
  if (before.length > 0 && before.at(-1) !== 10) await addTo(path, '\n');
  return (line) => addTo(path, `${line}\n`);
}

/** Adds to the end of a file, which is made if it is not there. @throws `file` as {@link writeAtomically} */
export async function addTo(path: string, content: Content): Promise<void> {
  await appendFile(path, content).catch((error) => refuse(error, path, sizeOf(content)));
}

/**
 * Reads a whole file, of any size that memory holds.
 * @throws `file` when it is missing (naming the most similar entry of the folder), a folder, a pipe, or not readable
 */
export function readBytes(path: string): Promise<Uint8Array> {
  return withFile(path, openFile, async (file) => {
    const bytes = new Uint8Array((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), at); // a call reads < 2 GiB
      if (bytesRead === 0) fail('file', { where: path, what: 'the file became shorter while it was read' });
      at += bytesRead;
    }
    return bytes;
  }).catch((error) => refuse(error, path, 0));
}

/**
 * Reads files of a folder by name.
 *
 * @param optional  files that may be missing, and then are not in the result
 * @throws `file` as {@link readBytes}
 */
export async function readSome(
  folder: string,
  names: readonly string[],
  optional: readonly string[] = [],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const present = optional.length > 0 ? await namesIn(folder) : [];
  for (const name of [...names, ...optional.filter((name) => present.includes(name))])
    files.set(name, await readBytes(join(folder, name)));
  return files;
}

/**
 * Reads a whole text file.
 *
 * @throws `file` as {@link readBytes}, `data` when it is neither UTF-8 nor UTF-16 with a byte order mark
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail('data', { where: path, what: 'is not text', expected: 'UTF-8', fix: 'save it as UTF-8', cause });
  }
}

/** By the byte order mark, which Excel writes before UTF-16. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/**
 * SHA-256 in hex, of bytes, of a file that is open or of the one with this path; files are streamed.
 * @throws `file` as {@link readBytes}
 */
export async function sha256(source: Uint8Array | string | FileHandle): Promise<string> {
  const hash = createHash('sha256');
  if (source instanceof Uint8Array) return hash.update(source).digest('hex');
  const isPath = typeof source === 'string';
  try {
    await (isPath ? withFile(source, openFile, hashing(hash)) : hashing(hash)(source));
    return hash.digest('hex');
  } catch (error) {
    return isPath ? await refuse(error, source, 0) : Promise.reject(error);
  }
}

const hashing = (hash: Hash) => (file: FileHandle) =>
  pipeline(file.createReadStream({ autoClose: false, start: 0 }), hash);

async function writeThrough(path: string, content: Content | Stream, write: Write): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await fill(file, content, write);
  } finally {
    await file.close();
  }
}

async function fill(file: FileHandle, content: Content | Stream, write: Write): Promise<void> {
  if (typeof content === 'string' || content instanceof Uint8Array) await write(file, content);
  else for await (const chunk of content) await file.appendFile(chunk);
  await flush(file);
}

/** Makes a rename survive a power cut, where the system can do that: Windows and some network disks cannot. */
async function flushFolder(path: string): Promise<void> {
  try {
    await withFile(path, openFile, flush);
  } catch {
    // The rename is done; it is only not known to be on the disk yet.
  }
}

/** Whether there is a folder to replace; it must not hold anything that the new one does not. */
async function isReplaceable(path: string, files: ReadonlyMap<string, unknown>): Promise<boolean> {
  let present: string[];
  try {
    present = await readdir(path);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? false : await refuse(error, path, 0);
  }
  const foreign = present.filter((name) => !files.has(name));
  if (foreign.length > 0) {
    fail('file', {
      where: path,
      what: 'this folder holds other files, which replacing it would delete',
      got: foreign.slice(0, 5).join(', ') + (foreign.length > 5 ? `, and ${foreign.length - 5} more` : ''),
      fix: 'choose another folder',
    });
  }
  return true;
}

/** Puts a folder in the place of another, which is removed. */
async function exchange(temporary: string, path: string): Promise<void> {
  if (await swap(temporary, path)) return rm(temporary, { recursive: true, force: true });
  const old = besides(path, 'old');
  await rename(path, old);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rename(old, path);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** Of a stream nothing is known. */
function sizeOf(content: Content | Stream): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return content instanceof Uint8Array ? content.length : 0;
}
