// From a recipe or an adapter on disk to a model, and what it then sees.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyData,
  toyInfo,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { loadFresh, loadTrained } from './load.js';

const folder = temporaryFolder();
const adapter = join(folder, 'run', 'adapter');
const clipAdapter = join(folder, 'clip run', 'adapter');
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  const small = ['train.epochs=1', 'train.batch=8', 'data.maxWords=3', 'data.imageSize=48'];
  await runToy(toyRecipe(backbone, await toyData(join(folder, 'data')), small), join(folder, 'run'));
  const clips = await toyClipData(join(folder, 'clips'));
  const training = ['train.epochs=1', 'train.batch=6', 'data.frames=2', 'method.frameAware=training'];
  await runToy(toyRecipe(backbone, clips, training), join(folder, 'clip run'));
});

const wordsOf = ({ codec }: Awaited<ReturnType<typeof loadFresh>>) =>
  codec.captions(['a red square on pink']).mask.reduce((sum, x) => sum + x, 0) - 2;

test('a run that begins sees as its recipe says: words, pixels, frames that are weighed', async () => {
  const seen = async (...changes: readonly string[]) => {
    const ready = await loadFresh(toyRecipe(backbone, 'data', changes), null);
    const { preprocess, model } = ready;
    return [wordsOf(ready), preprocess.size, model.config.vision.imageSize, model.method.frameAware];
  };
  assert.deepEqual(await seen(), [5, 32, 32, true]);
  assert.deepEqual(await seen('data.maxWords=2', 'data.imageSize=64', 'method.frameAware=never'), [2, 64, 64, false]);
});

test('an adapter sees as it was trained, unless told otherwise', async () => {
  const own = await loadTrained({ adapter, task: 'retrieval' });
  assert.deepEqual([wordsOf(own), own.preprocess.size], [3, 48]);
  const other = await loadTrained({ adapter, task: 'retrieval', seeing: { imageSize: 64, maxWords: 4 } });
  assert.deepEqual([wordsOf(other), other.preprocess.size], [4, 64]);
  assert.equal(own.preprocess.augment, 'none');
  assert.deepEqual(own.preprocess.mean, toyInfo.preprocess.mean);
});

test('frames that were weighed in training only are not weighed afterwards', async () => {
  const { model, adapter: loaded } = await loadTrained({ adapter: clipAdapter, task: 'retrieval' });
  assert.equal(model.method.frameAware, false);
  assert.equal(loaded?.recipe.data.frames, 2);
});

test('the backbone alone sees as it was made, has no method, and all words up to thirty', async () => {
  const alone = await loadTrained({ adapter: null, task: 'captioning', backbone });
  assert.deepEqual([alone.preprocess.size, alone.model.method.name, alone.adapter], [32, 'heads', null]);
  assert.equal(wordsOf(alone), 5);
  assert.ok(Object.keys(alone.model.weights).every((path) => !path.startsWith('adapters.')));
});

test('a backbone that cannot do a task says what it can, whether it is used or trained', async () => {
  const fixture = (name: string) =>
    fileURLToPath(new URL(`../../weights/checkpoint/fixtures/${name}`, import.meta.url));
  for (const [name, task, can] of [
    ['caption-bfloat16-shards', 'retrieval', 'captioning'],
    ['caption-bfloat16-shards', 'answering', 'captioning'],
    ['itm-float32', 'answering', 'retrieval'],
    ['itm-float32', 'captioning', 'retrieval'],
  ] as const) {
    const message = new RegExp(
      `^backbone ${name}: has no parts for ${task}: got those for ${can}; name another .*blip-`,
    );
    const backbone = fixture(name);
    for (const loading of [
      () => loadTrained({ adapter: null, task, backbone }),
      () => loadFresh(toyRecipe(backbone, 'data', [`task=${task}`])),
    ]) {
      const refused = await refusal(loading());
      assert.equal(refused.code, 'recipe');
      assert.match(refused.message, message);
    }
  }
});

test('int8 is refused where no matrix is large enough for it, in training and afterwards', async () => {
  const refused = { code: 'recipe', message: /^precision: int8 would change nothing: .* leave precision at float32$/ };
  await assert.rejects(loadFresh(toyRecipe(backbone, 'data', ['precision=int8'])), refused);
  await assert.rejects(loadTrained({ adapter, task: 'retrieval', precision: 'int8' }), refused);
  await assert.rejects(loadTrained({ adapter: null, task: 'retrieval', backbone, precision: 'int8' }), refused);
});

test('a run in int8 is used in int8, unless told otherwise', async () => {
  const wide = { ...toyInfo.vision, mlp: 8192 }; // 32 × 8192 numbers: just enough
  const backbone = await toyBackbone(join(folder, 'wide'), 1, [], { ...toyInfo, vision: wide });
  const run = join(folder, 'int8 run');
  await runToy(toyRecipe(backbone, join(folder, 'data'), ['train.epochs=1', 'train.batch=8', 'precision=int8']), run);
  const namesOf = async (precision?: 'float32') => {
    const { model } = await loadTrained({ adapter: join(run, 'adapter'), task: 'retrieval', precision });
    return model.int8 && [...model.int8.names];
  };
  const feedForward = (block: number) => ['fc1', 'fc2'].map((n) => `visual_encoder.blocks.${block}.mlp.${n}.weight`);
  assert.deepEqual(await namesOf(), [...feedForward(0), ...feedForward(1)]);
  assert.equal(await namesOf('float32'), undefined);
});
