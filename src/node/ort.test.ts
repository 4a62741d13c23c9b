import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lower } from '../onnx/index.js';
import { compile } from '../runtime/index.js';
import { gather, input, neg, trace, within } from '../tensor/index.js';
import { createOrtBackend } from './ort.js';

test('a model that ONNX Runtime cannot load is an error with its reason', async () => {
  const lowered = trace(() => lower({ y: neg(input('x', [2])) }, { target: 'cpu' }));
  const cut = { ...lowered, bytes: lowered.bytes.subarray(0, -9) };
  await assert.rejects(createOrtBackend().load(cut, new Map()), (error: Error & { code: string }) => {
    assert.match(error.message, /^ONNX Runtime: could not load the program: got \S/);
    assert.ok(error.cause instanceof Error);
    return error.code === 'runtime';
  });
});

test('an error while running names the module that made the operator', async () => {
  const outputs = trace(() => ({
    y: within('embeddings', () => gather(input('table', [4, 2]), input('ids', [1], 'int32'))),
  }));
  const program = await compile(createOrtBackend({ threads: 1 }), outputs);
  await assert.rejects(program.run({ table: new Float32Array(8), ids: Int32Array.of(4) }), {
    code: 'runtime',
    message: /could not run the program: got .*embeddings\/Gather.*out of/,
  });
});

test('a profile is written when the session is released', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uniadapter-'));
  try {
    const outputs = trace(() => ({ y: within('head', () => neg(input('x', [2]))) }));
    const program = await compile(createOrtBackend({ threads: 1, profile: join(folder, 'step') }), outputs);
    await program.run({ x: new Float32Array(2) });
    await program.release();
    const [file, ...others] = await readdir(folder);
    assert.deepEqual(others, []);
    assert.match(await readFile(join(folder, file as string), 'utf8'), /head\/Neg/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
