import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../error/index.js';
import { CLIP_MEAN, CLIP_STD } from '../image/index.js';
import { type Encode, type TrainBatching, trainBatch } from './batches.js';
import { captionBatches, captionsOf, imageBatches } from './gallery.js';
import { sampleCount, stepsPerEpoch, trainOrder } from './order.js';
import { prefetch } from './prefetch.js';
import { cached, type RetrievalSet } from './set.js';

/** Image i is 6×5 of value 10 i and has (i mod 3) + 1 captions `i/c`; loads end in a scrambled order. */
function toySet(images: number, broken: readonly number[] = []): RetrievalSet & { loads: number } {
  return {
    items: Array.from({ length: images }, (_, i) => ({
      id: `${i}`,
      image: `${i}.png`,
      captions: Array.from({ length: (i % 3) + 1 }, (_, c) => `${i}/${c}`),
      line: i + 1,
    })),
    loads: 0,
    async pixels(index) {
      this.loads++;
      await new Promise((done) => setTimeout(done, (index * 7) % 5));
      if (broken.includes(index)) fail('data', { where: `${index}.png`, what: 'is truncated' });
      return { width: 6, height: 5, data: new Uint8Array(90).map((_, i) => index * 10 + (i % 9)) };
    },
  };
}

/** Two numbers a caption: its image and its own number. */
const encode: Encode = (captions) => ({
  ids: Int32Array.from(captions.flatMap((caption) => caption.split('/').map(Number))),
  mask: new Int32Array(captions.length * 2).fill(1),
});

const preprocess = { size: 4, mean: CLIP_MEAN, std: CLIP_STD, augment: 'release' } as const;

const how = (set: RetrievalSet, more: Partial<TrainBatching> = {}): TrainBatching => ({
  order: trainOrder(set, 5, more.epoch ?? 0),
  step: 0,
  batch: 4,
  encode,
  preprocess,
  seed: 5,
  epoch: 0,
  ...more,
});

test('an epoch visits every caption of every image once, in another order than the next', () => {
  const set = toySet(7);
  const order = trainOrder(set, 5, 0);
  const pairs = Array.from({ length: order.length / 2 }, (_, i) => `${order[2 * i]}/${order[2 * i + 1]}`);
  assert.deepEqual(pairs.toSorted(), captionsOf(set).captions.toSorted());
  assert.notDeepEqual(trainOrder(set, 5, 1), order);
  assert.deepEqual(trainOrder(set, 5, 0), order);
  assert.equal(sampleCount(set), 13);
  assert.deepEqual([stepsPerEpoch(13, 4), stepsPerEpoch(3, 4), stepsPerEpoch(0, 4)], [3, 1, 0]);
});

test('a batch has the shapes it says, and index names the image of each caption', async () => {
  const { image, ids, mask, index } = await trainBatch(toySet(7), how(toySet(7), { step: 2 }));
  assert.deepEqual([image.length, ids.length, mask.length, index.length], [4 * 48, 8, 8, 4]);
  assert.deepEqual(
    [...index],
    [...ids].filter((_, i) => i % 2 === 0),
  );
});

test('a batch made alone has the same bytes as in sequence; epochs and steps differ', async () => {
  const set = toySet(7);
  const inSequence = [];
  for (const step of [0, 1, 2]) inSequence.push(await trainBatch(set, how(set, { step })));
  const alone = await trainBatch(cached(toySet(7), null, 1e6), how(set, { step: 2 }));
  assert.deepEqual(alone, inSequence[2]);
  const order = trainOrder(set, 5, 0);
  const nextEpoch = await trainBatch(set, how(set, { step: 2, epoch: 1, order }));
  assert.deepEqual(nextEpoch.ids, alone.ids);
  assert.notDeepEqual(nextEpoch.image, alone.image);
});

test('a set smaller than a batch wraps around', async () => {
  const set = toySet(2); // three captions
  const { ids } = await trainBatch(set, how(set));
  assert.deepEqual([...ids.subarray(6)], [...ids.subarray(0, 2)]);
  await assert.rejects(trainBatch(toySet(0), how(toySet(0))), { code: 'data' });
});

