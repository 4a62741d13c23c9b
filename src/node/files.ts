// Files that are either complete or not there. Everything is written beside its place, flushed to the disk, and renamed;
// system errors become sentences that say what to do.

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  appendFile,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { closest, distance } from 'fastest-levenshtein';
import { fail } from '../error/index.js';

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
export async function writeAtomically(path: string, content: Content, write: Write = writeAll): Promise<void> {
  const temporary = besides(path, 'tmp');
  try {
    await writeThrough(temporary, content, write);
    await rename(temporary, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    await refuse(error, path, sizeOf(content));
  }
}

/**
 * Writes a folder of files under its name only when all are complete, replacing an older folder of the same files.
 * Should the machine stop between the two renames of a replacement, {@link recoverFolder} brings the older folder back.
 * @param files file name → content; the folder above `path` must exist
 * @throws `file` as {@link writeAtomically}, and when the folder holds anything else, which would be lost
 */
export async function writeFolderAtomically(
  path: string,
  files: ReadonlyMap<string, Content | Stream>,
  write: Write = writeAll,
): Promise<void> {
  const temporary = besides(path, 'tmp');
  const replaces = await isReplaceable(path, files);
  try {
    await mkdir(temporary);
    for (const [name, content] of files) await writeThrough(join(temporary, name), content, write);
    await flushFolder(temporary);
    await (replaces ? exchange(temporary, path) : rename(temporary, path));
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true, recursive: true });
    await refuse(
      error,
      path,
      [...files.values()].map(sizeOf).reduce((a, b) => a + b, 0),
    );
  }
}

/** Makes a folder and those above it, if they are not there. @throws `file` */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error) => refuse(error, path, 0));
}

/**
 * Opens a file of lines to add to; a last line that a crash cut off keeps a line of its own.
 *
 * @returns adds a line @throws `file` as {@link writeAtomically}
 */
export async function openLines(path: string): Promise<(line: string) => Promise<void>> {
  const before = await readFile(path).catch(() => new Uint8Array());
  if (before.length > 0 && before.at(-1) !== 10) await addTo(path, '\n');
  return (line) => addTo(path, `${line}\n`);
}

/** Adds to the end of a file, which is made if it is not there. @throws `file` as {@link writeAtomically} */
export async function addTo(path: string, content: Content): Promise<void> {
  await appendFile(path, content).catch((error) => refuse(error, path, sizeOf(content)));
}

/**
 * Ends what a crash interrupted: brings back a folder that was being replaced, and removes what was half written.
 * Only for the process that writes to `path`.
 */
export async function recoverFolder(path: string): Promise<void> {
  const parent = dirname(resolve(path));
  const names = await readdir(parent).catch(() => [] as string[]);
  const prefix = `.${basename(resolve(path))}.`;
  const leftovers = names.filter(
    (name) => name.startsWith(prefix) && /^[0-9a-f]{8}\.(tmp|old)$/.test(name.slice(prefix.length)),
  );
  const old = leftovers.find((name) => name.endsWith('.old'));
  if (old && !names.includes(basename(resolve(path)))) await rename(join(parent, old), path);
  for (const name of leftovers) await rm(join(parent, name), { recursive: true, force: true });
}

/**
 * Reads a whole file, of any size that memory holds.
 * @throws `file` when it is missing (naming the most similar entry of the folder), a folder, or not readable
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path);
    const bytes = new Uint8Array((await file.stat()).size);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, Math.min(bytes.length - at, 2 ** 30), at); // a call reads < 2 GiB
      if (bytesRead === 0) fail('file', { where: path, what: 'the file became shorter while it was read' });
      at += bytesRead;
    }
    return bytes;
  } catch (error) {
    return await refuse(error, path, 0);
  }
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
  const present = await readdir(folder).catch(() => [] as string[]);
  for (const name of [...names, ...optional.filter((name) => present.includes(name))])
    files.set(name, await readBytes(join(folder, name)));
  return files;
}

/**
 * Reads a whole text file.
 *
 * @throws `file` as {@link readBytes}, `data` when it is not UTF-8
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail('data', { where: path, what: 'is not text', expected: 'UTF-8', fix: 'save it as UTF-8', cause });
  }
}

/**
 * SHA-256 in hex, of bytes or of the file with this path, which is streamed.
 * @throws `file` as {@link readBytes}
 */
export async function sha256(source: Uint8Array | string): Promise<string> {
  const hash = createHash('sha256');
  if (typeof source !== 'string') return hash.update(source).digest('hex');
  try {
    await pipeline(createReadStream(source), hash);
    return hash.digest('hex');
  } catch (error) {
    return await refuse(error, source, 0);
  }
}

/** A hidden name in the same folder: renaming is atomic only within one file system. */
function besides(path: string, purpose: 'tmp' | 'old'): string {
  return join(dirname(path), `.${basename(resolve(path))}.${randomUUID().slice(0, 8)}.${purpose}`);
}

async function writeThrough(path: string, content: Content | Stream, write: Write): Promise<void> {
  await using file = await open(path, 'wx');
  await (typeof content === 'string' || content instanceof Uint8Array
    ? write(file, content)
    : writeFile(file, content));
  await file.sync();
}

/** Makes a rename survive a power cut, where the system can do that: Windows and some network disks cannot. */
async function flushFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path);
    await folder.sync();
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

async function exchange(temporary: string, path: string): Promise<void> {
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

/** Turns a system error about a path into ours. @param neededBytes  that were to be written */
export async function refuse(cause: unknown, path: string, neededBytes: number): Promise<never> {
  const where = path;
  switch (codeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fail('file', {
        where,
        what: `no room left: ${megabytes(neededBytes)} needed, ${await freeSpace(dirname(path))} free`,
        fix: 'make room, or write somewhere else',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fail('file', {
        where,
        what: 'no permission',
        fix: 'check the owner and the mode of the file and its folder',
        cause,
      });
    case 'ENOENT':
      return fail('file', { where, what: 'does not exist', ...(await nearest(path)), cause });
    case 'ENOTDIR':
      return fail('file', { where, what: 'a part of the path is a file, expected a folder', cause });
    case 'EEXIST':
      return fail('file', { where, what: 'is a file, expected a folder', fix: 'choose another name', cause });
    case 'EISDIR':
      return fail('file', { where, what: 'is a folder, expected a file', cause });
    default:
      if (cause instanceof Error && 'syscall' in cause) {
        return fail('file', { where, what: `the system refused: ${cause.message}`, cause });
      }
      throw cause;
  }
}

/** What is missing may be a folder above the path; names the existing entry most like it. */
async function nearest(path: string): Promise<{ got?: string; fix?: string }> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) {
    if (folder === dirname(folder)) return {};
    return { got: `no folder ${folder}`, ...(await nearest(folder)) };
  }
  const missing = basename(path);
  const name = names.length > 0 ? closest(missing, names) : '';
  return distance(missing, name) <= missing.length / 2 ? { fix: `did you mean ${join(folder, name)}?` } : {};
}

async function freeSpace(folder: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return megabytes(bavail * bsize);
  } catch {
    return 'an unknown amount';
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Of a stream nothing is known. */
function sizeOf(content: Content | Stream): number {
  if (typeof content === 'string') return Buffer.byteLength(content);
  return content instanceof Uint8Array ? content.length : 0;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
