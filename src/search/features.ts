// Features of a library on disk, found by what a file holds: what was encoded once need not be encoded again.
// One file per model and preprocessing; it is rewritten as a whole, so other processes read the old or the new one, and
// carries a checksum: a bit that flipped on the disk would give other scores.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, UniAdapterError } from '../error/index.js';
import { found, makeFolder, readBytes, sha256, writeAtomically } from '../files/files.js';
import { inTurn } from '../files/lock.js';
import { float32Array, float32Of, type NamedArray, readSafetensors, writeSafetensors } from '../format/index.js';
import { arraysDigest } from '../weights/tensors/checksums.js';

/** By the hash of a file's content, in hexadecimal. */
export type Features = ReadonlyMap<string, Float32Array>;

export interface FeatureStore {
  /** All that is known. */
  read(): Promise<Features>;
  /** Adds to what is there. @throws file  when it cannot be written */
  add(features: Features): Promise<void>;
}

/** Part of every key: raised when the same file would get another feature than before. */
const FORMAT = 2;
const HASH_BYTES = 32;

/**
 * Opens the features of one model in a folder, which is made when something is added.
 *
 * @param key  all that features depend on beside the file: weights, frames, preprocessing
 */
export async function openFeatures(folder: string, key: object): Promise<FeatureStore> {
  const hash = await sha256(Buffer.from(JSON.stringify({ format: FORMAT, ...key })));
  const path = join(folder, `features-${hash}.safetensors`);
  return {
    read: () => readAll(path),
    async add(features) {
      if (features.size === 0) return;
      await makeFolder(folder);
      await inTurn(`${path}.lock`, async () => {
        const all = new Map([...(await readAll(path)), ...features]);
        await writeAtomically(path, await packed(all));
      });
    },
  };
}

/** Features f32 [n, P], and whose they are, u8 [n, 32]. */
async function packed(features: Features): Promise<Uint8Array> {
  const rows = [...features.values()];
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) data.set(row, i * width);
  const hashes = Buffer.from([...features.keys()].join(''), 'hex');
  const arrays = new Map<string, NamedArray>([
    ['features', float32Array([rows.length, width], data)],
    ['contents', { dtype: 'U8', shape: [rows.length, HASH_BYTES], bytes: hashes }],
  ]);
  return writeSafetensors(arrays, { sha256: await arraysDigest(arrays) });
}

/** Nothing, where there is no such file; a damaged one is told of and removed, since features can be made anew. */
async function readAll(path: string): Promise<Features> {
  if (!(await found(path))) return new Map();
  try {
    return await unpacked(await readBytes(path), path);
  } catch (error) {
    if (!(error instanceof UniAdapterError) || error.code === 'file') throw error;
    process.emitWarning(`${error.message}; what it held is computed again`);
    await rm(path, { force: true });
    return new Map();
  }
}

/** @throws format  when it is not what was written */
async function unpacked(bytes: Uint8Array, path: string): Promise<Features> {
  const { arrays, metadata } = readSafetensors(bytes, path);
  const [features, contents] = [arrays.get('features'), arrays.get('contents')];
  if (!features || !contents || metadata.sha256 !== (await arraysDigest(arrays)))
    return fail('format', { where: path, what: 'the cache is damaged: its checksum does not fit' });
  const [count = 0, width = 0] = features.shape;
  const data = float32Of(features);
  const hashes = Buffer.from(contents.bytes).toString('hex');
  return new Map(
    Array.from({ length: count }, (_, i) => [
      hashes.slice(2 * i * HASH_BYTES, 2 * (i + 1) * HASH_BYTES),
      data.slice(i * width, (i + 1) * width),
    ]),
  );
}
