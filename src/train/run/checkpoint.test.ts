// A checkpoint is whole or not there, and belongs to one recipe, backbone and dataset.

import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import type { Write } from '../../files/files.js';
import { readSafetensors, writeSafetensors } from '../../format/index.js';
import { refusal, temporaryFolder, toyBackbone, toyData, toyRecipe } from '../../node/toy.test-support.js';
import { override, parseRecipe, type Recipe } from '../../recipe/index.js';
import type { StateSizes, TrainState } from '../loop/index.js';
import { finished, jobOf } from '../loop/toy.test-support.js';
import { checkCheckpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.js';

const folder = temporaryFolder();
const changes = ['train.epochs=2', 'train.checkpointEvery=2'];
let recipe: Recipe;
/** Two steps into a run, with a best epoch. */
let saved: { readonly state: TrainState; readonly sizes: StateSizes };
const origin = () => ({ backbone: 'ab', recipe, data: 'cd' });
before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  const data = await toyData(join(folder, 'data'));
  recipe = toyRecipe(backbone, data, changes);
  await run((state, sizes) => {
    if (state.step === 2) saved = structuredClone({ state, sizes });
    return Promise.resolve();
  });
});

/** Trains the toy for four steps. */
async function run(save: (state: TrainState, sizes: StateSizes) => Promise<void>): Promise<void> {
  const { backbone, data } = recipe;
  const { job } = await jobOf(backbone, data.path, changes);
  await finished({ ...job, save: (state, sizes) => save(state, sizes).then(() => '') });
}

let checkpoints = 0;
async function newCheckpoint(): Promise<string> {
  const path = join(folder, `${checkpoints++}`, 'checkpoint');
  await mkdir(dirname(path));
  await saveCheckpoint(path, saved, origin());
  return path;
}
const load = (path: string) => loadCheckpoint(path, saved.sizes, origin());

test('a state is read back as it was saved', async () => {
  const path = await newCheckpoint();
  assert.deepEqual((await readdir(path)).sort(), ['SHA256SUMS', 'checkpoint.json', 'state.safetensors']);
  assert.ok(saved.state.best, 'the toy evaluates before it saves');
  assert.deepEqual(await load(path), saved.state);
  const { recipe: _, ...info } = JSON.parse(await readFile(join(path, 'checkpoint.json'), 'utf8'));
  const { epoch, score } = saved.state.best;
  assert.deepEqual(info, { format: 1, step: 2, queueAt: 2, best: { epoch, score }, backbone: 'ab', data: 'cd' });
});

