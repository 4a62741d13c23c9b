// Checkpoints of others, small ones that transformers and torch.save have written (bench/peers): every layout and element
// type is found, loaded and computes what it computed there.

import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { float32Of, type NamedArray, readSafetensors, writeSafetensors } from '../../format/index.js';
import { resizePositions } from '../../model/blip/index.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { readBackbone } from '../store/backbone.js';
import { openCheckpoint } from './checkpoint.js';
import { convert } from './convert.js';
import { brief } from './fitting.js';
import { compareWithExpected } from './oracle.test-support.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const folder = temporaryFolder();
before(() => {
  process.env.XDG_CACHE_HOME = join(folder, 'cache');
});

const tolerance = 1e-4; // bound of the project; in float32 these stay below 1e-5

async function assertEqualToPeer(backbone: string, expected: string): Promise<void> {
  const { errors, generated } = await compareWithExpected(backbone, expected);
  for (const [name, error] of Object.entries(errors)) assert.ok(error < tolerance, `${name}: ${error}`);
  assert.deepEqual(generated?.ours, generated?.expected);
}

test('a Hugging Face folder with model.safetensors matches and embeds as transformers does', () =>
  assertEqualToPeer(fixture('itm-float32'), fixture('itm-float32/expected.safetensors')));
test('bfloat16 shards with an index caption as transformers does', () =>
  assertEqualToPeer(fixture('caption-bfloat16-shards'), fixture('caption-bfloat16-shards/expected.safetensors')));

test('a float16 pytorch_model.bin says how it is converted, and then answers as transformers does', async () => {
  const name = fixture('vqa-float16-bin');
  const { message } = await refusal(readBackbone(name));
  assert.match(message, /PyTorch files cannot be mapped, so they are converted once; run: uniadapter pull \S+bin$/);
  await convert(await openCheckpoint(name));
  await assertEqualToPeer(name, join(name, 'expected.safetensors'));
});

for (const file of ['legacy.pth', 'release.pth'])
  test(`${file} under the original names matches as its weights do in transformers`, async () => {
    const name = fixture(`original/${file}`);
    await convert(await openCheckpoint(name));
    await assertEqualToPeer(name, fixture('original/expected.safetensors'));
  });

test('float16 and bfloat16 weights stay so, and the temperature is the one of config.json', async () => {
  const { arrays } = await readBackbone(fixture('caption-bfloat16-shards'));
  assert.equal(arrays.get('visual_encoder.cls_token')?.dtype, 'BF16');
  const { temp } = Object.fromEntries((await readBackbone(fixture('itm-float32'))).arrays);
  assert.ok(temp && Math.abs((float32Of(temp)[0] as number) - 0.07) < 1e-5);
});

test('a release’s checkpoint has its adapter once, whatever its aliases, and no twins', async () => {
  const { adapter, arrays, others } = await openCheckpoint(fixture('original/release.pth'));
  const layers = [...adapter.keys()].filter((path) => /^adapters\.\d+\./.test(path));
  assert.equal(layers.length, 2 * 12);
  assert.equal(adapter.size - layers.length, 2 * 5);
  assert.deepEqual(adapter.get('adapters.1.down_proj.weight')?.shape, [4, 64]);
  assert.ok(![...arrays.keys()].some((path) => /_m\.|queue|position_ids|adapter/.test(path)));
  assert.ok(others.get('config') instanceof Map);
});

/** A copy of the float32 fixture whose tensors were changed. */
async function changed(name: string, change: (arrays: Map<string, NamedArray>) => void): Promise<string> {
  const copy = join(folder, name);
  await mkdir(copy);
  for (const side of ['config.json', 'vocab.txt']) await cp(join(fixture('itm-float32'), side), join(copy, side));
  const path = join(fixture('itm-float32'), 'model.safetensors');
  const arrays = new Map(readSafetensors(await readFile(path), path).arrays);
  change(arrays);
  await writeFile(join(copy, 'model.safetensors'), writeSafetensors(arrays));
  return copy;
}

test('everything that is missing, unexpected or of another shape is told at once', async () => {
  const path = await changed('wrong', (arrays) => {
    for (const i of [0, 1, 2]) arrays.delete(`vision_model.encoder.layers.${i}.mlp.fc1.bias`);
    const head = arrays.get('itm_head.weight') as NamedArray;
    arrays.delete('text_proj.bias');
    arrays.set('itm_head.weight', { ...head, shape: [64, 2] });
    arrays.set('text_encoder.pooler.dense.weight', head);
  });
  const { code, message } = await refusal(openCheckpoint(path));
  assert.equal(code, 'parameter');
  assert.match(
    message,
    /missing visual_encoder\.blocks\.\{0,1,2\}\.mlp\.fc1\.bias, text_proj\.bias; unexpected text_encoder\.pooler\.dense\.weight; itm_head\.weight is \[64, 2\], expected \[2, 64\]/,
  );
});

test('names that differ in one number are told together', () => {
  assert.equal(brief(['a.0.w', 'b', 'a.1.w', 'c.3.d']), 'a.{0,1}.w, b, c.3.d');
  const many = Array.from({ length: 1000 }, (_, i) => [`a.${i}.w`, `x${i}`]).flat();
  assert.match(brief(many), /^a\.\{0,1,.*,63,…\}\.w, x0, .*, x8, … and 991 more$/);
});

test('a configuration of another model, and shards that are not there, are refused', async () => {
  const other = await changed('other', () => {});
  await writeFile(join(other, 'config.json'), '{"model_type": "blip-2"}');
  assert.match((await refusal(openCheckpoint(other))).message, /got model_type blip-2, expected blip$/);
  const shards = join(folder, 'shards');
  const index = 'model.safetensors.index.json';
  await mkdir(shards);
  await cp(join(fixture('caption-bfloat16-shards'), index), join(shards, index));
  assert.match(
    (await refusal(openCheckpoint(shards))).message,
    /files of the checkpoint are missing: got no model-0000/,
  );
});

test('position embeddings of another image size are those of torch’s bicubic', async () => {
  const file = fixture('positions.safetensors');
  const { arrays } = readSafetensors(await readFile(file), file);
  const floats = (name: string) => float32Of(arrays.get(name) as NamedArray);
  for (const side of [3, 7, 14]) {
    const [ours, theirs] = [resizePositions(floats('table'), 2, side), floats(`side${side}`)];
    assert.ok(ours.every((value, i) => Math.abs(value - (theirs[i] as number)) < 1e-5));
  }
});
