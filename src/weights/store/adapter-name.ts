// Which adapter a path or a name means.

import { dirname, join } from 'node:path';
import { fail } from '../../error/index.js';
import { found, readBytes } from '../../files/files.js';
import { cachedSnapshot, parseRepo, refuseAbsent } from '../hub/cache.js';
import { runFolder } from './run-folder.js';

/** The adapter folder that a path or a repository that was pulled means, or the one in a run folder; null for neither. */
export async function findAdapter(path: string): Promise<string | null> {
  for (const folder of [path, runFolder(path).adapter]) if (await exists(join(folder, 'adapter.json'))) return folder;
  const repo = (await exists(path)) ? null : parseRepo(path);
  const pulled = repo && (await cachedSnapshot(repo));
  return pulled && (await exists(join(pulled, 'adapter.json'))) ? pulled : null;
}

/** The same. @throws `file` when there is none */
export async function adapterFolder(path: string): Promise<string> {
  const found = await findAdapter(path);
  if (found) return found;
  if (!(await exists(path))) {
    if (parseRepo(path) && !(await exists(dirname(path)))) refuseAbsent('adapter', path);
    await readBytes(path); // fails, naming the most similar path
  }
  return fail('file', {
    where: path,
    what: 'is no adapter',
    expected: 'a folder with adapter.json, or the folder of a finished run',
    fix: (await exists(runFolder(path).checkpoint))
      ? `its training is not finished; continue with uniadapter train --out ${path} --resume, or write the best so far with --finish`
      : 'train one with uniadapter train',
  });
}

export const exists = async (path: string): Promise<boolean> => (await found(path)) !== null;