test('the tensors of a checkpoint are those of docs/formats.md', async () => {
  const path = join(await newCheckpoint(), 'state.safetensors');
  const { arrays } = readSafetensors(await readFile(path), path);
  const groups = new Map<string, number>();
  for (const name of arrays.keys()) {
    const group = /^(parameter|momentum|adam\.first|adam\.second|best)\./.exec(name)?.[1] ?? name;
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  const n = saved.sizes.trainable.length;
  const named = { parameter: n, momentum: saved.sizes.twins.size, 'adam.first': n, 'adam.second': n, best: n };
  assert.deepEqual(Object.fromEntries(groups), { ...named, 'queue.image': 1, 'queue.text': 1, 'queue.ids': 1 });
  assert.deepEqual(arrays.get('queue.image')?.shape, [6, 16]);
});

test('there is nothing to go on from where no checkpoint is', async () => {
  assert.equal(await load(join(folder, 'nowhere', 'checkpoint')), null);
});

const full: Write = async (file, content) => {
  await file.writeFile(content.slice(0, 10));
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
};

test('a disk that is full while a run saves ends the run with a clear error and leaves the checkpoint before intact', async () => {
  const path = join(folder, 'full', 'checkpoint');
  await mkdir(dirname(path));
  const error = await refusal(
    run((state, sizes) => saveCheckpoint(path, { state, sizes }, origin(), state.step > 2 ? full : undefined)),
  );
  assert.equal(error.code, 'file');
  assert.match(
    error.message,
    /checkpoint: no room left: 0\.\d MB needed, .* free; make room, or write somewhere else$/,
  );
  assert.deepEqual(await readdir(dirname(path)), ['checkpoint']);
  assert.deepEqual(await load(path), saved.state);
});

test('a checkpoint that was being replaced when the machine stopped is brought back', async () => {
  const path = await newCheckpoint();
  const beside = (name: string) => join(dirname(path), name);
  await cp(path, beside('.checkpoint.uniadapter-0123abcd.tmp'), { recursive: true });
  await rename(path, beside('.checkpoint.uniadapter-4567cdef.old'));
  await mkdir(beside('.checkpointed'));
  assert.deepEqual(await load(path), saved.state);
  assert.deepEqual((await readdir(dirname(path))).sort(), ['.checkpointed', 'checkpoint']);
});

test('what a crash left half written beside a checkpoint is removed', async () => {
  const path = await newCheckpoint();
  await mkdir(join(dirname(path), '.checkpoint.uniadapter-0123abcd.tmp'));
  assert.deepEqual(await load(path), saved.state);
  assert.deepEqual(await readdir(dirname(path)), ['checkpoint']);
});

const broken: Readonly<Record<string, { spoil: (path: string) => Promise<void>; code: string; message: RegExp }>> = {
  'without its description': {
    spoil: (path) => rm(join(path, 'checkpoint.json')),
    code: 'file',
    message: /checkpoint\.json: does not exist/,
  },
  'whose description is cut off': {
    spoil: (path) => truncate(join(path, 'checkpoint.json'), 40),
    code: 'format',
    message: /checkpoint\.json: not valid JSON/,
  },
  'whose description lacks a key and has an unknown one': {
    spoil: (path) => changeInfo(path, ({ step: _, ...info }) => ({ ...info, steps: 2 })),
    code: 'format',
    message: /checkpoint\.json: step: .*"steps"/,
  },
  'of a newer format': {
    spoil: (path) => changeInfo(path, (info) => ({ ...info, format: 2 })),
    code: 'format',
    message: /checkpoint\.json: written by a newer version: got format 2, expected at most 1; update uniadapter/,
  },
  'that points beyond its queue': {
    spoil: (path) => changeInfo(path, (info) => ({ ...info, queueAt: 6 })),
    code: 'parameter',
    message: /queueAt 6 is beyond the queue/,
  },
  'without its tensors': {
    spoil: (path) => rm(join(path, 'state.safetensors')),
    code: 'file',
    message: /state\.safetensors: does not exist/,
  },
  'whose tensors are cut off': {
    spoil: (path) => truncate(join(path, 'state.safetensors'), 5000),
    code: 'format',
    message: /state\.safetensors: the file is cut off: \d+ bytes are missing/,
  },
  'whose tensors are others': {
    spoil: async (path) => {
      const file = join(path, 'state.safetensors');
      const arrays = new Map(readSafetensors(await readFile(file), file).arrays);
      const temp = arrays.get('queue.image');
      assert.ok(temp && arrays.delete('queue.image') && arrays.set('queue.picture', temp));
      const ids = arrays.get('queue.ids');
      assert.ok(ids && arrays.set('queue.ids', { ...ids, shape: [2, 3] }));
      await writeFile(file, writeSafetensors(arrays));
      await rm(join(path, 'SHA256SUMS'));
    },
    code: 'parameter',
    message:
      /state\.safetensors: the checkpoint is of another run: queue\.image is missing; queue\.ids is \[2, 3\], expected \[6\]; queue\.picture is not part of this run/,
  },
};
async function changeInfo(path: string, change: (info: Record<string, unknown>) => object): Promise<void> {
  const file = join(path, 'checkpoint.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
  await rm(join(path, 'SHA256SUMS'));
}
for (const [name, { spoil, code, message }] of Object.entries(broken))
  test(`a checkpoint ${name} is refused`, async () => {
    const path = await newCheckpoint();
    await spoil(path);
    const error = await refusal(load(path));
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });

test('a bit that flipped anywhere in a checkpoint is found', async () => {
  const path = await newCheckpoint();
  for (const name of ['state.safetensors', 'checkpoint.json', 'SHA256SUMS']) {
    const bytes = await readFile(join(path, name));
    const at =
      name === 'checkpoint.json' ? bytes.indexOf('"step": 2') + 8 : name === 'SHA256SUMS' ? 3 : bytes.length - 9;
    const spoilt = Buffer.from(bytes);
    spoilt[at] = (spoilt[at] as number) ^ 1;
    await writeFile(join(path, name), spoilt);
    const { code, message } = await refusal(load(path));
    assert.equal(code, 'format');
    assert.match(message, /the file is damaged: its checksum is another than when it was written: got sha256/);
    await writeFile(join(path, name), bytes);
  }
  assert.deepEqual(await load(path), saved.state);
});

test('another recipe is refused before anything is computed, naming the keys that differ', async () => {
  const path = await newCheckpoint();
  const changes = ['train.batch=2', 'method.name=lora', 'optimiser.learningRate=1e-5'];
  const other = parseRecipe(override(recipe, changes), 'toy');
  const { code, message, problem } = await refusal(checkCheckpoint(path, { ...origin(), recipe: other }));
  assert.equal(code, 'recipe');
  for (const difference of [
    'method.name was "uniadapter" and is "lora"',
    'train.batch was 4 and is 2',
    'optimiser.learningRate was 0.0005 and is 0.00001',
  ])
    assert.ok(message.includes(difference), message);
  assert.equal(problem.fix, 'resume with what it was started with, or start a new run in another folder');
});

test('another backbone or dataset is refused', async () => {
  const path = await newCheckpoint();
  const { code, message } = await refusal(checkCheckpoint(path, { ...origin(), backbone: 'other', data: 'other' }));
  assert.equal(code, 'recipe');
  assert.match(message, /got the backbone is another one; images or captions have changed/);
});

test('keys that cannot change the numbers may change', async () => {
  const path = await newCheckpoint();
  const other = parseRecipe(override(recipe, ['train.checkpointEvery=7', 'backbone=moved']), 'toy');
  assert.equal((await checkCheckpoint(path, { ...origin(), recipe: other }))?.step, 2);
});

test('a state does not change under the hands of the next step', async () => {
  const states: TrainState[] = [];
  await run(async (state) => {
    states.push({ ...state, parameters: { ...state.parameters } });
  });
  const [first, second] = states.map(({ parameters }) => parameters['adapters.0.down_proj.weight']);
  assert.notDeepEqual(first, second);
  assert.deepEqual(first, saved.state.parameters['adapters.0.down_proj.weight']);
});
