import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare } from '../image/index.js';
import { captionsOf, type Encode, mediaBatches, textBatches } from './gallery.js';
import { AREA, preprocess, toySet } from './toy.test-support.js';

/** Two numbers a caption: its item and its own number. */
const encode: Encode = (captions) => ({
  ids: Int32Array.from(captions.flatMap((caption) => caption.split('/').map(Number))),
  mask: new Int32Array(captions.length * 2).fill(1),
});

test('test batches hold every item once, the last one filled up and counted', async () => {
  const set = toySet(5);
  const starts = [];
  for await (const { image, start, count } of mediaBatches(set, { batch: 3, preprocess, frames: null })) {
    assert.equal(image.length, 3 * AREA);
    starts.push([start, count]);
    if (start === 3) assert.deepEqual(image.subarray(2 * AREA), image.subarray(AREA, 2 * AREA));
  }
  assert.deepEqual(starts, [
    [0, 3],
    [3, 2],
  ]);
});

test('test batches hold the evenly spaced frames of clips, in order and without augmentation', async () => {
  const set = toySet(3, { kind: 'video' });
  const seen: Float32Array[] = [];
  for await (const { image, count } of mediaBatches(set, { batch: 2, preprocess, frames: 2 })) {
    assert.equal(image.length, 2 * 2 * AREA);
    if (count === 1) assert.deepEqual(image.subarray(2 * AREA), image.subarray(0, 2 * AREA));
    for (let i = 0; i < count; i++) seen.push(image.slice(i * 2 * AREA, (i + 1) * 2 * AREA));
  }
  assert.deepEqual(
    set.loads.map(([, positions]) => positions),
    Array(3).fill([0.25, 0.75]),
  );
  for (const [item, frames] of seen.entries())
    for (const [f, picture] of (await set.frames(item, [0.25, 0.75])).entries()) {
      const expected = new Float32Array(AREA);
      prepare(picture, { ...preprocess, augment: 'none' }, null, expected);
      assert.deepEqual(frames.slice(f * AREA, (f + 1) * AREA), expected);
    }
});

test('an item that cannot be loaded ends it: a gallery without it would give another score', async () => {
  const batches = mediaBatches(toySet(3, { broken: [2] }), { batch: 2, preprocess, frames: null });
  await batches.next();
  await assert.rejects(batches.next(), /2\.png: is truncated/);
});

test('captions come in the order of their items, and batches of them hold each once', () => {
  const { captions, textToMedia } = captionsOf(toySet(5));
  assert.deepEqual([...textToMedia], [0, 1, 1, 2, 2, 2, 3, 4, 4]);
  const seen = [...textBatches(captions, { batch: 4, encode })];
  assert.deepEqual(
    seen.map(({ start, count, ids }) => [start, count, ids.length]),
    [
      [0, 4, 8],
      [4, 4, 8],
      [8, 1, 8],
    ],
  );
  assert.deepEqual([...(seen[0]?.ids ?? [])], [0, 0, 1, 0, 1, 1, 2, 0]);
  assert.deepEqual([...(seen[2]?.ids ?? [])], [4, 1, 4, 1, 4, 1, 4, 1]);
});
