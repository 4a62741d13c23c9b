// Safetensors files that are opened and not read.

import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  byteCount,
  float32Array,
  float32Of,
  int32Array,
  readSafetensors,
  writeSafetensors,
} from '../../format/index.js';
import { refusal, temporaryFolder } from '../../node/toy.test-support.js';
import { openSafetensors } from './tensors.js';

const folder = temporaryFolder();
const arrays = new Map([
  ['a', float32Array([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))],
  ['b', int32Array([2], Int32Array.of(7, 8))],
  ['nothing', float32Array([0, 4], new Float32Array())],
]);
const bytes = writeSafetensors(arrays, { by: 'test' });

test('a file is opened as it would be read', async () => {
  const path = join(folder, 'a.safetensors');
  await writeFile(path, bytes);
  const opened = await openSafetensors(path);
  const read = readSafetensors(bytes, path);
  assert.deepEqual(opened.metadata, read.metadata);
  assert.equal(opened.bytes, bytes.length);
  assert.deepEqual([...opened.arrays.keys()], [...read.arrays.keys()]);
  for (const [name, { dtype, shape, bytes }] of opened.arrays)
    assert.deepEqual({ dtype, shape, bytes }, { ...read.arrays.get(name) });
});

test('numbers are read when they are asked for, and not before', async () => {
  const path = join(folder, 'later.safetensors');
  await writeFile(path, bytes);
  const a = (await openSafetensors(path)).arrays.get('a') ?? assert.fail();
  const changed = new Map(arrays).set('a', float32Array([2, 3], new Float32Array(6).fill(9)));
  await writeFile(path, writeSafetensors(changed, { by: 'test' }));
  assert.deepEqual(float32Of(a), new Float32Array(6).fill(9));
  await truncate(path, bytes.length - 8 - byteCount(a));
  assert.throws(() => float32Of(a), { code: 'file', message: /became shorter/ });
});

test('a file that is cut off anywhere is refused when it is opened', async () => {
  for (const length of [0, 5, 8, 40, 4096, bytes.length - 1]) {
    const path = join(folder, `cut-${length}.safetensors`);
    await writeFile(path, bytes.subarray(0, length));
    const { code, message } = await refusal(openSafetensors(path));
    assert.equal(code, 'format');
    assert.match(message, /the file is cut off: \d+ bytes are missing/);
  }
  await writeFile(join(folder, 'text'), 'this is no such file, and says so in more than eight bytes');
  assert.match((await refusal(openSafetensors(join(folder, 'text')))).message, /not a safetensors file/);
  assert.equal((await refusal(openSafetensors(join(folder, 'no.safetensors')))).code, 'file');
});
