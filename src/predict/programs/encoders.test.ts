// Images, clips and captions → features and tokens, in pieces of any size.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { input } from '../../compiler/tensor/index.js';
import { openDataset } from '../../data/dataset/dataset.js';
import type { MediaSet } from '../../data/items/index.js';
import { textFeatures } from '../../model/blip/index.js';
import { fit } from '../../model/task/index.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData } from '../../node/toy.test-support.js';
import { createMediaEncoder, createTextEncoder } from './index.js';
import type { Ready } from './load.js';
import { assertClose, awake, programOf } from './toy.test-support.js';

const folder = temporaryFolder();
const each = 17 * 32;
const P = 16;
let ready: Ready;
let clipReady: Ready;
let images: MediaSet;
before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  ready = await awake(backbone, { task: 'retrieval', frames: null });
  clipReady = await awake(backbone, { task: 'retrieval', frames: 2 });
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

for (const frames of [null, 2])
  test(`tokens that memory had no room for are encoded again, with equal results: ${frames ?? 'no'} frames`, async () => {
    const set = frames ? { ...toyClipSet(), items: toyClipSet().items.slice(0, 8) } : images;
    const how = { ...ready, frames, batch: 3 };
    const keepAll = await createMediaEncoder(ready.model, how);
    const all = await keepAll.encode(set);
    for (const keepBytes of [0, 3 * (frames ?? 1) * each * 4]) {
      const encoder = await createMediaEncoder(ready.model, { ...how, keepBytes });
      let decoded = 0;
      const counting: MediaSet = {
        items: set.items,
        frames(index, positions) {
          decoded++;
          return set.frames(index, positions);
        },
      };
      const some = await encoder.encode(counting);
      assert.equal(some.features.length, all.features.length);
      for (const [i, x] of some.features.entries()) assertClose(x, all.features[i] as number, 1e-6);
      decoded = 0;
      for (const item of [0, 1, 2, 3, 4, 5, 6, 7]) assert.deepEqual(await some.tokens(item), await all.tokens(item));
      assert.equal(decoded, keepBytes === 0 ? 8 : 5, 'one more pass when asked in order');
      for (const item of [7, 1, 5, 1]) assert.deepEqual(await some.tokens(item), await all.tokens(item));
      await encoder.release();
    }
    await keepAll.release();
  });

test('how many items are encoded at once changes nothing, and progress counts them', async () => {
  const encoded = async (batch: number) => {
    const encoder = await createMediaEncoder(ready.model, { ...ready, frames: null, batch });
    const progress: string[] = [];
    const { features, tokens } = await encoder.encode(images, (done, all) => progress.push(`${done}/${all}`));
    const last = await tokens(7);
    await encoder.release();
    assert.deepEqual([progress.length, progress.at(-1)], [8, '8/8']);
    return [...features, ...last];
  };
  const [one, five] = [await encoded(1), await encoded(5)];
  assert.equal(one.length, 8 * P + each);
  for (const [i, x] of five.entries()) assertClose(x, one[i], 1e-5);
});

test('a clip’s tokens are those of its frames one after the other, its feature the projected mean of their class tokens', async () => {
  const clips = toyClipSet();
  const encoder = await createMediaEncoder(clipReady.model, { ...clipReady, frames: 2, batch: 5 });
  const { features, tokens } = await encoder.encode(clips);
  const still = await createMediaEncoder(clipReady.model, { ...clipReady, frames: null, batch: 1 });
  const { weights } = clipReady.model;
  for (const item of [0, 4, 11]) {
    const own = await tokens(item);
    const classTokens: Float32Array[] = [];
    for (const f of [0, 1]) {
      const frame: MediaSet = {
        items: clips.items.slice(item, item + 1),
        frames: () => clips.frames(item, [f / 2 + 0.25]),
      };
      const alone = await (await still.encode(frame)).tokens(0);
      for (let i = 0; i < each; i++) assertClose(own[f * each + i], alone[i], 1e-5);
      classTokens.push(alone.subarray(0, 32));
    }
    const mean = Array.from({ length: 32 }, (_, d) => classTokens.reduce((sum, x) => sum + (x[d] as number) / 2, 0));
    const projected = Array.from({ length: P }, (_, row) =>
      mean.reduce(
        (sum, x, d) => sum + x * (weights['vision_proj.weight']?.[row * 32 + d] as number),
        weights['vision_proj.bias']?.[row] as number,
      ),
    );
    for (const [i, x] of projected.entries()) assertClose(features[item * P + i], x / Math.hypot(...projected), 1e-5);
  }
  await Promise.all([encoder.release(), still.release()]);
});

test('without features a backbone needs no projections', async () => {
  const { 'vision_proj.weight': _, 'vision_proj.bias': __, ...weights } = ready.model.weights;
  const model = { ...ready.model, weights };
  await assert.rejects(async () => {
    const encoder = await createMediaEncoder(model, { ...ready, frames: null, batch: 2 });
    await encoder.encode(images);
  }, /vision_proj/);
  const encoder = await createMediaEncoder(model, { ...ready, frames: null, batch: 2, features: false });
  const { features, tokens } = await encoder.encode(images);
  assert.equal(features.length, 0);
  const comparing = await createMediaEncoder(ready.model, { ...ready, frames: null, batch: 2 });
  assert.deepEqual(await tokens(3), await (await comparing.encode(images)).tokens(3));
  await Promise.all([encoder.release(), comparing.release()]);
});

test('captions are cleaned, encoded in batches of any size, and come out in their order', async () => {
  const captions = ['A red.square!', 'blue on black', 'a white square on grey', 'yes', 'a green square'];
  const { model, codec } = ready;
  const program = await programOf(model, () => {
    const texts = { ids: input('ids', [1, 8], 'int32'), mask: input('mask', [1, 8], 'int32') };
    return { feature: textFeatures(fit(model, model.p), texts) };
  });
  for (const batch of [1, 2, 9]) {
    const encoder = await createTextEncoder(model, { codec, batch });
    const progress: string[] = [];
    const features = await encoder.features(captions, (done, all) => progress.push(`${done}/${all}`));
    assert.equal(progress.at(-1), '5/5');
    assert.equal(features.length, 5 * P);
    for (const [text, caption] of captions.entries()) {
      const { feature } = await program.run({ ...model.weights, ...codec.captions([caption.replace(/[.!]/g, ' ')]) });
      for (let i = 0; i < P; i++) assertClose(features[text * P + i], feature?.[i] as number, 1e-5);
    }
    await encoder.release();
  }
  await program.release();
});
