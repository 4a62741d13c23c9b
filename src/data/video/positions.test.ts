import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stream } from '../../random/index.js';
import { positions } from './positions.js';

test('without draws the middles of equal segments are taken', () => {
  assert.deepEqual(positions(4, null), [0.125, 0.375, 0.625, 0.875]);
  assert.deepEqual(positions(1, null), [0.5]);
});

test('with draws there is one position in each segment, the same for the same stream', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (frames, index) => {
      const drawn = positions(frames, stream(7, 'frames', index));
      assert.deepEqual(drawn, positions(frames, stream(7, 'frames', index)));
      assert.deepEqual(
        drawn.map((position) => Math.floor(position * frames + 1e-9)),
        [...Array(frames).keys()],
      );
    }),
  );
});

test('other clips and epochs get other frames', () => {
  const first = (index: number) => positions(8, stream(7, 'frames', index)).join();
  assert.notEqual(first(1), first(2));
});
