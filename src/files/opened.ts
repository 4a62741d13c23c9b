// Files that are opened once: what is looked at and what is read is one handle, whatever its name stands for meanwhile.
// A pipe or a device in the place of a file never keeps anybody waiting.

import { constants, fsync } from 'node:fs';
import { type FileHandle, lstat, open, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fail } from '../error/index.js';
import { codeOf } from './refusal.js';

/** Opens a file or a folder for reading. @throws the system's error; `file` for what is neither */
export type Open = (path: string) => Promise<FileHandle>;

/** Follows symbolic links: for what users name themselves. */
export const openFile: Open = (path) => openPlain(path, 0);

/**
 * Follows no symbolic link anywhere on the path, also none that took the place of a file or folder a moment ago.
 *
 * @param path  absolute and real, as `realpath` gives it
 * @throws the system's error; ELOOP where a part of the path is a link now
 */
export const openReal: Open = async (path) => {
  const file = await openPlain(path, constants.O_NOFOLLOW ?? 0); // Windows has none
  if (await isAt(file, resolve(path))) return file;
  await file.close();
  throw Object.assign(new Error(`ELOOP: a part of the path is a symbolic link, open '${path}'`), { code: 'ELOOP' });
};

/** Opens a file, gives it to `use` and closes it, whatever happens. */
export async function withFile<T>(path: string, openIt: Open, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openIt(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/**
 * Waits until what was written into a file is on the disk. By its number, since handles of Yarn's Plug'n'Play have no `sync`,
 * as they cannot be disposed of.
 */
export const flush = (file: FileHandle): Promise<void> => promisify(fsync)(file.fd);

async function openPlain(path: string, flags: number): Promise<FileHandle> {
  const { O_RDONLY, O_NONBLOCK = 0 } = constants; // else opening a pipe waits for who writes to it; Windows has none
  const file = await open(path, O_RDONLY | O_NONBLOCK | flags).catch((error) =>
    codeOf(error) === 'ENXIO' ? failSpecial(path, 'a socket') : Promise.reject(error),
  );
  const info = await file.stat();
  if (info.isFile() || info.isDirectory()) return file;
  await file.close();
  return failSpecial(path, info.isFIFO() ? 'a pipe' : 'a device');
}

function failSpecial(where: string, got: string): never {
  fail('file', { where, what: 'is no file', got, expected: 'a file', fix: 'copy what it gives into a file' });
}

/** Whether an open file is what the path itself leads to, without links. */
async function isAt(file: FileHandle, path: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const name = await readlink(`/proc/self/fd/${file.fd}`).catch(() => null); // what the system itself says
    if (name !== null) return name === path;
  }
  for (let look = 0; look < LOOKS; look++) if (!(await isPlainlyAt(file, path))) return false;
  return true;
}

/** Elsewhere the parts of the path are looked at one by one: whoever exchanges them has to be in time again and again. */
const LOOKS = 3;

async function isPlainlyAt(file: FileHandle, path: string): Promise<boolean> {
  const [opened, named] = await Promise.all([file.stat({ bigint: true }), lstat(path, { bigint: true })]);
  if (opened.dev !== named.dev || opened.ino !== named.ino) return false;
  for (let part = dirname(path); part !== dirname(part); part = dirname(part))
    if ((await lstat(part)).isSymbolicLink()) return false;
  return true;
}
