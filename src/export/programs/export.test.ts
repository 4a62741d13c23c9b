// Exports of the toy: every file is run by ONNX Runtime from where it lies, and held against the same program as it is
// compiled for our own use.

import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import type { Feeds } from '../../compiler/runtime/index.js';
import { onnxRuntime } from '../../node/native/native.js';
import {
  refusal,
  runToy,
  TASKS,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyData,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { exportModel } from '../../verbs/api.js';
import { openSafetensors } from '../../weights/tensors/tensors.js';
import { exportPrograms } from './export.js';
import { type Reference, references } from './reference.test-support.js';

const folder = temporaryFolder();
let backbone = '';
let data = '';
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'), 1, ['red', 'green', 'yes', 'no', 'black']);
  data = await toyData(join(folder, 'data'));
});

const programs = {
  retrieval: ['image-encoder', 'text-encoder', 'matcher'],
  answering: ['image-encoder', 'question-encoder', 'first-tokens', 'answer-scorer', 'decoder-memory', 'decoder-step'],
  captioning: ['image-encoder', 'decoder-memory', 'decoder-step'],
} as const;

for (const task of TASKS)
  test(`${task}: every file computes what the project computes, from one file of weights`, async () => {
    const from = { adapter: null, recipe: toyRecipe(backbone, data, [`task=${task}`]), batch: 2 };
    const out = join(folder, task);
    const { files } = await exportPrograms(from, out);
    assert.deepEqual([...files].sort(), (await readdir(out)).sort());
    const names: string[] = [];
    for await (const reference of references(from)) {
      names.push(reference.name);
      await check(out, reference);
    }
    assert.deepEqual(names, [...programs[task], 'train-gradients', 'train-update']);
    assert.deepEqual(
      files.filter((file) => file.endsWith('.onnx')),
      names.map((name) => `${name}.onnx`),
    );
  });

test('an adapter is exported with its numbers, and may be trained on', async () => {
  const recipe = toyRecipe(backbone, data);
  await runToy(recipe, join(folder, 'run'));
  const adapter = join(folder, 'run', 'adapter');
  const from = { adapter, recipe, batch: 3 };
  await exportPrograms(from, join(folder, 'adapted'));
  for await (const reference of references(from)) await check(join(folder, 'adapted'), reference);
  const trained = await openSafetensors(join(adapter, 'adapter.safetensors'));
  const { arrays } = await openSafetensors(join(folder, 'adapted', 'weights.safetensors'));
  for (const [path, array] of trained.arrays) assert.deepEqual(arrays.get(path)?.bytes, array.bytes, path);
});

test('clips have their frames in the shapes, and frame weights come out', async () => {
  const clips = await toyClipData(join(folder, 'clips'));
  const recipe = toyRecipe(backbone, clips, ['data.frames=2']);
  await runToy(recipe, join(folder, 'clip-run'));
  const from = { adapter: join(folder, 'clip-run', 'adapter'), recipe, batch: 1 };
  await exportPrograms(from, join(folder, 'clip-export'));
  const outputs: string[] = [];
  for await (const reference of references(from)) {
    await check(join(folder, 'clip-export'), reference);
    outputs.push(...reference.outputs.keys());
  }
  assert.ok(outputs.includes('frameWeights'));
});

test('programs hold no weights of their own, and name every input and output in README and export.json', async () => {
  const out = join(folder, 'alone');
  const { weightsBytes } = await exportModel(backbone, out, { trainBatch: 4 });
  assert.equal((await stat(join(out, 'weights.safetensors'))).size, weightsBytes);
  const readme = await readFile(join(out, 'README.md'), 'utf8');
  const description = JSON.parse(await readFile(join(out, 'export.json'), 'utf8'));
  for (const { file, inputs, outputs } of description.programs) {
    const { graph } = fromBinary(ModelProtoSchema, await readFile(join(out, file)));
    const locations = graph?.initializer.flatMap(({ externalData }) =>
      externalData.filter(({ key }) => key === 'location'),
    );
    assert.deepEqual(
      [...new Set(locations?.map(({ value }) => value))].filter((name) => name !== 'weights.safetensors'),
      [],
    );
    assert.ok(
      graph?.initializer.every(({ rawData }) => (rawData?.length ?? 0) < 4096),
      `${file} holds large constants`,
    );
    assert.deepEqual(graph?.input.map(({ name }) => name).sort(), Object.keys(inputs).sort());
    assert.deepEqual(graph?.output.map(({ name }) => name).sort(), Object.keys(outputs).sort());
    assert.ok(readme.includes(`### ${file}`), file);
  }
  for (const line of [
    '`image` | float32 [1, 3, 32, 32] |',
    '`matcher.onnx`',
    '`gradient/{parameter}` (',
    '`logit` | float32 [1] |',
  ])
    assert.ok(readme.includes(line), line);
  assert.deepEqual(description.batch, { use: 1, training: 4 });
  assert.deepEqual(description.image, { size: 32, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] });
});

test('a folder that holds other things is not written over, and a backbone that is not there is said so', async () => {
  const from = { adapter: null, recipe: toyRecipe(backbone, data), batch: 1 };
  assert.match((await refusal(exportPrograms(from, data))).message, /holds other files/);
  const nowhere = { ...from, recipe: toyRecipe(join(folder, 'nowhere'), data) };
  assert.match((await refusal(exportPrograms(nowhere, join(folder, 'x')))).message, /there is no such backbone/);
});

/** Runs a file on what its reference was given. */
async function check(out: string, { name, inputs, given, outputs, computed }: Reference): Promise<void> {
  const { InferenceSession, Tensor } = onnxRuntime();
  const session = await InferenceSession.create(join(out, `${name}.onnx`));
  assert.deepEqual([...session.inputNames].sort(), [...inputs.keys()].sort(), name);
  const feeds = [...inputs].map(([input, { dtype, shape }]) => {
    const data = given[input] as Float32Array;
    return [input, new Tensor(dtype as 'float32', data, [...shape])] as const;
  });
  const results = await session.run(Object.fromEntries(feeds));
  for (const output of outputs.keys())
    assert.ok(
      difference(results[`out:${output}`]?.data as Float32Array, computed, output) < 1e-5,
      `${name}: ${output}`,
    );
  await session.release();
}

/** Largest difference, relative to the largest number. */
function difference(found: Float32Array, computed: Feeds, output: string): number {
  const expected = computed[output] as Float32Array;
  assert.equal(found.length, expected.length);
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-6);
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - (found[i] as number))), 0) / scale;
}
