// Frozen matrices in int8: quantised once, when a program first needs them, and shared by all programs of a model.

import { float32Of, type NamedArray } from '../../format/index.js';
import { type Int8Matrix, int8Names } from '../onnx/index.js';
import type { Feeds } from './backend.js';

/**
 * The largest value of a matrix. ONNX Runtime adds pairs of products in 16 bits on processors without VNNI, and cuts off
 * what does not fit: 2 · 255 · 64 does, 2 · 255 · 127 would not.
 */
const LARGEST = 64;

export interface Int8Weights {
  /** The inputs, of float32 programs, that they stand for. */
  readonly names: ReadonlySet<string>;
  /** What the inputs of {@link int8Names} are fed with. */
  feeds(matrix: Int8Matrix): Feeds;
}

/** @param matrices  f32 [outputs, inputs] by input name */
export function createInt8Weights(matrices: Readonly<Record<string, NamedArray>>): Int8Weights {
  const known = new Map<string, Feeds>();
  return {
    names: new Set(Object.keys(matrices)),
    feeds(matrix) {
      const { values, scales } = int8Names(matrix);
      const found = known.get(values);
      if (found) return found;
      const array = matrices[matrix.source] as NamedArray;
      const shape = array.shape as [number, number];
      const quantised = (matrix.transposed ? ofRows : ofColumns)(float32Of(array), shape);
      const made = { [values]: quantised.values, [scales]: quantised.scales };
      known.set(values, made);
      return made;
    },
  };
}

interface Quantised {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** [outputs, inputs] by its rows, turned over. */
function ofRows(data: Float32Array, [rows, columns]: readonly [number, number]): Quantised {
  const values = new Int8Array(data.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = data.subarray(row * columns, (row + 1) * columns);
    const scale = scaleOf(largestOf(from));
    scales[row] = scale;
    for (let column = 0; column < columns; column++)
      values[column * rows + row] = Math.round((from[column] as number) / scale);
  }
  return { values, scales };
}

/** [inputs, outputs] by its columns. */
function ofColumns(data: Float32Array, [rows, columns]: readonly [number, number]): Quantised {
  const largest = new Float32Array(columns);
  for (let row = 0, i = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, i++) {
      const size = Math.abs(data[i] as number);
      if (size > (largest[column] as number)) largest[column] = size;
    }
  const scales = largest.map(scaleOf);
  const values = new Int8Array(data.length);
  for (let row = 0, i = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, i++)
      values[i] = Math.round((data[i] as number) / (scales[column] as number));
  return { values, scales };
}

function largestOf(row: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) {
    const size = Math.abs(row[i] as number);
    if (size > largest) largest = size;
  }
  return largest;
}

/** Of nothing but zeros any scale will do. */
const scaleOf = (largest: number): number => Math.fround(largest / LARGEST) || 1;
