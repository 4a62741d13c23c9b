// Putting a model's numbers together.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { float16Array, float32Array, type NamedArrays } from '../format/index.js';
import { TASKS, temporaryFolder, toyBackbone, toyInfo, toyRecipe } from '../node/toy.test-support.js';
import { loadTrained, type Ready } from '../predict/programs/load.js';
import { openBackbone } from '../weights/store/backbone.js';
import { full, heads, lora, uniadapter } from './adapter/index.js';
import { assemble, createModel, declarationsOf, evaluatedWith, methodOf, type Purpose } from './index.js';
import type { Model } from './task/index.js';

const folder = temporaryFolder();
let ready: Ready;
before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  ready = await loadTrained({ adapter: null, task: 'retrieval', backbone });
});

const images: Purpose = { task: 'retrieval', frames: null };
/** A model's numbers out of files. */
function assembled(
  model: Model,
  adapter: NamedArrays | null,
  { arrays = ready.backbone.arrays, purpose = images, seed = 3 }: Source = {},
) {
  return assemble(model, declarationsOf(model, purpose), arrays, { seed, where: 'my-adapter', adapter });
}
interface Source {
  readonly arrays?: NamedArrays;
  readonly purpose?: Purpose;
  readonly seed?: number;
}
const uni = () => createModel(ready.model.config, uniadapter({ bottleneck: 4 }));
const adapterOf = (model = uni()): Map<string, NamedArrays extends ReadonlyMap<string, infer A> ? A : never> => {
  const { weights } = assembled(model, null);
  const saved = declarationsOf(model, images).filter(({ role }) => role !== 'base');
  return new Map(saved.map(({ path, shape }) => [path, float32Array(shape, weights[path] as Float32Array)]));
};

test('a fresh model takes the backbone’s numbers and starts its own as declared, a function of the seed', () => {
  const one = assembled(uni(), null);
  const same = assembled(uni(), null);
  const other = assembled(uni(), null, { seed: 4 });
  assert.deepEqual(one, same);
  const differs = Object.keys(one.weights).filter(
    (path) => !one.weights[path]?.every((x, i) => x === other.weights[path]?.[i]),
  );
  assert.ok(differs.length > 0 && differs.every((path) => path.startsWith('adapters.')), `${differs}`);
  assert.deepEqual(
    [...Object.keys(one.weights), ...Object.keys(one.stored)].sort(),
    declarationsOf(uni(), images)
      .map(({ path }) => path)
      .sort(),
  );
});

test('an adapter brings its tensors and its heads, the backbone everything else', () => {
  const arrays = adapterOf();
  const temp = float32Array([], Float32Array.of(0.5));
  const { weights, stored } = assembled(uni(), arrays.set('temp', temp));
  assert.deepEqual(weights.temp, Float32Array.of(0.5));
  assert.notDeepEqual(ready.model.weights.temp, weights.temp);
  const path = 'text_encoder.embeddings.word_embeddings.weight';
  assert.equal(weights[path], undefined, 'not read');
  assert.equal(stored[path], ready.backbone.arrays.get(path));
});

test('adapters in half precision are read', () => {
  const arrays = adapterOf();
  const path = 'adapters.0.down_proj.weight';
  arrays.set(path, float16Array([4, 32], new Float32Array(128).fill(0.25)));
  assert.deepEqual(assembled(uni(), arrays).weights[path], new Float32Array(128).fill(0.25));
});

test('all tensors that do not fit are named, ten of them in full', () => {
  const arrays = new Map([...adapterOf()].slice(0, 4));
  assert.throws(() => assembled(uni(), arrays), {
    code: 'parameter',
    message:
      /^my-adapter: its tensors do not fit the model: ((adapters|vision_proj)\S+ is missing; ){10}and \d+ more; use the backbone/,
  });
});

test('an adapter of another method is refused by the names of its tensors', () => {
  const other = createModel(ready.model.config, lora({ rank: 2 }));
  assert.throws(() => assembled(other, adapterOf()), /adapters\.0\S+ is not part of the model/);
});

test('a backbone that lacks a tensor is refused', () => {
  const arrays = new Map(ready.backbone.arrays);
  arrays.delete('vision_proj.bias');
  for (const method of [full(), heads(), uniadapter()])
    assert.throws(
      () => assembled(createModel(ready.model.config, method), null, { arrays }),
      /: vision_proj\.bias is missing;/,
    );
});

