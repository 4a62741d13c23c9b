// Weights of the right sizes and spread without drawing hundreds of millions of numbers.

import { sizeOf } from '../src/compiler/tensor/index.js';
import type { Declaration, Initial } from '../src/model/nn/index.js';
import { stream } from '../src/random/index.js';

const table = (() => {
  const draws = stream(0, 'bench weights', 0);
  return new Float32Array(65_521).map(() => draws.normal()); // a prime, so that rows of a matrix differ
})();

/**
 * Every declared parameter from one table of normal numbers. Zeros start small instead, so that no product is trivial.
 * Each starts elsewhere in the table: ONNX Runtime keeps equal matrices once when it packs them.
 */
export function randomWeights(declarations: readonly Declaration[]): Record<string, Float32Array> {
  return Object.fromEntries(
    declarations.map(({ path, shape, initial }, i) => [path, numbers(sizeOf(shape), initial, 101 * i)]),
  );
}

/** N(0, deviation²), repeating. @param start  in the table */
export function normal(length: number, deviation: number, start = 0): Float32Array {
  const from = start % table.length;
  const scaled = Float32Array.of(...table.subarray(from), ...table.subarray(0, from)).map((x) => x * deviation);
  const values = new Float32Array(length);
  for (let at = 0; at < length; at += scaled.length) values.set(scaled.subarray(0, length - at), at);
  return values;
}

function numbers(length: number, initial: Initial, start: number): Float32Array {
  if (initial.kind === 'constant')
    return initial.value === 0 ? normal(length, 0.02, start) : new Float32Array(length).fill(initial.value);
  return normal(length, initial.kind === 'uniform' ? initial.bound / Math.sqrt(3) : initial.deviation, start);
}
