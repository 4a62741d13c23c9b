import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resizePositions } from './index.js';

const width = 2;
/** A class token of 9s and a grid of f(row, column) in both columns. */
const table = (side: number, f: (row: number, column: number) => number) =>
  Float32Array.from({ length: (side * side + 1) * width }, (_, i) => {
    const position = Math.floor(i / width) - 1;
    return position < 0 ? 9 : f(Math.floor(position / side), position % side);
  });

test('the same size is left alone, a constant stays constant, and the class token is never touched', () => {
  const constant = table(4, () => 3);
  assert.equal(resizePositions(constant, width, 4), constant);
  const larger = resizePositions(constant, width, 7);
  assert.deepEqual([...larger.subarray(0, width)], [9, 9]);
  assert.ok(larger.subarray(width).every((v) => Math.abs(v - 3) < 1e-6));
});

test('values are those of a cubic convolution with a = −0.75, rows and columns not mixed up', () => {
  // Doubling puts targets a quarter beside sources, where the weights are −0.10546875, 0.87890625, 0.26171875, −0.03515625.
  const step = table(8, (_, column) => Number(column >= 4));
  const channel = resizePositions(step, width, 16).filter((_, i) => i % width === 0);
  const row = channel.subarray(1 + 5 * 16, 1 + 6 * 16);
  assert.deepEqual([...row.subarray(6, 10)], [-0.10546875, 0.2265625, 0.7734375, 1.10546875]);
});

test('a table that is no square grid is refused', () => {
  assert.throws(() => resizePositions(new Float32Array(6 * width), width, 2), /not of a square grid/);
});
