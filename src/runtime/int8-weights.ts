// Frozen matrices in int8: quantised once, when a program first needs them, and shared by all programs of a model.

import { float32Of, type NamedArray } from '../format/index.js';
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
      const quantised = quantise(matrix.transposed ? transposed(matrixOf(array)) : matrixOf(array));
      const made = { [values]: quantised.values, [scales]: quantised.scales };
      known.set(values, made);
      return made;
    },
  };
}

interface Matrix {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

function matrixOf(array: NamedArray): Matrix {
  const [rows, columns] = array.shape as [number, number];
  return { data: float32Of(array), rows, columns };
}

function transposed({ data: from, rows, columns }: Matrix): Matrix {
  const data = new Float32Array(from.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) data[column * rows + row] = from[row * columns + column] as number;
  return { data, rows: columns, columns: rows };
}

/** Each column in steps of its own largest value over 64. */
function quantise({ data, rows, columns }: Matrix): { readonly values: Int8Array; readonly scales: Float32Array } {
  const scales = new Float32Array(columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      scales[column] = Math.max(scales[column] as number, Math.abs(data[row * columns + column] as number));
  for (let column = 0; column < columns; column++) scales[column] = (scales[column] as number) / LARGEST || 1; // of zeros
  const values = new Int8Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      values[i] = Math.round((data[i] as number) / (scales[column] as number));
    }
  return { values, scales };
}
