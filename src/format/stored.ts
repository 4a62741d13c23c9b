// A tensor that is still in its file: what it is and where its bytes are. Whoever needs the numbers reads or maps them.

import type { SafeDtype } from './array.js';

export interface StoredTensor {
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  /** Path of the file. */
  readonly file: string;
  /** Byte of the file at which the first element starts. */
  readonly start: number;
  /** Bytes from the first element to the end of the last one. */
  readonly bytes: number;
  /** Elements from one index to the next along each axis; absent when they are row-major without gaps. */
  readonly strides?: readonly number[];
}

/** By name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;
