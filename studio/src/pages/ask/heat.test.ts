import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colour, smooth } from './heat.js';

const checker = { rows: 2, columns: 3, values: [0, 1, 0, 1, 0, 0.5] };

test('a grid smoothed to its own size is itself', () => {
  assert.deepEqual([...smooth(checker, 3, 2)], checker.values);
});

test('at the middle of a cell the smooth picture has its value, between cells something between', () => {
  const picture = smooth(checker, 9, 6); // three pixels a cell
  const at = (x: number, y: number) => picture[y * 9 + x] as number;
  assert.ok(Math.abs(at(4, 1) - 1) < 1e-6);
  assert.ok(Math.abs(at(7, 4) - 0.5) < 1e-6);
  assert.ok(at(2, 1) > 0 && at(2, 1) < at(3, 1) && at(3, 1) < 1);
});

test('one hot cell stays between 0 and 1, and is highest where it is', () => {
  const values = Array.from({ length: 16 }, (_, i) => Number(i === 6));
  const picture = smooth({ rows: 4, columns: 4, values }, 64, 64);
  assert.ok(picture.every((value) => value >= 0 && value <= 1));
  const highest = picture.indexOf(Math.max(...picture));
  assert.deepEqual([Math.floor((highest % 64) / 16), Math.floor(highest / 64 / 16)], [2, 1]);
});

test('what was not looked at is transparent, what was most is opaque and light', () => {
  const pixels = colour(Float32Array.of(0, 0.5, 1));
  const [none, half, most] = [0, 1, 2].map((i) => [...pixels.slice(4 * i, 4 * i + 4)]);
  assert.equal(none?.[3], 0);
  assert.deepEqual(most, [240, 249, 33, 255]);
  assert.ok((half?.[3] ?? 0) > 0 && (half?.[3] ?? 0) < 255);
});
