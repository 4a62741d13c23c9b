import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLIP_MEAN, CLIP_STD, toTensor } from './normalise.js';

test('channels become planes, and each value is (v / 255 − mean) / std in float32', () => {
  const data = Uint8Array.of(0, 128, 255, 7, 8, 9); // 2×1 pixels
  const out = new Float32Array(8).fill(-1);
  toTensor({ width: 2, height: 1, data }, CLIP_MEAN, CLIP_STD, out, 1);
  const value = (v: number, c: number) => (v / 255 - (CLIP_MEAN[c] as number)) / (CLIP_STD[c] as number);
  const expected = [-1, value(0, 0), value(7, 0), value(128, 1), value(8, 1), value(255, 2), value(9, 2), -1];
  for (const [i, e] of expected.entries()) assert.ok(Math.abs((out[i] as number) - e) < 1e-6, `element ${i}`);
});