test('a broken image is an error that names it, or is replaced by the next good sample, always the same', async () => {
  const order = Uint32Array.of(0, 0, 1, 0, 1, 1, 2, 0, 3, 0); // images 0 1 1 2 3
  await assert.rejects(trainBatch(toySet(4, [1]), how(toySet(4), { order })), /1\.png: is truncated/);
  const problems: string[] = [];
  const onBad = (error: Error) => problems.push(error.message);
  const batch = await trainBatch(toySet(4, [1]), how(toySet(4), { order, onBad }));
  assert.deepEqual([...batch.index], [0, 2, 2, 2]);
  assert.equal(problems.length, 3);
  assert.deepEqual(await trainBatch(toySet(4, [1]), how(toySet(4), { order, onBad })), batch);
  await assert.rejects(trainBatch(toySet(2, [0, 1]), how(toySet(2), { onBad })), /not one image/);
});

test('other errors than bad data are never skipped', async () => {
  const set: RetrievalSet = { ...toySet(2), pixels: () => Promise.reject(new TypeError('bug')) };
  await assert.rejects(trainBatch(set, how(set, { onBad: () => {} })), TypeError);
});

test('test batches hold every image and caption once, the last one filled up and counted', async () => {
  const set = toySet(5);
  const starts = [];
  for await (const { image, start, count } of imageBatches(set, { batch: 2, preprocess })) {
    assert.equal(image.length, 2 * 48);
    starts.push([start, count]);
    if (start === 4) assert.deepEqual(image.subarray(48), image.subarray(0, 48));
  }
  assert.deepEqual(starts, [
    [0, 2],
    [2, 2],
    [4, 1],
  ]);
  const { captions, textToMedia } = captionsOf(set);
  assert.deepEqual([...textToMedia], [0, 1, 1, 2, 2, 2, 3, 4, 4]);
  const seen = [...captionBatches(captions, { batch: 4, encode })];
  assert.deepEqual(
    seen.map(({ start, count, ids }) => [start, count, ids.length]),
    [
      [0, 4, 8],
      [4, 4, 8],
      [8, 1, 8],
    ],
  );
  assert.deepEqual([...(seen[2]?.ids ?? [])], [4, 1, 4, 1, 4, 1, 4, 1]);
});

test('a cached set decodes once, keeps within its limit, and does not keep failures', async () => {
  const set = toySet(4, [3]);
  const cache = cached(set, 3, 2 * 27); // room for two images of 3×3
  for (let round = 0; round < 2; round++)
    for (const index of [0, 1, 2]) assert.equal((await cache.pixels(index)).width, 3);
  assert.equal(set.loads, 2 + 2);
  await assert.rejects(cache.pixels(3));
  await assert.rejects(cache.pixels(3));
  assert.equal(set.loads, 6);
  const together = toySet(1);
  const shared = cached(together, null, 1e6);
  await Promise.all([shared.pixels(0), shared.pixels(0)]);
  assert.equal(together.loads, 1);
});

test('prefetching keeps order and errors in place, works ahead, and closes its source', async () => {
  const made: number[] = [];
  let closed = false;
  async function* source(failAt = -1) {
    try {
      for (let i = 0; i < 6; i++) {
        if (i === failAt) throw new Error(`at ${i}`);
        made.push(i);
        yield i;
      }
    } finally {
      closed = true;
    }
  }
  const seen: number[] = [];
  for await (const value of prefetch(source(), 2)) seen.push(value);
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5]);
  made.length = 0;
  closed = false;
  for await (const value of prefetch(source(), 2)) {
    await new Promise((done) => setTimeout(done, 5));
    assert.deepEqual(made, [0, 1, 2], `while ${value} is used, two more are made`);
    break;
  }
  assert.ok(closed);
  const beforeError: number[] = [];
  await assert.rejects(async () => {
    for await (const value of prefetch(source(2), 4)) beforeError.push(value);
  }, /at 2/);
  assert.deepEqual(beforeError, [0, 1]);
});
