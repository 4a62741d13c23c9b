// Adapters on disk: what is written, and that none is taken for what it is not.

import assert from 'node:assert/strict';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { figuresOf, remarksOf } from '../../evaluate/index.js';
import { sha256 } from '../../files/files.js';
import {
  elementCount,
  type NamedArray,
  type NamedArrays,
  readSafetensors,
  writeSafetensors,
} from '../../format/index.js';
import {
  eventsOf,
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyData,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { loadTrained } from '../../predict/programs/load.js';
import { evaluateRun, openSearch } from '../../verbs/run.js';
import { openAdapter, version } from './adapter-folder.js';

const folder = temporaryFolder();
const adapter = join(folder, 'run', 'adapter');
let backbone: string;
let data: string;
let events: Awaited<ReturnType<typeof runToy>>;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
  events = await runToy(toyRecipe(backbone, data, ['train.epochs=1']), join(folder, 'run'));
});

test('adapter.json says what was trained, on what, and how good it is', async () => {
  const { info, recipe, arrays } = await openAdapter(adapter);
  const { created, recipe: _, evaluation, ...rest } = info;
  const weights = await readFile(join(backbone, 'backbone.safetensors'));
  const { trainable, all } = eventsOf(events, 'plan')[0]?.parameters ?? assert.fail();
  const numbers = (arrays: NamedArrays) => [...arrays.values()].reduce((n, { shape }) => n + elementCount(shape), 0);
  const whole = readSafetensors(weights, backbone).arrays;
  const used = new Map([...whole].filter(([path]) => !path.startsWith('text_decoder.')));
  const added = new Map([...arrays].filter(([path]) => path.startsWith('adapters.')));
  assert.equal(all, numbers(used) + numbers(added), 'what does not retrieve is not counted');
  const { name, ...options } = recipe.method;
  const [done] = eventsOf(events, 'done');
  assert.ok(done?.scores);
  assert.deepEqual(rest, {
    format: 1,
    packageVersion: version,
    task: 'retrieval',
    method: { name, options },
    sizes: { bottleneck: 4, layers: 2, width: 32 },
    parameters: { trainable, all },
    backbone: { name: 'toy', sha256: await sha256(weights), parameters: numbers(whole), bytes: weights.length },
    scores: Object.fromEntries(figuresOf(done.scores)),
    seed: 1,
  });
  assert.ok(done.before);
  assert.deepEqual(evaluation?.before, Object.fromEntries(figuresOf(done.before)));
  assert.deepEqual(evaluation.standing, done.scores.standing);
  assert.deepEqual(evaluation.remarks, remarksOf(done.scores, done.before));
  assert.ok(Math.abs(Date.parse(created) - Date.now()) < 60_000);
  const given = toyRecipe(backbone, data, ['train.epochs=1']);
  const { augment } = recipe.data;
  assert.notEqual(augment, 'auto');
  assert.deepEqual(
    { ...recipe.data, flip: given.data.flip },
    { ...given.data, frames: null, augment },
    'what the data decides is decided',
  );
});

test('the adapter file has the release’s names, each tensor once', async () => {
  const { arrays } = await openAdapter(adapter);
  const layer = [
    ...['adapter_layer_norm_before', 'adapter_layer_norm_cross_modal'],
    ...['down_proj', 'up_proj', 'multi_up_proj', 'visual_up_proj'],
  ].flatMap((name) => [`${name}.bias`, `${name}.weight`]);
  const heads = ['itm_head', 'text_proj', 'vision_proj'].flatMap((name) => [`${name}.bias`, `${name}.weight`]);
  assert.deepEqual(
    [...arrays.keys()].sort(),
    [...[0, 1].flatMap((i) => layer.map((name) => `adapters.${i}.${name}`)), ...heads, 'temp'].sort(),
  );
  assert.deepEqual(arrays.get('adapters.1.down_proj.weight')?.shape, [4, 32]);
});

const load = (adapter: string) => loadTrained({ adapter, task: 'retrieval' });

let copies = 0;
async function spoilt(spoil: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(folder, `adapter ${copies++}`);
  await cp(adapter, path, { recursive: true });
  await spoil(path);
  return path;
}
const changeArrays = (change: (arrays: Map<string, NamedArray>) => void) => async (path: string) => {
  const file = join(path, 'adapter.safetensors');
  const arrays = new Map(readSafetensors(await readFile(file), file).arrays);
  change(arrays);
  await writeFile(file, writeSafetensors(arrays));
  const { crc32: _, ...info } = JSON.parse(await readFile(join(path, 'adapter.json'), 'utf8'));
  await writeFile(join(path, 'adapter.json'), JSON.stringify(info)); // as of an earlier version
};
const changeInfo = (change: (info: Record<string, unknown>) => object) => async (path: string) => {
  const file = join(path, 'adapter.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')))));
};
const down = 'adapters.0.down_proj.weight';

