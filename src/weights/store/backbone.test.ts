// Opening backbones, whole and broken.

import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sha256 } from '../../files/files.js';
import { float16Array, float32Of, readSafetensors, writeSafetensors } from '../../format/index.js';
import { refusal, temporaryFolder, toyBackbone, toyInfo } from '../../node/toy.test-support.js';
import { loadTrained } from '../../predict/programs/load.js';
import { openBackbone } from './backbone.js';

const folder = temporaryFolder();
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
});

const alone = (backbone: string) => loadTrained({ adapter: null, task: 'retrieval', backbone });

test('a folder is opened with its sizes, its tokenizer and the hash of its weights', async () => {
  const { info, config, tokenizer, sha256: hash, bytes } = await openBackbone(backbone);
  assert.deepEqual(info, toyInfo);
  assert.equal(config.encodeToken, toyInfo.tokens.enc);
  assert.deepEqual(config.decoder, { tied: true, startToken: toyInfo.tokens.bos });
  assert.equal(tokenizer.vocabularySize, toyInfo.text.vocabulary);
  const file = join(backbone, 'backbone.safetensors');
  assert.equal(hash, await sha256(file));
  assert.equal(bytes, (await readFile(file)).length);
});

test('a backbone may have no decoder, and may have learnt answers', async () => {
  const answers = ['yes', 'no'];
  const learnt = await toyBackbone(join(folder, 'learnt'), 1, answers);
  assert.deepEqual((await openBackbone(learnt)).answers, answers);
  assert.deepEqual((await alone(learnt)).answers, answers);
  assert.equal((await openBackbone(backbone)).answers, undefined);
  assert.deepEqual((await alone(backbone)).answers, []);
  const file = join(learnt, 'backbone.json');
  const { decoder: _, ...info } = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify(info));
  assert.equal((await openBackbone(learnt)).config.decoder, undefined);
  await alone(learnt);
  const { code, message } = await refusal(loadTrained({ adapter: null, task: 'answering', backbone: learnt }));
  assert.equal(code, 'recipe');
  assert.match(
    message,
    /^backbone toy: has no parts for answering: got those for retrieval; name another backbone, such as tiny or /,
  );
});

test('another image size resizes the positions and nothing else', async () => {
  const path = 'visual_encoder.pos_embed';
  const [own, same, larger] = [
    await openBackbone(backbone),
    await openBackbone(backbone, 32),
    await openBackbone(backbone, 64),
  ];
  assert.deepEqual(same.arrays, own.arrays);
  assert.deepEqual(larger.arrays.get(path)?.shape, [1, 65, 32]);
  assert.equal(larger.config.vision.imageSize, 64);
  assert.equal(larger.sha256, own.sha256);
  for (const [name, array] of own.arrays) if (name !== path) assert.deepEqual(larger.arrays.get(name), array);
});

test('weights in half precision are read', async () => {
  const half = join(folder, 'half');
  await cp(backbone, half, { recursive: true });
  const file = join(half, 'backbone.safetensors');
  const { arrays } = readSafetensors(await readFile(file), file);
  const halved = new Map([...arrays].map(([path, array]) => [path, float16Array(array.shape, float32Of(array))]));
  await writeFile(file, writeSafetensors(halved));
  const [a, b] = [await alone(backbone), await alone(half)];
  const path = 'vision_proj.weight';
  for (const [i, x] of (a.model.weights[path] as Float32Array).entries())
    assert.ok(Math.abs(x - (b.model.weights[path]?.[i] as number)) < 1e-3);
});

const broken: Readonly<Record<string, { spoil: (path: string) => Promise<unknown>; code: string; message: RegExp }>> = {
  'whose weights are cut off': {
    spoil: (path) => truncate(join(path, 'backbone.safetensors'), 20_000),
    code: 'format',
    message: /backbone\.safetensors: the file is cut off: \d+ bytes are missing/,
  },
  'without a tokenizer': {
    spoil: (path) => rm(join(path, 'tokenizer.json')),
    code: 'file',
    message: /tokenizer\.json: does not exist/,
  },
  'without a description': {
    spoil: (path) => rm(join(path, 'backbone.json')),
    code: 'file',
    message: /the folder holds no backbone\.json and no checkpoint: expected .*a folder with backbone\.safetensors/,
  },
  'that lacks tensors': {
    spoil: async (path) => {
      const file = join(path, 'backbone.safetensors');
      const arrays = new Map(readSafetensors(await readFile(file), file).arrays);
      arrays.delete('visual_encoder.norm.weight');
      await writeFile(file, writeSafetensors(arrays));
    },
    code: 'parameter',
    message: /its tensors do not fit the model: visual_encoder\.norm\.weight is missing/,
  },
};
for (const [name, { spoil, code, message }] of Object.entries(broken))
  test(`a backbone ${name} is refused`, async () => {
    const path = join(folder, name);
    await cp(backbone, path, { recursive: true });
    await spoil(path);
    const error = await refusal(alone(path));
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });

test('a size that makes more patches than an image may have is refused before its positions are made', async () => {
  const { code, message } = await refusal(openBackbone(backbone, 2048 + 8));
  assert.equal(code, 'recipe');
  assert.match(
    message,
    /^data\.imageSize: makes too many patches of 8 pixels: got 66049 of 2056 pixels a side, expected at most 65536$/,
  );
});

test('a backbone that is not there is refused with the names of those that ship', async () => {
  const models = await readdir(new URL('../../../models', import.meta.url), { withFileTypes: true }).catch(() => []);
  const { code, message } = await refusal(openBackbone('tyni'));
  assert.equal(code, 'file');
  assert.match(message, /^backbone tyni: there is no such backbone: expected /);
  for (const model of models.filter((entry) => entry.isDirectory())) assert.ok(message.includes(model.name), message);
});
