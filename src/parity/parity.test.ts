import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { float32Array, float32Of, type NamedArray, readSafetensors, writeSafetensors } from '../format/index.js';
import { createOrtBackend } from '../node/ort.js';
import { checkFile, passes, reportLines } from './parity.js';

const folder = fileURLToPath(new URL('../model/task/fixtures', import.meta.url));
const backend = createOrtBackend();
const read = (file: string) => readFileSync(join(folder, file));
const failing = async (bytes: Uint8Array, file: string) => {
  const report = await checkFile(bytes, file, backend);
  const excess = report.checks.filter(({ error, tolerance }) => !(error <= tolerance));
  return { passes: passes(report), quantities: [...new Set(excess.map(({ quantity }) => quantity))], report };
};

/** The file with the first number of some tensors changed. */
function changed(file: string, changes: Readonly<Record<string, (x: number) => number>>): Uint8Array {
  const { arrays, metadata } = readSafetensors(read(file), file);
  const renewed = Object.entries(changes).map(([key, change]) => {
    const array = arrays.get(key) as NamedArray;
    const values = float32Of(array).slice();
    values[0] = change(values[0] as number);
    return [key, float32Array(array.shape, values)] as const;
  });
  return writeSafetensors(new Map([...arrays, ...renewed]), metadata);
}

for (const file of readdirSync(folder))
  test(`${file} agrees with the release within its tolerances`, async () => {
    const report = await checkFile(read(file), file, backend);
    assert.ok(passes(report), reportLines(report).join('\n'));
  });

test('an expected number that is off by more than the tolerance fails, and the report says where', async () => {
  const bytes = changed('retrieval_image.safetensors', {
    'step1.loss_itm': (x) => x * 1.0005,
    'final.itm_head.bias': (x) => x + 2e-4,
  });
  const { quantities, report } = await failing(bytes, 'changed');
  assert.deepEqual(quantities, ['loss itm', 'parameters after the last step']);
  assert.match(reportLines(report).join('\n'), /FAIL.*parameters after the last step.*worst itm_head\.bias/);
});

test('a disturbed answering file fails where it was disturbed, candidate likelihoods and choices included', async () => {
  const file = 'vqa_video.safetensors';
  const { quantities } = await failing(
    changed(file, {
      'step1.loss': (x) => x * 1.0005,
      'eval.nll.1': (x) => x * 1.0005,
      'eval.logits.0': (x) => x + 0.05,
      'step0.grad.adapters.0.up_proj.weight': (x) => x + 0.1,
    }),
    file,
  );
  assert.deepEqual(quantities.sort(), ['answer logits', 'candidate losses', 'gradients', 'loss answer']);
  const other = await failing(changed(file, { 'weight.text_decoder.cls.predictions.bias': (x) => x + 1 }), file);
  for (const quantity of ['loss answer', 'gradients', 'parameters after the last step', 'candidate losses'])
    assert.ok(other.quantities.includes(quantity), quantity);
  assert.ok(!other.quantities.includes('question states')); // evaluated with the file's own trained weights
});

test('a changed starting weight shows at the first stage that reads it and at all after', async () => {
  const file = 'components.safetensors';
  const { quantities } = await failing(
    changed(file, { 'weight.text_encoder.embeddings.LayerNorm.bias': (x) => x + 1 }),
    file,
  );
  assert.ok(quantities.includes('text.hidden') && quantities.includes('multimodal.plain.hidden'));
  assert.ok(!quantities.includes('visual.hidden'));
});

test('a number that is not a number fails', async () => {
  const { quantities } = await failing(changed('adapter.safetensors', { 'in.text.y': () => Number.NaN }), 'nan');
  assert.deepEqual(quantities, ['output']);
});

test('unknown, unsupported and incomplete files fail with a reason', async () => {
  const one = float32Array([1], Float32Array.of(1));
  const file = (keys: readonly string[]) => writeSafetensors(new Map(keys.map((key) => [key, one])));
  const problem = async (bytes: Uint8Array) => (await failing(bytes, 'file')).report.problem;
  assert.match((await problem(file(['x']))) ?? '', /unknown kind/);
  assert.match((await problem(file(['answer_ids']))) ?? '', /lacks a tensor/);
  assert.match((await problem(file(['queue.image']))) ?? '', /lacks a metadata entry/);
  assert.match((await problem(Uint8Array.of(1, 2))) ?? '', /cut off/);
});

test('the script ends with 1 when a file of the folder fails', () => {
  const broken = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    writeFileSync(join(broken, 'adapter.safetensors'), changed('adapter.safetensors', { 'in.text.y': (x) => x + 1 }));
    const script = fileURLToPath(new URL('../../scripts/parity.ts', import.meta.url));
    const tsx = fileURLToPath(new URL('../../node_modules/.bin/tsx', import.meta.url));
    assert.throws(() => execFileSync(tsx, [script, broken], { stdio: 'pipe' }), { status: 1 });
  } finally {
    rmSync(broken, { recursive: true });
  }
});
