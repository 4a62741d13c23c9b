// What inspect tells adds up.

import assert from 'node:assert/strict';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { sha256 } from '../files/files.js';
import { elementCount } from '../format/index.js';
import {
  eventsOf,
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyData,
  toyRecipe,
} from '../node/toy.test-support.js';
import { openAdapter } from '../weights/store/adapter-folder.js';
import { openBackbone } from '../weights/store/backbone.js';
import type { Inspection } from './inspect.js';
import { inspect } from './run.js';

const folder = temporaryFolder();
const adapter = join(folder, 'run', 'adapter');
let backbone: string;
let trainable: number;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  const data = await toyData(join(folder, 'data'));
  const events = await runToy(toyRecipe(backbone, data, ['train.epochs=1']), join(folder, 'run'));
  trainable = eventsOf(events, 'plan')[0]?.parameters.trainable ?? assert.fail();
});

function assertTotals({ groups, total }: Inspection): void {
  for (const key of ['tensors', 'parameters', 'bytes'] as const)
    assert.equal(
      groups.reduce((sum, group) => sum + group[key], 0),
      total[key],
    );
  assert.equal(total.bytes, 4 * total.parameters);
}
const rolesOf = ({ groups }: Inspection, start: string) => [
  ...new Set(groups.filter(({ module }) => module.startsWith(start)).map(({ role }) => role)),
];

test('a backbone: its sizes, its modules and their roles, and all of its parameters', async () => {
  const inspection = await inspect(backbone);
  const { arrays } = await openBackbone(backbone);
  const file = join(backbone, 'backbone.safetensors');
  assertTotals(inspection);
  assert.equal(inspection.kind, 'backbone');
  assert.equal(inspection.name, 'toy');
  assert.equal(inspection.bytes, (await readFile(file)).length);
  assert.equal(inspection.sha256, await sha256(file));
  assert.equal(inspection.total.tensors, arrays.size);
  const all = [...arrays.values()].reduce((n, { shape }) => n + elementCount(shape), 0);
  assert.equal(inspection.total.parameters, all);
  assert.deepEqual(rolesOf(inspection, 'visual_encoder'), ['base']);
  assert.deepEqual(rolesOf(inspection, 'text_encoder'), ['base']);
  assert.deepEqual(rolesOf(inspection, 'text_decoder.bert'), ['base']);
  assert.deepEqual(rolesOf(inspection, 'text_decoder.cls'), ['lmHead']);
  for (const head of ['vision_proj', 'text_proj', 'itm_head', 'temp'])
    assert.deepEqual(rolesOf(inspection, head), ['head'], head);
  const [weights, biases, norms] = [4 * 32 * 32 + 2 * 32 * 64, 4 * 32 + 64 + 32, 2 * 2 * 32];
  const block = inspection.groups.find(({ module }) => module === 'visual_encoder.blocks.1');
  assert.equal(block?.parameters, weights + biases + norms);
  assert.deepEqual(inspection.facts.slice(0, 2), [
    ['images', '32 pixels in patches of 8'],
    ['vision', '2 layers, width 32, 2 heads'],
  ]);
});

test('an adapter: what trained, on which backbone, and only its own parameters', async () => {
  const inspection = await inspect(adapter);
  const { arrays, info } = await openAdapter(adapter);
  assertTotals(inspection);
  assert.equal(inspection.kind, 'adapter');
  assert.equal(inspection.name, 'adapter');
  assert.equal(inspection.total.tensors, arrays.size);
  assert.equal(inspection.total.parameters, trainable + 1, 'the temperature is saved but did not train');
  assert.deepEqual(rolesOf(inspection, 'adapters.0'), ['adapter']);
  assert.deepEqual(rolesOf(inspection, 'itm_head'), ['head']);
  const facts = new Map(inspection.facts);
  assert.match(facts.get('method') ?? '', /^uniadapter \{"bottleneck":4,/);
  assert.match(facts.get('trained') ?? '', new RegExp(`^${trainable} of \\d+ parameters \\(4\\.86 %\\)$`));
  assert.equal(facts.get('backbone'), `toy, sha256 ${info.backbone.sha256}`);
  assert.match(
    facts.get('textToMedia R@1') ?? '',
    /^\d+\.\d \([\d.]+ to [\d.]+, n 4; [\d.]+ before, [\d.]+ by chance\)$/,
  );
  assert.deepEqual(await inspect(`${adapter}/`), inspection);
});

test('an adapter can be looked at without its backbone; then nobody knows the roles', async () => {
  await rename(backbone, `${backbone} away`);
  try {
    const inspection = await inspect(adapter);
    assertTotals(inspection);
    assert.deepEqual(rolesOf(inspection, ''), ['–']);
  } finally {
    await rename(`${backbone} away`, backbone);
  }
});

test('any file of tensors: modules, sizes and its metadata', async () => {
  const inspection = await inspect(join(adapter, 'adapter.safetensors'));
  assertTotals(inspection);
  assert.equal(inspection.kind, 'safetensors');
  assert.equal(inspection.name, 'adapter.safetensors');
  assert.deepEqual(inspection.facts, [['format', 'pt']]);
  assert.equal(inspection.total.parameters, trainable + 1);
});

test('what is none of these is refused', async () => {
  const { code, message } = await refusal(inspect(join(folder, 'run')));
  assert.equal(code, 'file');
  assert.match(message, /run: the folder holds no backbone\.json/);
  assert.match(
    (await refusal(inspect(join(adapter, 'adaptor.safetensors')))).message,
    /did you mean .*adapter\.safetensors/,
  );
});
