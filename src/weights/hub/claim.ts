// A download under way is a file that one process has locked. What a process leaves behind when its connection breaks, or
// when it dies, is locked by nobody, and the next one goes on with it.

import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { namesIn } from '../../files/files.js';
import { isAt, lockOpen } from '../../files/lock.js';
import { codeOf } from '../../files/refusal.js';

/** `NAME.incomplete`, or `NAME.ID.incomplete` while somebody fetches it or was killed at it. */
const SUFFIX = '.incomplete';

/** The part that nobody fetches now. */
export const freePart = (path: string): string => `${path}${SUFFIX}`;

export interface Part extends AsyncDisposable {
  /** Where to append to; there is what others left behind, if anything. */
  readonly path: string;
}

/** A part of a file that this call alone fetches, until it is disposed of: then the next one may go on with it. */
export async function claimPart(path: string): Promise<Part> {
  for (const left of await partsOf(path)) {
    const part = await claim(left, path, 'r+');
    if (part) return part;
  }
  for (;;) {
    const part = await claim(`${path}.${randomUUID().slice(0, 8)}${SUFFIX}`, path, 'wx');
    if (part) return part;
  }
}

/** @returns null when it is another's, or no more there */
async function claim(name: string, path: string, flags: 'r+' | 'wx'): Promise<Part | null> {
  const file = await open(name, flags).catch((error) => {
    const isAnothers = flags === 'r+' && ['ENOENT', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '');
    if (!isAnothers) throw error;
  });
  if (!file) return null;
  if (lockOpen(file) === 'taken' || !(await isAt(file, name))) {
    await file.close();
    return null;
  }
  return {
    path: name,
    async [Symbol.asyncDispose]() {
      const { size } = await file.stat();
      const leave = size > 0 ? rename(name, freePart(path)) : rm(name, { force: true });
      await leave.catch((error) => {
        if (codeOf(error) !== 'ENOENT') throw error; // it has its own name now
      });
      await file.close();
    },
  };
}

async function partsOf(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  return (await namesIn(folder))
    .filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(SUFFIX))
    .map((name) => join(folder, name));
}
