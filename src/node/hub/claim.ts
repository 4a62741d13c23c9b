// A download under way is a file of one process alone: its name says whose. What a process leaves behind when its
// connection breaks, or when it dies, the next one takes over by renaming it, which only one of several can do.

import { randomUUID } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** `NAME.incomplete` is nobody's, `NAME.HOST.PID.ID.incomplete` a process's. */
const SUFFIX = '.incomplete';
const host = hostname().replaceAll(/[^\w-]/g, '-');

/** The part that nobody fetches now. */
export const freePart = (path: string): string => `${path}${SUFFIX}`;

/**
 * A name for the part of a file that this call fetches, with what others left behind of it, if anything.
 *
 * @returns the part's path; there is no file if nothing was left behind
 */
export async function claimPart(path: string): Promise<string> {
  const own = `${path}.${host}.${process.pid}.${randomUUID().slice(0, 8)}${SUFFIX}`;
  for (const left of await abandoned(path)) {
    const isOurs = await rename(left, own).then(
      () => true,
      () => false, // another process was faster
    );
    if (isOurs) break;
  }
  return own;
}

/** Gives a part up for the next one to go on with. */
export async function leavePart(part: string, path: string): Promise<void> {
  await rename(part, freePart(path)).catch(() => {}); // nothing came
}

/** Parts of a file that are nobody's, or of processes of this machine that are no more. */
async function abandoned(path: string): Promise<readonly string[]> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(SUFFIX))
    .filter((name) => {
      const owner = name.slice(basename(path).length + 1, -SUFFIX.length).split('.');
      return name === basename(freePart(path)) || (owner[0] === host && !isAlive(Number(owner[1])));
    })
    .map((name) => join(folder, name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
