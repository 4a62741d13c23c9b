// Features of a library on disk, found by what a file holds: what was encoded once need not be encoded again.
// One file per model and preprocessing; it is rewritten as a whole, so other processes read the old or the new one.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32Array, float32Of, type NamedArray, readSafetensors, writeSafetensors } from '../../format/index.js';
import { makeFolder, sha256, writeAtomically } from '../files.js';

/** By the hash of a file's content, in hexadecimal. */
export type Features = ReadonlyMap<string, Float32Array>;

export interface FeatureStore {
  /** All that is known. */
  read(): Promise<Features>;
  /** Adds to what is there. @throws file  when it cannot be written */
  add(features: Features): Promise<void>;
}

/** Part of every key: raised when the same file would get another feature than before. */
const FORMAT = 1;
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
      const all = new Map([...(await readAll(path)), ...features]);
      await makeFolder(folder);
      await writeAtomically(path, packed(all));
    },
  };
}

/** Features f32 [n, P], and whose they are, u8 [n, 32]. */
function packed(features: Features): Uint8Array {
  const rows = [...features.values()];
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) data.set(row, i * width);
  const hashes = Buffer.from([...features.keys()].join(''), 'hex');
  return writeSafetensors(
    new Map<string, NamedArray>([
      ['features', float32Array([rows.length, width], data)],
      ['contents', { dtype: 'U8', shape: [rows.length, HASH_BYTES], bytes: hashes }],
    ]),
  );
}

/** Nothing, where there is no such file or it is damaged: features can be made anew. */
async function readAll(path: string): Promise<Features> {
  try {
    const { arrays } = readSafetensors(await readFile(path), path);
    const [features, contents] = [arrays.get('features') as NamedArray, arrays.get('contents') as NamedArray];
    const [count = 0, width = 0] = features.shape;
    const data = float32Of(features);
    const hashes = Buffer.from(contents.bytes).toString('hex');
    return new Map(
      Array.from({ length: count }, (_, i) => [
        hashes.slice(2 * i * HASH_BYTES, 2 * (i + 1) * HASH_BYTES),
        data.slice(i * width, (i + 1) * width),
      ]),
    );
  } catch {
    return new Map();
  }
}