interface Spoilt {
  readonly spoil: (path: string) => Promise<unknown>;
  readonly code: string;
  readonly message: RegExp;
}
const refused: Readonly<Record<string, Spoilt>> = {
  'whose tensor is transposed': {
    spoil: changeArrays((arrays) => arrays.set(down, { ...(arrays.get(down) as NamedArray), shape: [32, 4] })),
    code: 'parameter',
    message: /^\S+\/adapter 0: .*adapters\.0\.down_proj\.weight is \[32, 4\], expected \[4, 32\]; use the backbone/,
  },
  'that lacks tensors and has others': {
    spoil: changeArrays((arrays) => {
      arrays.set('adapters.2.down_proj.weight', arrays.get(down) as NamedArray);
      arrays.delete(down);
      arrays.delete('itm_head.bias');
    }),
    code: 'parameter',
    message:
      /adapters\.2\.down_proj\.weight is not part of the model; .*down_proj\.weight is missing; itm_head\.bias is/,
  },
  'made with other options': {
    spoil: changeInfo((info) => ({
      ...info,
      recipe: { ...(info.recipe as object), method: { name: 'uniadapter', bottleneck: 8 } },
    })),
    code: 'parameter',
    message: /adapters\.0\.down_proj\.weight is \[4, 32\], expected \[8, 32\]/,
  },
  'whose file is cut off': {
    spoil: (path) => truncate(join(path, 'adapter.safetensors'), 6000),
    code: 'format',
    message: /adapter\.safetensors: the file is cut off: \d+ bytes are missing.*copy or download it again/,
  },
  'whose description has an unknown key': {
    spoil: changeInfo((info) => ({ ...info, colour: 'red' })),
    code: 'format',
    message: /adapter\.json: .*"colour"/,
  },
  'whose recipe has an unknown key': {
    spoil: changeInfo((info) => ({ ...info, recipe: { ...(info.recipe as object), bottelneck: 8 } })),
    code: 'recipe',
    message: /adapter\.json, bottelneck: is not a key of a recipe; did you mean method\.bottleneck/,
  },
  'without its tensors': {
    spoil: (path) => rm(join(path, 'adapter.safetensors')),
    code: 'file',
    message: /adapter\.safetensors: does not exist/,
  },
};
for (const [name, { spoil, code, message }] of Object.entries(refused))
  test(`an adapter ${name} is refused`, async () => {
    const error = await refusal(load(await spoilt(spoil)));
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });

test('an adapter of another backbone is refused by evaluate and search, naming both', async () => {
  const other = await toyBackbone(join(folder, 'other'), 2);
  const onProgress = () => {};
  for (const attempt of [
    () => evaluateRun({ adapter, recipe: toyRecipe(other, data), split: 'test', onProgress }),
    () => openSearch({ adapter, backbone: other, media: data, onProgress }),
  ]) {
    const { code, message } = await refusal(attempt());
    assert.equal(code, 'parameter');
    assert.match(
      message,
      /run\/adapter: this adapter belongs to another backbone: got toy \([0-9a-f]{12}…\), expected toy/,
    );
  }
});

test('an adapter whose folder is misspelt is refused with the folder that was meant', async () => {
  const { code, message } = await refusal(load(join(folder, 'run', 'adaptor')));
  assert.equal(code, 'file');
  assert.match(message, /does not exist: got no folder .*adaptor; did you mean .*run\/adapter\?/);
});

test('a folder is evaluated on the split that is asked for, and an empty one refused', async () => {
  const all = await readFile(join(data, 'manifest.jsonl'), 'utf8');
  const partial = await toyData(
    join(folder, 'partial'),
    all
      .trimEnd()
      .split('\n')
      .filter((line) => !line.includes('"val"')),
  );
  await rm(join(partial, 'red-black.png')); // an image of the training split
  const run = (split: 'val' | 'test') =>
    evaluateRun({ adapter, recipe: toyRecipe(backbone, partial), split, onProgress: () => {} });
  assert.deepEqual((await run('test')).scores, eventsOf(events, 'done')[0]?.scores);
  const { code, message } = await refusal(run('val'));
  assert.equal(code, 'data');
  assert.match(message, /manifest\.jsonl: the split val is empty; choose another one, or change data\.split/);
});