test('the official profile repeats the release’s quirks, for the method that has them', () => {
  const declared = (...changes: readonly string[]) => {
    const recipe = toyRecipe('toy', 'data', changes);
    return declarationsOf(createModel(ready.model.config, methodOf(recipe, 'training')), images);
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

test('a backbone at another image size has interpolated positions and fits its model', async () => {
  const { arrays, config } = await openBackbone(ready.backbone.folder, 48);
  assert.deepEqual(arrays.get('visual_encoder.pos_embed')?.shape, [1, 37, 32]);
  assembled(createModel(config, heads()), null, { arrays });
  assert.deepEqual(ready.backbone.arrays.get('visual_encoder.pos_embed')?.shape, [1, 17, 32]);
});

test('a model has the parameters of its task alone, and a backbone may be without the others', () => {
  const paths = (purpose: Purpose) => new Set(declarationsOf(uni(), purpose).map(({ path }) => path));
  const [retrieval, answering, captioning] = TASKS.map((task) => paths({ task, frames: null }));
  const parts = ['visual_encoder.', 'text_encoder.', 'text_decoder.', 'vision_proj.', 'itm_head.', 'temp'];
  const partsOf = (all = new Set<string>()) => parts.filter((part) => [...all].some((path) => path.startsWith(part)));
  assert.deepEqual(partsOf(retrieval), ['visual_encoder.', 'text_encoder.', 'vision_proj.', 'itm_head.', 'temp']);
  assert.deepEqual(partsOf(answering), ['visual_encoder.', 'text_encoder.', 'text_decoder.']);
  assert.deepEqual(partsOf(captioning), ['visual_encoder.', 'text_decoder.']);
  const clips = paths({ task: 'answering', frames: 2 });
  assert.deepEqual(
    [...clips].filter((path) => !answering?.has(path)).sort(),
    ['vision_proj', 'text_proj'].flatMap((head) => [`${head}.bias`, `${head}.weight`]).sort(),
    'frames are weighed by the projections',
  );
  const writes = (path: string) => /^(visual_encoder|text_decoder)\./.test(path);
  const arrays = new Map([...ready.backbone.arrays].filter(([path]) => writes(path)));
  assembled(uni(), null, { arrays, purpose: { task: 'captioning', frames: null } });
  assert.throws(() => assembled(uni(), null, { arrays, purpose: { task: 'answering', frames: null } }), /is missing/);
});

test('a backbone without a decoder is refused for tasks that write', () => {
  const { decoder, ...config } = ready.model.config;
  assert.equal(decoder?.startToken, toyInfo.tokens.bos);
  const model = createModel(config, uniadapter());
  declarationsOf(model, images);
  for (const task of ['answering', 'captioning'] as const)
    assert.throws(() => declarationsOf(model, { task, frames: null }), { code: 'recipe', message: /has no decoder/ });
});

test('frames are weighed always, in training only, or never, as the recipe says', () => {
  const weighs = (...changes: readonly string[]) =>
    (['training', 'evaluation'] as const).map((phase) => methodOf(toyRecipe('toy', 'data', changes), phase).frameAware);
  assert.deepEqual(weighs(), [true, true]);
  assert.deepEqual(weighs('method.frameAware=training'), [true, false]);
  assert.deepEqual(weighs('method.frameAware=never'), [false, false]);
  assert.deepEqual(weighs('method.frameAware=training', 'profile=official'), [true, false]);
  assert.deepEqual(weighs('method.name=lora'), [false, false]);
});

test('a model that answers about single pictures weighs no frames when it is shown several', () => {
  const weighs = (purpose: Purpose, frameAware = true) =>
    evaluatedWith({ ...uni().method, frameAware }, purpose).frameAware;
  for (const frames of [null, 1]) assert.equal(weighs({ task: 'answering', frames }), false);
  assert.equal(weighs({ task: 'answering', frames: 2 }), true);
  assert.equal(weighs({ task: 'retrieval', frames: null }), true, 'it has the projections anyway');
  assert.equal(weighs({ task: 'answering', frames: 2 }, false), false);
});
