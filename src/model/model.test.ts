// Putting a model's numbers together, and running it in pieces of any size.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { full, heads, lora, uniadapter } from '../adapter/index.js';
import type { RetrievalSet } from '../data/index.js';
import { float16Array, float32Array, type NamedArrays } from '../format/index.js';
import { openManifest } from '../node/data/dataset.js';
import { loadTrained, type Ready } from '../node/run/load.js';
import { openBackbone } from '../node/store/backbone.js';
import { temporaryFolder, toyBackbone, toyData, toyRecipe } from '../node/toy.test-support.js';
import { assemble, createEncoder, createMatcher, createModel, declarationsOf, methodOf, type Pair } from './index.js';

const folder = temporaryFolder();
let ready: Ready;
let set: RetrievalSet;
before(async () => {
  ready = await loadTrained(null, await toyBackbone(join(folder, 'backbone')));
  set = (await openManifest(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

const options = { seed: 3, where: 'my-adapter' };
const uni = () => createModel(ready.model.config, uniadapter({ bottleneck: 4 }));
const adapterOf = (model = uni()): Map<string, NamedArrays extends ReadonlyMap<string, infer A> ? A : never> => {
  const weights = assemble(model, ready.backbone.arrays, null, options);
  const saved = declarationsOf(model).filter(({ role }) => role !== 'base');
  return new Map(saved.map(({ path, shape }) => [path, float32Array(shape, weights[path] as Float32Array)]));
};

test('a fresh model takes the backbone’s numbers and starts its own as declared, a function of the seed', () => {
  const one = assemble(uni(), ready.backbone.arrays, null, options);
  const same = assemble(uni(), ready.backbone.arrays, null, options);
  const other = assemble(uni(), ready.backbone.arrays, null, { ...options, seed: 4 });
  assert.deepEqual(one, same);
  const differs = Object.keys(one).filter((path) => !one[path]?.every((x, i) => x === other[path]?.[i]));
  assert.ok(differs.length > 0 && differs.every((path) => path.startsWith('adapters.')), `${differs}`);
  assert.deepEqual(
    Object.keys(one).sort(),
    declarationsOf(uni())
      .map(({ path }) => path)
      .sort(),
  );
});

test('an adapter brings its tensors and its heads, the backbone everything else', () => {
  const arrays = adapterOf();
  const temp = float32Array([], Float32Array.of(0.5));
  const weights = assemble(uni(), ready.backbone.arrays, arrays.set('temp', temp), options);
  assert.deepEqual(weights.temp, Float32Array.of(0.5));
  assert.notDeepEqual(ready.model.weights.temp, weights.temp);
  const path = 'text_encoder.embeddings.word_embeddings.weight';
  assert.equal(weights[path]?.buffer, ready.model.weights[path]?.buffer, 'not copied');
});

test('adapters in half precision are read', () => {
  const arrays = adapterOf();
  const path = 'adapters.0.down_proj.weight';
  arrays.set(path, float16Array([4, 32], new Float32Array(128).fill(0.25)));
  assert.deepEqual(assemble(uni(), ready.backbone.arrays, arrays, options)[path], new Float32Array(128).fill(0.25));
});

test('all tensors that do not fit are named, ten of them in full', () => {
  const arrays = new Map([...adapterOf()].slice(0, 4));
  assert.throws(() => assemble(uni(), ready.backbone.arrays, arrays, options), {
    code: 'parameter',
    message:
      /^my-adapter: its tensors do not fit the model: ((adapters|vision_proj)\S+ is missing; ){10}and \d+ more; use the backbone/,
  });
});

test('an adapter of another method is refused by the names of its tensors', () => {
  const other = createModel(ready.model.config, lora({ rank: 2 }));
  assert.throws(
    () => assemble(other, ready.backbone.arrays, adapterOf(), options),
    /adapters\.0\S+ is not part of the model/,
  );
});

test('a backbone that lacks a tensor is refused', () => {
  const arrays = new Map(ready.backbone.arrays);
  arrays.delete('vision_proj.bias');
  for (const method of [full(), heads(), uniadapter()])
    assert.throws(
      () => assemble(createModel(ready.model.config, method), arrays, null, options),
      /: vision_proj\.bias is missing;/,
    );
});

test('the official profile repeats the release’s accidents, for the method that has them', () => {
  const declared = (...changes: readonly string[]) => {
    const recipe = toyRecipe('toy', 'data', changes);
    return declarationsOf(createModel(ready.model.config, methodOf(recipe)));
  };
  const frozen = (declarations: ReturnType<typeof declared>) =>
    declarations.filter(({ path, frozen }) => path.startsWith('adapters.') && frozen).map(({ path }) => path);
  const rank = (declarations: ReturnType<typeof declared>) =>
    declarations.find(({ path }) => /video_key_adapter.*\.weight$/.test(path))?.shape[0];
  assert.deepEqual(frozen(declared()), []);
  assert.equal(frozen(declared('profile=official')).length, 4);
  assert.equal(rank(declared()), undefined);
  assert.equal(rank(declared('profile=official')), 64);
  assert.equal(rank(declared('profile=official', 'method.keyValue=2')), 2);
  assert.deepEqual(
    declared('profile=official', 'method.name=lora', 'method.rank=2'),
    declared('method.name=lora', 'method.rank=2'),
  );
});

test('image tokens that memory had no room for are encoded again, with equal results', async () => {
  const keepAll = await createEncoder(ready.model, { ...ready, batch: 3 });
  const all = await keepAll.images(set);
  for (const keepBytes of [0, 3 * 17 * 32 * 4]) {
    const encoder = await createEncoder(ready.model, { ...ready, batch: 3, keepBytes });
    let decoded = 0;
    const counting: RetrievalSet = {
      items: set.items,
      pixels(index) {
        decoded++;
        return set.pixels(index);
      },
    };
    const some = await encoder.images(counting);
    assert.deepEqual(some.features, all.features);
    decoded = 0;
    for (const image of [0, 1, 2, 3, 4, 5, 6, 7]) assert.deepEqual(await some.tokens(image), await all.tokens(image));
    assert.equal(decoded, keepBytes === 0 ? 8 : 5, 'one more pass when asked in order');
    for (const image of [7, 1, 5, 1]) assert.deepEqual(await some.tokens(image), await all.tokens(image));
    await encoder.release();
  }
  await keepAll.release();
});

test('how many pairs are matched at once does not change their scores', async () => {
  const encoder = await createEncoder(ready.model, { ...ready, batch: 8 });
  const { tokens } = await encoder.images(set);
  const captions = set.items.flatMap(({ captions }) => captions);
  const pairs: Pair[] = set.items.flatMap((_, image) => captions.map((_, text) => ({ image, text })));
  const shuffled = pairs.map((_, i) => pairs[(i * 31) % pairs.length] as Pair);
  const scored = async (sizes: { images: number; pairs: number }, pairs: readonly Pair[]) => {
    const matcher = await createMatcher(ready.model, sizes);
    const progress: number[] = [];
    const scores = await matcher.scores(pairs, { tokens, ...ready.encode(captions) }, (done) => progress.push(done));
    await matcher.release();
    assert.equal(progress.at(-1), pairs.length);
    return new Map(pairs.map(({ image, text }, i) => [`${image} ${text}`, scores[i] as number]));
  };
  const expected = await scored({ images: 1, pairs: 1 }, pairs);
  assert.ok(new Set(expected.values()).size > 30, 'the toy tells pairs apart');
  for (const [sizes, order] of [
    [{ images: 8, pairs: 100 }, pairs],
    [{ images: 2, pairs: 7 }, pairs],
    [{ images: 3, pairs: 5 }, shuffled],
  ] as const)
    for (const [pair, score] of await scored(sizes, order))
      assert.ok(Math.abs(score - (expected.get(pair) as number)) < 1e-5 * Math.max(1, Math.abs(score)), pair);
  await encoder.release();
});

test('a backbone at another image size has interpolated positions and fits its model', async () => {
  const { arrays, config } = await openBackbone(ready.backbone.folder, 48);
  assert.deepEqual(arrays.get('visual_encoder.pos_embed')?.shape, [1, 37, 32]);
  assemble(createModel(config, heads()), arrays, null, options);
  assert.deepEqual(ready.backbone.arrays.get('visual_encoder.pos_embed')?.shape, [1, 17, 32]);
});
