// A release's checkpoint becomes an adapter folder, and that a checkpoint again, with the same numbers at the same places.

import assert from 'node:assert/strict';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { elementCount, float32Of, writeStateDict } from '../../format/index.js';
import { saves } from '../../model/adapter/index.js';
import { declarationsOf, type LoadedModel } from '../../model/index.js';
import { refusal, temporaryFolder, toyBackbone, toyInfo } from '../../node/toy.test-support.js';
import { loadFresh, loadTrained, trainedFrames } from '../../predict/programs/load.js';
import { parseRecipe, type Recipe, type RecipeInput } from '../../recipe/index.js';
import { writeAdapter } from '../../train/run/adapter-writer.js';
import { openCheckpoint } from '../../weights/checkpoint/checkpoint.js';
import { findTorch } from '../../weights/checkpoint/torch-file.js';
import { pull } from '../../weights/pull.js';
import { openAdapter } from '../../weights/store/adapter-folder.js';
import { arrayOf } from '../../weights/tensors/bytes.js';
import { exportRelease, importRelease } from './release.js';
import { readNote, releaseRecipe } from './release-recipe.js';

const folder = temporaryFolder();
const fixture = fileURLToPath(new URL('../../weights/checkpoint/fixtures/original', import.meta.url));
const file = join(folder, 'release', 'release.pth');
before(async () => {
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
  await mkdir(join(folder, 'release'));
  for (const name of ['release.pth', 'vocab.txt']) await cp(join(fixture, name), join(folder, 'release', name));
  await pull(file, () => {});
});

test('a release’s adapter loads on its backbone, and goes back under every alias', async () => {
  const adapter = join(folder, 'adapter');
  await importRelease(file, adapter);
  const { model, adapter: opened } = await loadTrained({ adapter, task: 'retrieval' });
  assert.equal(opened?.info.sizes.bottleneck, 4);
  assert.ok(model.weights['text_encoder.encoder.video_value_adapter.up_proj.weight']);
  const written = join(folder, 'written.pth');
  await exportRelease(adapter, written);
  const [theirs, ours] = [(await findTorch(file)).tensors, (await findTorch(written)).tensors];
  const names = [...theirs.keys()].filter((name) => /adapter/.test(name) && !/_m\./.test(name));
  assert.equal(names.length, 4 * 24 + 10);
  for (const name of [...names, 'itm_head.weight', 'visual_encoder.blocks.1.mlp.fc1.weight']) {
    const [before, after] = [theirs.get(name), ours.get(name)].map((tensor) => tensor && arrayOf(tensor));
    assert.ok(before && after, name);
    assert.deepEqual(after.shape, before.shape, name);
    if (after.dtype === before.dtype) assert.deepEqual(after.bytes, before.bytes, name);
  }
  assert.ok(ours.has('visual_encoder_m.pos_embed'), 'the release’s loader looks it up');
});

/** As wide as attention heads are in the release. */
const tower = { width: 64, heads: 1 };
const info = { ...toyInfo, vision: { ...toyInfo.vision, ...tower }, text: { ...toyInfo.text, ...tower } };
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'), 1, [], info);
});

let adapters = 0;
/** An adapter of this recipe with random numbers in it. */
async function randomAdapter(recipe: Recipe, answers: readonly string[]): Promise<string> {
  const purpose = { task: recipe.task, frames: trainedFrames(recipe) };
  const { model, backbone } = await loadFresh(recipe, purpose.frames);
  const saved = declarationsOf(model, purpose).filter((declaration) => saves(model.method, declaration));
  const random = saved.map(({ path, shape }) => [
    path,
    Float32Array.from({ length: elementCount(shape) }, () => Math.random() - 0.5),
  ]);
  const to = join(folder, `random ${adapters++}`);
  await writeAdapter(to, {
    ...{ model: { ...model, weights: { ...model.weights, ...Object.fromEntries(random) } }, purpose, backbone, recipe },
    ...{ scores: null, answers, trainable: 1, created: new Date() },
  });
  return to;
}

/** Every number of a model, wherever it is kept. */
const numbersOf = ({ weights, stored }: LoadedModel): Readonly<Record<string, Float32Array>> => ({
  ...Object.fromEntries(Object.entries(stored).map(([path, array]) => [path, float32Of(array)])),
  ...weights,
});

const recipes = fc
  .record({
    task: fc.constantFrom('retrieval', 'answering', 'captioning'),
    profile: fc.constantFrom('default', 'official'),
    data: fc.record({ path: fc.constant('.'), frames: fc.constantFrom(null, 2), imageSize: fc.constantFrom(32, 48) }),
    method: fc.record({
      ...{ name: fc.constant('uniadapter'), bottleneck: fc.integer({ min: 1, max: 5 }) },
      ...{ keyValue: fc.constantFrom(null, 1, 3), layerNorm: fc.constantFrom('in', 'out', 'none') },
      ...{ scale: fc.constantFrom(0.1, 0.3, 'learnable'), queryResidual: fc.boolean() },
      frameAware: fc.constantFrom('always', 'training', 'never'),
    }),
  })
  .map((recipe) => parseRecipe({ ...recipe, backbone } as RecipeInput, 'random'));

