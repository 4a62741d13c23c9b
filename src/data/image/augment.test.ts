import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Stream, stream } from '../../random/index.js';
import { crop, flip, randomBox } from './crop.js';
import { CLIP_MEAN, CLIP_STD } from './normalise.js';
import type { Pixels } from './pixels.js';
import { prepare } from './preprocess.js';
import { OPERATIONS, randAugment } from './randaugment.js';
import { autoContrast, brightness, equalize, sharpness } from './tone.js';
import { rotate, shearX, shearY, translateX, translateY } from './warp.js';

interface Case {
  readonly name: string;
  /** Width, height, smallest value, range of values. */
  readonly source: [number, number, number, number];
  readonly amount?: number;
  readonly hex: string;
}

/** Made with Pillow 13.0 (autoContrast, equalize) and the release's OpenCV calls on OpenCV 4.8 (the others). */
const cases: Case[] = JSON.parse(readFileSync(new URL('./fixtures/augmentations.json', import.meta.url), 'utf8'));
const operations: Record<string, (source: Pixels, amount: number) => Pixels> = {
  autoContrast,
  equalize,
  brightness,
  sharpness,
  shearX,
  shearY,
  translateX,
  translateY,
  rotate,
};

function noise(width: number, height: number, low = 0, span = 256): Pixels {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return low + Math.floor(((state >>> 24) * span) / 256);
  };
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, next) };
}

for (const { name, source, amount, hex } of cases)
  test(`${name}(${amount ?? ''}) equals the release's operation in every byte`, () => {
    const result = operations[name]?.(noise(...source), amount ?? 0);
    assert.equal(Buffer.from(result?.data ?? []).toString('hex'), hex);
  });

test('a crop holds the pixels of its box, and flipping twice changes nothing', () => {
  const source = noise(5, 4);
  const box = crop(source, { left: 1, top: 2, width: 3, height: 2 });
  assert.deepEqual([...box.data.subarray(9, 12)], [...source.data.subarray((3 * 5 + 1) * 3, (3 * 5 + 2) * 3)]);
  const mirrored = flip(source);
  assert.deepEqual([...mirrored.data.subarray(0, 3)], [...source.data.subarray(12, 15)]);
  assert.deepEqual(flip(mirrored), source);
});

test('random boxes lie within the picture, with the allowed areas and ratios', () => {
  const shares: number[] = [];
  for (let i = 0; i < 500; i++) {
    const { left, top, width, height } = randomBox({ width: 300, height: 200 }, [0.5, 1], stream(1, 'crop', i));
    assert.ok(left >= 0 && top >= 0 && left + width <= 300 && top + height <= 200);
    assert.ok(width / height > 0.74 && width / height < 1.35);
    shares.push((width * height) / 60000);
  }
  assert.ok(Math.min(...shares) > 0.49 && Math.min(...shares) < 0.52 && Math.max(...shares) > 0.85);
});

test('a picture too long for any allowed box is cropped in its middle', () => {
  assert.deepEqual(randomBox({ width: 100, height: 10 }, [0.9, 1], stream(1, 'crop', 0)), {
    left: 43,
    top: 0,
    width: 13,
    height: 10,
  });
  assert.deepEqual(randomBox({ width: 1, height: 50 }, [0.9, 1], stream(1, 'crop', 0)).width, 1);
});

test('all ten operations of RandAugment are drawn, half of them are applied, and signs go both ways', () => {
  assert.equal(Object.keys(OPERATIONS).length, 10);
  const source = noise(18, 18, 20, 200);
  const seen = new Set<string>();
  let unchanged = 0;
  for (let i = 0; i < 600; i++) {
    const result = randAugment(source, stream(1, 'augment', i), 1);
    if (result === source) unchanged++;
    seen.add(Buffer.from(result.data).toString('hex'));
  }
  assert.equal(seen.size, 1 + 2 + 5 * 2); // itself; auto-contrast, equalize; five geometric operations with both signs
  assert.ok(unchanged > 280 && unchanged < 380, `${unchanged} of 600 unchanged`);
});

test('preparing writes one picture at its offset; the same stream gives the same bytes, another one others', () => {
  const how = { size: 8, mean: CLIP_MEAN, std: CLIP_STD, augment: 'release' } as const;
  const source = noise(20, 14);
  const run = (draw: Stream | null) => {
    const out = new Float32Array(3 * 64 + 2);
    prepare(source, how, draw, out, 1);
    return out;
  };
  const first = run(stream(1, 'augment', 0));
  assert.deepEqual(run(stream(1, 'augment', 0)), first);
  assert.notDeepEqual(run(stream(1, 'augment', 1)), first);
  assert.notDeepEqual(run(null), first);
  assert.deepEqual([first[0], first.at(-1)], [0, 0]);
});
