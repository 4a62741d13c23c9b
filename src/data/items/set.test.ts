import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cached, subset } from './set.js';
import { toySet } from './toy.test-support.js';

test('a part of a set keeps the order of its items, and each its own frames', async () => {
  const set = toySet(5, { kind: 'video' });
  const part = subset(set, ({ id }, index) => id !== '1' && index !== 3);
  assert.deepEqual(
    part.items.map(({ id }) => id),
    ['0', '2', '4'],
  );
  assert.deepEqual(await part.frames(2, [0.1, 0.9]), await set.frames(4, [0.1, 0.9]));
  assert.deepEqual((await subset(part, ({ id }) => id === '2').frames(0, [0.5]))[0]?.data[0], 24);
});

test('a cached set decodes once, keeps within its limit, and does not keep failures', async () => {
  const set = toySet(4, { broken: [3] });
  const cache = cached(set, 3, 2 * 27); // room for two images of 3×3
  for (let round = 0; round < 2; round++)
    for (const index of [0, 1, 2]) assert.equal((await cache.frames(index, [0.5]))[0]?.width, 3);
  assert.equal(set.loads.length, 2 + 2);
  for (const some of [cache, cached(set, 3, 1e6)])
    for (let round = 0; round < 2; round++) await assert.rejects(some.frames(3, [0.5]), /3\.png: is truncated/);
  assert.equal(set.loads.length, 4 + 4);
});

test('what is asked for twice at once is decoded once', async () => {
  const together = toySet(1);
  const shared = cached(together, null, 1e6);
  await Promise.all([shared.frames(0, [0.5]), shared.frames(0, [0.5])]);
  assert.equal(together.loads.length, 1);
});

test('an image is decoded once whatever the positions, and repeated as often as asked', async () => {
  const set = toySet(2);
  const cache = cached(set, null, 1e6);
  const [picture] = await set.frames(1, [0.5]);
  assert.deepEqual(await cache.frames(1, [0.5]), [picture]);
  assert.deepEqual(await cache.frames(1, [0.1, 0.4, 0.9]), [picture, picture, picture]);
  assert.equal(set.loads.length, 2, 'one of them by this test');
  const fresh = cached(set, null, 1e6);
  assert.equal((await fresh.frames(0, [0.1, 0.9])).length, 2);
  assert.deepEqual(set.loads.at(-1), [0, [0.1]], 'one picture is enough');
});

test('of a clip the frames of each set of positions are kept', async () => {
  const set = toySet(2, { kind: 'video' });
  const cache = cached(set, null, 1e6);
  for (let round = 0; round < 2; round++)
    for (const positions of [[0.25, 0.75], [0.5], [0.25]])
      assert.deepEqual(await cache.frames(1, positions), await toySet(2, { kind: 'video' }).frames(1, positions));
  assert.deepEqual(set.loads, [
    [1, [0.25, 0.75]],
    [1, [0.5]],
    [1, [0.25]],
  ]);
});

test('every frame of a clip takes room', async () => {
  const set = toySet(2, { kind: 'video' });
  const cache = cached(set, 3, 3 * 27); // three pictures of 3×3
  for (let round = 0; round < 2; round++) for (const index of [0, 1]) await cache.frames(index, [0.25, 0.75]);
  assert.deepEqual(
    set.loads.map(([index]) => index),
    [0, 1, 1],
  );
});