test('adapters of all tasks, of images and of clips, come back from a checkpoint with the same numbers', async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(recipes, async (recipe) => {
      const answers = recipe.task === 'answering' ? ['red', 'yes'] : [];
      const before = await openAdapter(await randomAdapter(recipe, answers));
      const beside = join(folder, `written ${n++}`);
      const [file, to] = [join(beside, 'a.pth'), join(beside, 'adapter')];
      await mkdir(beside);
      await cp(join(backbone, 'tokenizer.json'), join(beside, 'tokenizer.json'));
      await exportRelease(before.folder, file);
      await pull(file, () => {});
      await importRelease(file, to);
      const after = await openAdapter(to);
      assert.deepEqual({ ...after.recipe, backbone }, recipe);
      assert.deepEqual(after.answers, answers);
      assert.deepEqual([...after.arrays.keys()].sort(), [...before.arrays.keys()].sort());
      for (const [path, { bytes }] of before.arrays)
        assert.equal(Buffer.compare(after.arrays.get(path)?.bytes as Uint8Array, bytes), 0, path);
      const { task } = recipe;
      const [ours, theirs] = [
        await loadTrained({ adapter: before.folder, task }),
        await loadTrained({ adapter: to, task }),
      ];
      assert.deepEqual(numbersOf(theirs.model), numbersOf(ours.model));
      for (const done of [beside, before.folder]) await rm(done, { recursive: true });
    }),
    { numRuns: 25 },
  );
});

test('what the release has no place for is not exported', async () => {
  const attempt = async (method: object) => {
    const recipe = parseRecipe({ backbone, method, data: { path: '.', frames: 2 } } as RecipeInput, 'test');
    return (await refusal(exportRelease(await randomAdapter(recipe, []), join(folder, 'none.pth')))).message;
  };
  assert.match(await attempt({ name: 'lora' }), /knows no such method: got lora, expected uniadapter$/);
  assert.match(await attempt({ name: 'uniadapter', sharing: 'none' }), /got method\.sharing none, expected partial$/);
  assert.match(await attempt({ name: 'uniadapter', temporal: true }), /got method\.temporal true, expected false$/);
});

test('a file of the release’s that answers becomes an adapter that answers', async () => {
  const recipe = parseRecipe(
    { task: 'answering', backbone, method: { name: 'uniadapter', bottleneck: 3, keyValue: 2 }, data: { path: '.' } },
    'test',
  );
  const before = await openAdapter(await randomAdapter({ ...recipe, data: { ...recipe.data, frames: null } }, []));
  const beside = join(folder, 'vqa');
  const [noted, theirs, to] = ['noted.pth', 'vqa.pth', 'adapter'].map((name) => join(beside, name)) as [
    string,
    string,
    string,
  ];
  await mkdir(beside);
  await cp(join(backbone, 'tokenizer.json'), join(beside, 'tokenizer.json'));
  await exportRelease(before.folder, noted);
  const ofRetrieval = /^(vision_proj|text_proj|itm_head)\.|^temp$/;
  const state = [...(await findTorch(noted)).tensors].filter(([name]) => !ofRetrieval.test(name));
  const unnoted = writeStateDict(new Map(state.map(([name, tensor]) => [name, arrayOf(tensor)])));
  await writeFile(theirs, Buffer.concat([...unnoted]));
  await pull(theirs, () => {});
  await importRelease(theirs, to);
  const after = await openAdapter(to);
  assert.deepEqual([after.recipe.task, after.recipe.profile], ['answering', 'official']);
  assert.ok(after.arrays.has('text_decoder.bert.encoder.video_key_adapter.up_proj.weight'));
  for (const [path, { bytes }] of after.arrays)
    assert.equal(Buffer.compare(bytes, before.arrays.get(path)?.bytes as Uint8Array), 0, path);
  await loadTrained({ adapter: to, task: 'answering' });
});

test('the configuration in a release’s file says what was looked at', async () => {
  const checkpoint = await openCheckpoint(file);
  const withConfig = (config: Readonly<Record<string, string | number | boolean>>) =>
    releaseRecipe({ ...checkpoint, others: new Map([['config', new Map(Object.entries(config))]]) }, file);
  const video = withConfig({ modality: 'video', frame_aware_attention: true, image_size: 224 });
  assert.deepEqual([video.data.frames, video.data.imageSize], [8, 224]);
  assert.deepEqual(video.method, { ...video.method, frameAware: 'training', keyValue: 2, bottleneck: 4 });
  const image = withConfig({ modality: 'image', frame_aware_attention: false });
  assert.deepEqual([image.data.frames, 'frameAware' in image.method && image.method.frameAware], [null, 'never']);
  assert.throws(() => withConfig({ temporal_attention: true }), {
    code: 'recipe',
    message: /parts that the paper does not have.*: got temporal_attention: True, expected False$/,
  });
  const others = new Map([['uniadapter', '{"recipe": {}, "answers": [], "heads": {"vision": 2, "text": 1}}']]);
  assert.throws(
    () => readNote({ ...checkpoint, others }, file),
    /other attention heads.*got 2 in vision, 1 in text, exp/,
  );
  assert.throws(() => releaseRecipe({ ...checkpoint, adapter: new Map() }, file), /holds no UniAdapter/);
});
