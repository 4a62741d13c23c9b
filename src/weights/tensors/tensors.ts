// Tensors that stay in their files: found by the header, read or mapped by whoever needs them.

import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, realpath } from 'node:fs/promises';
import { fail } from '../../error/index.js';
import { refuse } from '../../files/files.js';
import { openFile, withFile } from '../../files/opened.js';
import {
  indexSafetensors,
  type NamedArray,
  type SafetensorsContent,
  type StoredTensor,
  safetensorsDataStart,
} from '../../format/index.js';

export interface OpenedSafetensors extends SafetensorsContent {
  /** Of the whole file. */
  readonly bytes: number;
}

/** Finds the tensors of a safetensors file. @throws file or format  when it is not there or broken */
export async function openSafetensors(path: string): Promise<OpenedSafetensors> {
  const { header, size } = await withFile(path, openFile, (file) => readHeader(path, file)).catch((error) =>
    refuse(error, path, 0),
  );
  const { tensors, metadata } = indexSafetensors(header, size, path);
  const file = await realpath(path);
  const arrays = [...tensors].map(([name, tensor]) => [name, arrayIn({ ...tensor, file })] as const);
  return { arrays: new Map(arrays), metadata, bytes: size };
}

/** A row-major tensor of a file as an array. @returns its `bytes` are read at every access; throws `file` if they cannot be */
export function arrayIn({ dtype, shape, file, start, bytes }: Omit<StoredTensor, 'strides'>): NamedArray {
  return {
    dtype,
    shape,
    place: { file, start },
    get bytes() {
      return readPart(file, start, bytes);
    },
  };
}

async function readHeader(
  path: string,
  file: FileHandle,
): Promise<{ readonly header: Uint8Array; readonly size: number }> {
  const { size } = await file.stat();
  const read = async (length: number) => {
    const bytes = new Uint8Array(Math.min(length, size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  };
  return { header: await read(safetensorsDataStart(await read(8), path)), size };
}

function readPart(path: string, start: number, length: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const read = readSync(file, bytes, at, Math.min(length - at, 2 ** 30), start + at); // a call reads < 2 GiB
      if (read === 0) fail('file', { where: path, what: 'the file became shorter while it was read' });
      at += read;
    }
    return bytes;
  } finally {
    closeSync(file);
  }
}
