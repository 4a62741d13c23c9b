// A folder of state belongs to one server at a time: two would remove each other's uploads and run each other's jobs.

import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../error/index.js';
import { makeFolder } from '../files.js';

/** @returns how to give the folder up @throws file  when a server that lives has it */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await makeFolder(folder);
  const path = join(folder, 'lock');
  for (let tries = 0; tries < 3; tries++) {
    const isOurs = await claim(path);
    if (isOurs) return () => rm(path, { force: true });
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner !== process.pid && isAlive(owner)) refuseTaken(folder, owner);
    await rm(path, { force: true }); // of a process that is no more
  }
  return fail('file', { where: folder, what: 'cannot be locked', fix: 'name another folder with --state' });
}

async function claim(path: string): Promise<boolean> {
  try {
    await using file = await open(path, 'wx');
    await file.writeFile(`${process.pid}`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function refuseTaken(folder: string, owner: number): never {
  fail('file', {
    where: folder,
    what: 'another server keeps its state there',
    got: `process ${owner}`,
    fix: 'end it, or name another folder with --state',
  });
}
