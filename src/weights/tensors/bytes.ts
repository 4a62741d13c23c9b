// Parts of files: what is wanted is read by its offset, never with what lies around it.

import { type FileHandle, open } from 'node:fs/promises';
import { fail } from '../../error/index.js';
import { refuse } from '../../files/files.js';
import { elementBytes, elementCount, type NamedArray, type StoredTensor } from '../../format/index.js';
import { arrayIn } from './tensors.js';

/** Works on an open file. @throws file  when it is missing or not readable */
export async function withFile<T>(path: string, work: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error) => refuse(error, path, 0));
  try {
    return await work(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** Fills `target` with the file's bytes from `start`. @throws format  when there are fewer */
export async function readInto(file: FileHandle, target: Uint8Array, start: number, where: string): Promise<void> {
  for (let at = 0; at < target.length; ) {
    const { bytesRead } = await file.read(target, at, target.length - at, start + at);
    if (bytesRead === 0)
      fail('format', {
        where,
        what: `the file is cut off: ${target.length - at} bytes are missing`,
        fix: 'copy or download it again',
      });
    at += bytesRead;
  }
}

/** The first bytes of a file, at most `length`. */
export async function readStart(path: string, length: number): Promise<Uint8Array> {
  return withFile(path, async (file, size) => {
    const bytes = new Uint8Array(Math.min(size, length));
    await readInto(file, bytes, 0, path);
    return bytes;
  });
}

/** A tensor of a file as an array whose bytes are read at every access; those of transposed ones are put in order. */
export function arrayOf(tensor: StoredTensor): NamedArray {
  const array = arrayIn(tensor);
  if (!tensor.strides) return array;
  return {
    ...{ dtype: tensor.dtype, shape: tensor.shape },
    get bytes() {
      return gathered(array.bytes, tensor);
    },
  };
}

/** Elements of a transposed or expanded tensor in row-major order. */
function gathered(bytes: Uint8Array, { dtype, shape, strides = [] }: StoredTensor): Uint8Array {
  const size = elementBytes[dtype];
  const result = new Uint8Array(elementCount(shape) * size);
  const index = shape.map(() => 0);
  for (let at = 0; at < result.length; at += size) {
    const from = index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0) * size;
    result.set(bytes.subarray(from, from + size), at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] as number) + 1) % (shape[axis] as number);
      if (index[axis] !== 0) break;
    }
  }
  return result;
}
