// What the files of a library hold, as hashes; only files are read whose size or time is not as it was.

import { chunksOf, fewAtOnce } from '../data/items/index.js';
import { reason, UniAdapterError } from '../error/index.js';
import { refuse, sha256 } from '../files/files.js';
import { openReal, withFile } from '../files/opened.js';
import { type IndexEvent, progressOf } from './events.js';
import type { HashedFile } from './plan.js';
import { type LibraryFile, pathOf, type Scan } from './scan.js';
import type { KnownRow } from './types.js';

/** Files between two words about progress. */
const FILES = 64;

/**
 * Hashes what is not known.
 *
 * @returns all files of the scan, in order; those it did not come to when `signal` was aborted are missing
 */
export async function* hashFiles(
  { root, files }: Scan,
  known: readonly KnownRow[],
  signal: AbortSignal,
): AsyncGenerator<IndexEvent, readonly HashedFile[]> {
  const before = new Map(known.filter(({ content }) => content !== '').map((row) => [row.path, row]));
  const contents = new Map<string, HashedFile>();
  const unknown: LibraryFile[] = [];
  for (const file of files) {
    const row = before.get(file.path);
    if (row?.bytes === file.bytes && row.modified === file.modified)
      contents.set(file.path, { ...file, content: row.content, problem: null });
    else unknown.push(file);
  }
  const progress = progressOf('reading', unknown.length);
  let done = 0;
  for (const some of chunksOf(unknown, FILES)) {
    if (signal.aborted) break;
    const hashed = await fewAtOnce(some.length, (i) => hash(root, some[i] as LibraryFile));
    for (const file of hashed) contents.set(file.path, file);
    done += some.length;
    yield progress(done);
  }
  return files.flatMap(({ path }) => contents.get(path) ?? []);
}

async function hash(root: string, file: LibraryFile): Promise<HashedFile> {
  const path = pathOf(root, file.path);
  try {
    const content = await withFile(path, openReal, sha256).catch((error) => refuse(error, path, 0));
    return { ...file, content, problem: null };
  } catch (error) {
    if (!(error instanceof UniAdapterError)) throw error;
    return { ...file, content: '', problem: reason(error.problem) };
  }
}
