import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Pixels, pixels } from './pixels.js';
import { resizeBicubic } from './resize.js';

interface Case {
  readonly from: [number, number];
  readonly to: [number, number];
  readonly hex: string;
}

/** Pictures resized by Pillow 12.0; the sources are the noise below. */
const cases: Case[] = JSON.parse(readFileSync(new URL('./fixtures/pillow-bicubic.json', import.meta.url), 'utf8'));

/** Noise from a linear congruential generator: the hardest input for a resampler, and the same in Python. */
function noise(width: number, height: number): Pixels {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return pixels(width, height, Uint8Array.from({ length: width * height * 3 }, next));
}

for (const { from, to, hex } of cases)
  test(`${from.join('×')} → ${to.join('×')} equals Pillow's bicubic in every byte`, () => {
    const resized = resizeBicubic(noise(...from), ...to);
    assert.deepEqual([resized.width, resized.height], to);
    assert.equal(Buffer.from(resized.data).toString('hex'), hex);
  });

test('resizing to the same size changes nothing', () => {
  const source = noise(5, 4);
  assert.deepEqual(resizeBicubic(source, 5, 4), source);
});

test('bytes that do not fit the size are refused', () => {
  assert.throws(() => pixels(2, 2, new Uint8Array(11)), { code: 'shape' });
  assert.throws(() => pixels(0, 2, new Uint8Array(0)), { code: 'shape' });
});
