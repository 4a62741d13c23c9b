import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stream } from '../../random/index.js';
import { prepare } from '../image/index.js';
import { type TrainBatching, trainBatch } from './batches.js';
import { trainOrder } from './order.js';
import { cached, type MediaSet } from './set.js';
import { AREA, preprocess, toySet } from './toy.test-support.js';

const orderOf = (set: MediaSet, epoch = 0) => trainOrder(set.items, ({ captions }) => captions.length, 5, epoch);

const how = (set: MediaSet, more: Partial<TrainBatching> = {}): TrainBatching => ({
  order: orderOf(set, more.epoch ?? 0),
  step: 0,
  batch: 4,
  preprocess,
  seed: 5,
  epoch: 0,
  frames: null,
  jitter: false,
  ...more,
});

test('a batch has the shapes it says, and its samples are those of the order', async () => {
  const set = toySet(7);
  const order = orderOf(set);
  const { image, samples } = await trainBatch(set, how(set, { step: 2 }));
  assert.equal(image.length, 4 * AREA);
  assert.deepEqual(
    samples,
    [8, 9, 10, 11].map((at) => ({ item: order[2 * at], text: order[2 * at + 1] })),
  );
  const plain = await trainBatch(set, how(set, { step: 2, preprocess: { ...preprocess, augment: 'none' } }));
  for (const [slot, { item }] of samples.entries()) {
    const expected = new Float32Array(AREA);
    const [picture] = await set.frames(item, [0.5]);
    prepare(picture ?? assert.fail(), preprocess, null, expected);
    assert.deepEqual(plain.image.slice(slot * AREA, (slot + 1) * AREA), expected);
  }
});

for (const [name, sampling] of Object.entries({
  images: { frames: null, jitter: false },
  'clips, frames drawn': { frames: 3, jitter: true },
}))
  test(`a batch made alone has the same bytes as in sequence; epochs and steps differ: ${name}`, async () => {
    const set = toySet(7, { kind: 'video' });
    const at = (more: Partial<TrainBatching>) => trainBatch(set, how(set, { ...sampling, ...more }));
    const inSequence = [];
    for (const step of [0, 1, 2]) inSequence.push(await at({ step }));
    const other = toySet(7, { kind: 'video' });
    const alone = await trainBatch(cached(other, null, 1e6), how(other, { ...sampling, step: 2 }));
    assert.deepEqual(alone, inSequence[2]);
    assert.notDeepEqual(inSequence[1]?.image, inSequence[2]?.image);
    const nextEpoch = await at({ step: 2, epoch: 1, order: orderOf(set) });
    assert.deepEqual(nextEpoch.samples, alone.samples);
    assert.notDeepEqual(nextEpoch.image, alone.image);
  });

test('a set smaller than a batch wraps around', async () => {
  const set = toySet(2); // three captions
  const { samples } = await trainBatch(set, how(set));
  assert.deepEqual(samples[3], samples[0]);
  assert.equal(new Set(samples.map(({ item, text }) => `${item}/${text}`)).size, 3);
  await assert.rejects(trainBatch(toySet(0), how(toySet(0))), { code: 'data' });
});

test('a broken item is an error that names it, or is replaced by the next good sample, always the same', async () => {
  const order = Uint32Array.of(0, 0, 1, 0, 1, 1, 2, 0, 3, 0); // items 0 1 1 2 3
  const set = toySet(4, { broken: [1] });
  await assert.rejects(trainBatch(set, how(set, { order })), /1\.png: is truncated/);
  const problems: string[] = [];
  const onBad = (error: Error) => problems.push(error.message);
  const batch = await trainBatch(set, how(set, { order, onBad }));
  assert.deepEqual(
    batch.samples.map(({ item }) => item),
    [0, 2, 2, 2],
  );
  assert.equal(problems.length, 3);
  assert.deepEqual(await trainBatch(set, how(set, { order, onBad })), batch);
  const none = toySet(2, { broken: [0, 1] });
  await assert.rejects(trainBatch(none, how(none, { onBad })), /not one item can be loaded/);
});

test('other errors than bad data are never skipped', async () => {
  const set: MediaSet = { ...toySet(2), frames: () => Promise.reject(new TypeError('bug')) };
  await assert.rejects(trainBatch(set, how(set, { onBad: () => {} })), TypeError);
});

/** The positions that each slot of a batch asked for. */
async function asked(more: Partial<TrainBatching>) {
  const set = toySet(4, { kind: 'video' });
  const order = Uint32Array.of(0, 0, 1, 0, 2, 0, 3, 0);
  await trainBatch(set, how(set, { order, ...more }));
  return set.loads.map(([, positions]) => positions);
}

test('frames are the middles of equal segments, or, with jitter, one draw in each, another one every epoch', async () => {
  assert.deepEqual(await asked({ frames: 4 }), Array(4).fill([0.125, 0.375, 0.625, 0.875]));
  const drawn = await asked({ frames: 4, jitter: true });
  for (const positions of drawn)
    for (const [f, at] of positions.entries()) assert.ok(at >= f / 4 && at < (f + 1) / 4, `${positions}`);
  assert.equal(new Set(drawn.map(String)).size, 4, 'each sample has its own');
  assert.deepEqual(await asked({ frames: 4, jitter: true }), drawn);
  for (const other of [{ epoch: 1 }, { step: 1 }, { seed: 6 }]) {
    const others = await asked({ frames: 4, jitter: true, ...other });
    assert.ok(!others.some((positions) => drawn.map(String).includes(`${positions}`)), JSON.stringify(other));
  }
});

test('of a clip among images the middle is taken, with jitter too', async () => {
  assert.deepEqual(await asked({ frames: null, jitter: true }), Array(4).fill([0.5]));
});

test('all frames of a clip are augmented alike, and each clip in its own way', async () => {
  const still = { ...toySet(4, { kind: 'video' }), frames: toySet(4).frames }; // every frame is the same picture
  const { image } = await trainBatch(still, how(still, { frames: 3, order: Uint32Array.of(3, 0, 3, 0, 3, 0, 3, 0) }));
  const frame = (slot: number, f: number) => image.slice((3 * slot + f) * AREA, (3 * slot + f + 1) * AREA);
  for (const slot of [0, 1, 2, 3]) for (const f of [1, 2]) assert.deepEqual(frame(slot, f), frame(slot, 0));
  assert.ok(new Set([0, 1, 2, 3].map((slot) => `${frame(slot, 0)}`)).size > 1);
});

test('frames stand in a batch in the order of time, whatever is being augmented', async () => {
  const set = toySet(3, { kind: 'video' });
  const order = Uint32Array.of(2, 0, 1, 0, 0, 0, 2, 1);
  const { image } = await trainBatch(set, how(set, { order, frames: 2, jitter: true }));
  for (const [slot, item] of [2, 1, 0, 2].entries()) {
    const [, positions] = set.loads[slot] ?? assert.fail();
    for (const [f, picture] of (await set.frames(item, positions)).entries()) {
      const expected = new Float32Array(AREA);
      prepare(picture, preprocess, stream(5, 'augment', slot), expected);
      assert.deepEqual(image.slice((2 * slot + f) * AREA, (2 * slot + f + 1) * AREA), expected);
    }
  }
});
