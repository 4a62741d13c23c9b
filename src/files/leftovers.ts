// Temporary names, and what a process that was killed leaves under them. Whether its writer lives is told by a lock, never
// by age; so what is left over goes when the next process writes into the folder, and what is being written stays.

import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isAt, lockOpen, takeLock } from './lock.js';
import { codeOf } from './refusal.js';

/** `.NAME.uniadapter-ID.tmp` is being written, `.NAME.uniadapter-ID.old` is being replaced. */
const TEMPORARY = /^\.(.+)\.uniadapter-[0-9a-f]{8}\.(?:tmp|old)$/;

/** A hidden name in the same folder: renaming is atomic only within one file system. */
export function besides(path: string, purpose: 'tmp' | 'old'): string {
  return join(dirname(path), `.${basename(resolve(path))}.uniadapter-${randomUUID().slice(0, 8)}.${purpose}`);
}

/** The lock of who writes a folder as a whole. */
export const lockBeside = (path: string): string => join(dirname(path), `.${basename(resolve(path))}.lock`);

/** What the name of a temporary file or folder stands for; undefined for other names. */
export const standsFor = (name: string): string | undefined => TEMPORARY.exec(name)?.[1];

export interface Temporary extends AsyncDisposable {
  readonly path: string;
  /** Locked, so that everybody sees that it is being written. */
  readonly file: FileHandle;
}

/** Begins a file that is to be renamed to `path`; what has not been renamed when it is disposed of is removed. */
export async function openTemporary(path: string): Promise<Temporary> {
  for (;;) {
    const temporary = besides(path, 'tmp');
    const file = await open(temporary, 'wx');
    if (lockOpen(file) !== 'taken' && (await isAt(file, temporary)))
      return {
        ...{ path: temporary, file },
        async [Symbol.asyncDispose]() {
          await rm(temporary, { force: true });
          await file.close();
        },
      };
    await file.close(); // who cleans up saw it before it was locked, and removes it
  }
}

const swept = new Map<string, Promise<void>>();

/** Removes what processes that were killed left in a folder, the first time that this process writes there. */
export function sweepOnce(folder: string): Promise<void> {
  const key = resolve(folder);
  const before = swept.get(key);
  if (before) return before;
  const sweeping = sweep(key).catch(() => undefined); // whoever may not remove it may still write
  swept.set(key, sweeping);
  return sweeping;
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const wanted = standsFor(name);
    if (wanted === undefined) continue;
    const path = join(folder, name);
    const isFolder = (await lstat(path)).isDirectory();
    await (isFolder ? recoverFolder(join(folder, wanted)) : removeAbandoned(path));
  }
}

/** Removes a temporary file unless somebody is writing it. */
async function removeAbandoned(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    if (lockOpen(file) === 'ours') await rm(path, { force: true });
  } finally {
    await file.close();
  }
}

/**
 * Ends what a crash interrupted: brings back a folder that was being replaced, and removes what was half written. While
 * another process writes the folder, nothing is done.
 */
export async function recoverFolder(path: string): Promise<void> {
  if ((await leftoversOf(path)).length === 0) return;
  await using lock = await takeLock(lockBeside(path));
  if (lock) await recoverLocked(path);
}

/** {@link recoverFolder} for who has the folder's lock. */
export async function recoverLocked(path: string): Promise<void> {
  const parent = dirname(resolve(path));
  const leftovers = await leftoversOf(path);
  const old = leftovers.find((name) => name.endsWith('.old'));
  if (old && !(await isThere(path))) await rename(join(parent, old), path);
  for (const name of leftovers) await rm(join(parent, name), { recursive: true, force: true });
}

async function leftoversOf(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(resolve(path))).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => standsFor(name) === basename(resolve(path)));
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
