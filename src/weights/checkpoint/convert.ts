// PyTorch files are converted once, into a backbone folder in our cache whose tensors can be mapped. A file is known again
// by its place, its size and when it was changed.

import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { found, makeFolder, type Stream, writeFolderAtomically } from '../../files/files.js';
import { inTurn } from '../../files/lock.js';
import { userCache } from '../../files/user-cache.js';
import {
  byteCount,
  type NamedArray,
  type NamedArrays,
  packBackboneSides,
  startSafetensors,
} from '../../format/index.js';
import type { Checkpoint } from './checkpoint.js';
import type { CheckpointFiles } from './files.js';

/** Where the backbone made of a checkpoint's files is, or would be. */
export async function convertedFolder({ weights, sides }: CheckpointFiles): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...weights, ...sides.values()]) {
    const path = await realpath(file);
    const { size, mtimeMs } = await stat(path);
    hash.update(JSON.stringify([path, size, mtimeMs]));
  }
  return userCache('backbones', hash.digest('hex').slice(0, 32));
}

/** The folder of a checkpoint that was converted before, else null. */
export async function findConverted(files: CheckpointFiles): Promise<string | null> {
  const folder = await convertedFolder(files);
  return (await found(join(folder, 'backbone.json'))) ? folder : null;
}

/**
 * Writes the backbone of a checkpoint as a folder in the cache. One tensor is in memory at a time. Of several processes
 * that convert the same files, one does; the others wait for it.
 *
 * @param onProgress  bytes of tensors written, and all
 * @returns the folder
 */
export async function convert(
  checkpoint: Checkpoint,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<string> {
  const folder = await convertedFolder(checkpoint.files);
  await makeFolder(dirname(folder));
  const { arrays, info, tokenizer } = checkpoint;
  const written = new Map<string, Stream | Uint8Array>([
    ['backbone.safetensors', safetensorsOf(arrays, onProgress)],
    ...packBackboneSides({ info, tokenizer }),
  ]);
  await inTurn(`${folder}.lock`, async () => {
    if (!(await findConverted(checkpoint.files))) await writeFolderAtomically(folder, written);
  });
  return folder;
}

async function* safetensorsOf(arrays: NamedArrays, onProgress: (done: number, all: number) => void): Stream {
  const { header, order, dataBytes } = startSafetensors(arrays, { format: 'pt' });
  yield header;
  let done = 0;
  for (const name of order) {
    const array = arrays.get(name) as NamedArray;
    yield array.bytes;
    done += byteCount(array);
    onProgress(done, dataBytes);
  }
}
