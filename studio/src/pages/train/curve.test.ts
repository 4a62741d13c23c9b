import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smoothed } from './curve.js';

test('a constant stays what it is from the first step on', () => {
  for (const value of smoothed([3, 3, 3, 3], 10)) assert.ok(Math.abs(value - 3) < 1e-12);
});

test('a span of one changes nothing', () => {
  assert.deepEqual(smoothed([5, 1, 4], 1), [5, 1, 4]);
});

test('noise shrinks, and the level after a fall is reached', () => {
  const noisy = Array.from({ length: 400 }, (_, i) => (i < 200 ? 4 : 1) + (i % 2 ? 0.5 : -0.5));
  const curve = smoothed(noisy, 20);
  assert.ok(Math.abs((curve[199] as number) - 4) < 0.05);
  assert.ok(Math.abs((curve[399] as number) - 1) < 0.05);
});
