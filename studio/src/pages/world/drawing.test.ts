import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, SEEDS, sceneOf, seedAfter } from './drawing.js';

const options = {
  domains: [
    { name: 'noto', about: '', kinds: ['image', 'video'] as ('image' | 'video')[] },
    { name: 'animations', about: '', kinds: ['video'] as ('image' | 'video')[] },
  ],
  missing: [],
};
const sceneAt = (address: string) => sceneOf(new URL(address, 'http://studio').searchParams, options);

test('a scene survives its address', () => {
  const scene = {
    drawing: { domain: 'noto', kind: 'video', seed: 12 },
    adapters: ['red-cars', 'none'],
  } as const;
  assert.deepEqual(sceneAt(addressOf(scene)), scene);
});

test('an address that asks for what cannot be drawn gets the nearest that can', () => {
  assert.deepEqual(sceneAt('/world?domain=animations&kind=image&seed=-1').drawing, {
    ...{ domain: 'animations', kind: 'video', seed: SEEDS - 1 },
  });
  assert.deepEqual(sceneAt('/world?domain=oil&seed=many'), {
    drawing: { domain: 'noto', kind: 'image', seed: 1 },
    adapters: ['none'],
  });
});

test('after the last seed comes the first, and before the first the last', () => {
  assert.equal(seedAfter(SEEDS - 1, 1), 0);
  assert.equal(seedAfter(0, -1), SEEDS - 1);
});
