// Letters at the ends of curves do not cover each other, and stay as near as that allows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spread } from './curves.js';

test('what is far enough apart stays where it is', () => {
  assert.deepEqual(spread([1, 2, 4], 1), [1, 2, 4]);
  assert.deepEqual(spread([], 1), []);
});

test('what is level is moved apart both ways, and others make room', () => {
  assert.deepEqual(spread([5, 5], 1), [4.5, 5.5]);
  assert.deepEqual(spread([4, 5, 6], 2), [3, 5, 7]);
});

test('all are as far apart as wanted, in the same order, with the same mean', () => {
  const ascending = fc.array(fc.double({ min: -100, max: 100, noNaN: true })).map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(ascending, fc.double({ min: 0.01, max: 10, noNaN: true }), (values, gap) => {
      const moved = spread(values, gap);
      const sum = (all: readonly number[]) => all.reduce((total, value) => total + value, 0);
      assert.ok(moved.every((value, i) => i === 0 || value - (moved[i - 1] as number) > gap - 1e-9));
      assert.ok(Math.abs(sum(moved) - sum(values)) < 1e-6);
    }),
  );
});
