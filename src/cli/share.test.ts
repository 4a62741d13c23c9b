// Taking a model elsewhere: export, push and pull, and adapters by the name of their repository.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { temporaryFolder } from '../node/toy.test-support.js';
import { parseRecipe, type Recipe } from '../recipe/index.js';
import { given, commandLine as run } from './fixtures/fake.js';

const folder = temporaryFolder();
const adapter = join(folder, 'run', 'adapter');
const cached = join(folder, 'hub', 'models--me--cars', 'snapshots', 'main');
before(async () => {
  process.env.HF_HUB_CACHE = join(folder, 'hub');
  const recipe = parseRecipe({ task: 'answering', data: { path: 'own.jsonl' }, train: { seed: 7 } }, 'test');
  for (const path of [adapter, cached]) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'adapter.json'), JSON.stringify({ format: 1, recipe }));
  }
});

interface Export {
  readonly adapter: string | null;
  readonly recipe: Recipe;
  readonly batch: number;
  readonly folder: string;
}

test('export takes an adapter with its recipe, and keys that change the step', async () => {
  const { code, err, out, calls } = await run('export', join(folder, 'run'), '--out', 'onnx', 'train.batch=16');
  assert.equal(code, 0, err);
  const exported = given<Export>(calls);
  assert.deepEqual([exported.adapter, exported.batch, exported.folder], [adapter, 1, 'onnx']);
  const { task, train } = exported.recipe;
  assert.deepEqual([task, train.seed, train.batch], ['answering', 7, 16]);
  assert.equal(out, 'onnx\n');
  assert.match(err, /2 files, 1\.2 MB of weights; README\.md tells how to run them/);
});

test('export takes a backbone with a task and a method', async () => {
  const args = ['--out', 'onnx', '--task', 'captioning', '--batch', '8', 'method.name=lora', '--json'];
  const { out, calls } = await run('export', 'tiny', ...args);
  const { adapter, recipe, batch } = given<Export>(calls);
  assert.deepEqual([adapter, batch], [null, 8]);
  assert.deepEqual([recipe.backbone, recipe.task, recipe.method.name], ['tiny', 'captioning', 'lora']);
  assert.deepEqual(JSON.parse(out).weightsBytes, 1.2e6);
  const retold = await run('export', join(folder, 'run'), '--out', 'onnx', '--task', 'retrieval');
  assert.deepEqual([retold.code, retold.calls], [2, []]);
  assert.match(retold.err, /--task is for backbones; an adapter has its own/);
});

test('push names what it wrote, and how others use it', async () => {
  const { code, out, calls } = await run('push', join(folder, 'run'), 'me/cars', '--private');
  assert.deepEqual([code, given(calls)], [0, { adapter, repo: 'me/cars', isPrivate: true }]);
  assert.equal(out, 'https://hub/me/cars\nuse it as me/cars, after uniadapter pull me/cars\n');
  assert.equal(JSON.parse((await run('push', adapter, 'me/cars', '--json')).out).commit, 'c');
});

test('pull says how to use what came, and what is missing', async () => {
  assert.equal((await run('pull', 'me/blip')).out, 'cache\nuse it as --backbone me/blip\n');
  const how = 'cache\nuse it wherever an adapter folder is asked for: ';
  assert.equal((await run('pull', 'me/ready')).out, `${how}me/ready\nit adapts the backbone me/blip\n`);
  const missing = 'which is not here; fetch it: uniadapter pull me/blip';
  assert.equal((await run('pull', 'me/cars')).out, `${how}me/cars\nit adapts the backbone me/blip, ${missing}\n`);
});

test('an adapter that was pulled is used by its name wherever a folder is', async () => {
  for (const args of [
    ['evaluate', 'me/cars', '--data', 'x'],
    ['search', 'me/cars', 'a cat', '--in', 'photos'],
    ['ask', 'a.jpg', 'what', '--adapter', 'me/cars'],
    ['caption', 'a.jpg', '--adapter', 'me/cars'],
    ['export', 'me/cars', '--out', 'onnx'],
  ]) {
    const { code, err, calls } = await run(...args);
    assert.equal(code, 0, err);
    assert.equal(given<{ adapter: string }>(calls).adapter, cached, args.join(' '));
  }
  assert.equal(given((await run('inspect', 'me/cars')).calls), cached);
  const { code, err } = await run('ask', 'a.jpg', 'what', '--adapter', 'me/boats');
  assert.equal(code, 1);
  assert.match(err, /adapter me\/boats: is not in the cache: got .*; run: uniadapter pull me\/boats\n/);
});
