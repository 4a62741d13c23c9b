import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { Pixels } from './pixels.js';
import { type Orientation, turn } from './turn.js';

/** 3×2, every byte different. */
const picture: Pixels = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i) };

/** What each of EXIF's eight orientations asks for. */
const ORIENTATIONS: readonly Orientation[] = [
  { a: 1, b: 0, c: 0, d: 1 },
  { a: -1, b: 0, c: 0, d: 1 },
  { a: -1, b: 0, c: 0, d: -1 },
  { a: 1, b: 0, c: 0, d: -1 },
  { a: 0, b: 1, c: 1, d: 0 },
  { a: 0, b: 1, c: -1, d: 0 },
  { a: 0, b: -1, c: -1, d: 0 },
  { a: 0, b: -1, c: 1, d: 0 },
];

for (const [i, orientation] of ORIENTATIONS.entries())
  test(`orientation ${i + 1} of EXIF is turned as sharp turns it`, async () => {
    const { width, height } = picture;
    const tagged = await sharp(picture.data, { raw: { width, height, channels: 3 } })
      .withMetadata({ orientation: i + 1 })
      .tiff({ compression: 'none' })
      .toBuffer();
    const { data, info } = await sharp(tagged).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const turned = turn(picture, orientation);
    assert.deepEqual([turned.width, turned.height, ...turned.data], [info.width, info.height, ...data]);
  });
