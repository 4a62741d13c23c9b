import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { lower } from '../compiler/onnx/index.js';
import { compile } from '../compiler/runtime/index.js';
import { add, exp, expand, gather, input, matmul, neg, sum, trace, within } from '../compiler/tensor/index.js';
import type { NamedArray, SafeDtype } from '../format/index.js';
import { arrayIn } from '../weights/tensors/tensors.js';
import { createOrtBackend } from './ort.js';
import { refusal, temporaryFolder } from './toy.test-support.js';

const folder = temporaryFolder();

/** [2, 2] numbers 1, −2, 0.5, 3, which every float type holds exactly, from byte `start` of a file on. */
async function inFile(dtype: SafeDtype, start: number, file = join(folder, `${dtype}-${start}`)): Promise<NamedArray> {
  const floats = Float32Array.of(1, -2, 0.5, 3);
  const bits: Partial<Record<SafeDtype, ArrayBufferView>> = {
    F32: floats,
    F64: Float64Array.from(floats),
    F16: Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x4200),
    BF16: Uint16Array.of(0x3f80, 0xc000, 0x3f00, 0x4040),
  };
  const { buffer, byteLength } = bits[dtype] ?? assert.fail();
  await writeFile(file, Buffer.concat([Buffer.alloc(start, 7), Buffer.from(buffer), Buffer.alloc(5, 7)]));
  return arrayIn({ dtype, shape: [2, 2], file, start, bytes: byteLength });
}

/** x·w + w for x [1, 2], where w is frozen. */
async function multiplied(w: NamedArray): Promise<readonly number[]> {
  const outputs = trace(() => {
    const weight = input('w', [2, 2]);
    return { y: add(matmul(input('x', [1, 2]), weight), weight) };
  });
  const program = await compile(createOrtBackend({ threads: 1 }), outputs, { frozen: { w } });
  assert.deepEqual([...program.inputs.keys()], ['x']);
  const { y } = await program.run({ x: Float32Array.of(1, 2) });
  await program.release();
  return [...(y as Float32Array)];
}
const product = [3, 2, 2.5, 7];

for (const dtype of ['F32', 'F16', 'BF16', 'F64'] as const)
  test(`frozen ${dtype} numbers are found in their file, aligned or not`, async () => {
    for (const start of [0, 128, 4099]) assert.deepEqual(await multiplied(await inFile(dtype, start)), product);
  });

test('a mapped file may be reached by a link out of its folder, and lie beside or above others', async () => {
  const blobs = join(folder, 'blobs');
  await mkdir(join(folder, 'snapshots'));
  await mkdir(blobs);
  await inFile('F32', 8, join(blobs, 'abc'));
  await symlink('../blobs/abc', join(folder, 'snapshots', 'model.safetensors'));
  const file = join(folder, 'snapshots', 'model.safetensors');
  assert.deepEqual(await multiplied(arrayIn({ dtype: 'F32', shape: [2, 2], file, start: 8, bytes: 16 })), product);
});

test('what does not fit is refused before the runtime sees it, and a file that has become shorter by the runtime', async () => {
  const array = await inFile('F32', 0);
  const { place } = array;
  const wide = await refusal(multiplied({ ...array, shape: [4, 1], place: place as NonNullable<typeof place> }));
  assert.match(wide.message, /^program, frozen input w: does not fit: got \[4, 1\], expected \[2, 2\]/);
  await writeFile(place?.file as string, new Uint8Array(9));
  const short = await refusal(multiplied(array));
  assert.equal(short.code, 'runtime');
});

const side = 2048; // 16 MiB a matrix of float32
/** kB of memory of the process's own that a piece of work leaves behind; null where the system does not tell. */
async function taken(work: () => Promise<void>): Promise<number | null> {
  const own = async () => Number(/RssAnon:\s+(\d+)/.exec(await readFile('/proc/self/status', 'utf8'))?.[1]);
  const before = await own().catch(() => null);
  await work();
  return before === null ? null : (await own()) - before;
}

/** Four programs of x·w, where w is frozen and in a file. */
async function fourPrograms(dtype: SafeDtype, elementBytes: number) {
  const file = join(folder, `large-${dtype}`);
  const bytes = elementBytes * side * side;
  await writeFile(file, new Uint8Array(bytes));
  const w = arrayIn({ dtype, shape: [side, side], file, start: 0, bytes });
  const outputs = trace(() => ({ y: matmul(input('x', [1, side]), input('w', [side, side])) }));
  return Promise.all([1, 2, 3, 4].map(() => compile(createOrtBackend({ threads: 1 }), outputs, { frozen: { w } })));
}

for (const [dtype, elementBytes] of [
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
] as const)
  test(`programs that map ${dtype} numbers hold no copies of them`, async () => {
    await multiplied(await inFile('F32', 0)); // the runtime itself takes some, once
    let programs: Awaited<ReturnType<typeof fourPrograms>> = [];
    const kilobytes = await taken(async () => {
      programs = await fourPrograms(dtype, elementBytes);
      if (dtype !== 'F32') return; // others are cast while they run
      for (const program of programs) await program.run({ x: new Float32Array(side) });
    });
    assert.ok(kilobytes === null || kilobytes < 16 * 1024 * 2, `${kilobytes} kB more`);
    for (const program of programs) await program.release();
  });

test('a model that ONNX Runtime cannot load is an error with its reason', async () => {
  const lowered = trace(() => lower({ y: neg(input('x', [2])) }, { target: 'cpu' }));
  const cut = { ...lowered, bytes: lowered.bytes.subarray(0, -9) };
  await assert.rejects(createOrtBackend().load(cut, new Map(), 0), (error: Error & { code: string }) => {
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

const status = '/proc/self/status';
test('a large program gives its memory back after a run', { skip: !existsSync(status) }, async () => {
  const ownBytes = () => 1024 * Number(/RssAnon:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1]);
  const rows = 150_000; // of 4 kB, twice: the second value is not written in place, since the sum reads both
  const outputs = trace(() => {
    const x = exp(expand(input('x', [1, 1024]), [rows, 1024]));
    return { y: sum(add(x, exp(x)), [0]) };
  });
  const program = await compile(createOrtBackend(), outputs);
  const before = ownBytes();
  const { y } = await program.run({ x: new Float32Array(1024) });
  const kept = ownBytes() - before;
  await program.release();
  assert.ok(Math.abs((y?.[5] as number) / (rows * (1 + Math.E)) - 1) < 1e-3);
  assert.ok(kept < 2 ** 28, `${kept} bytes are kept`);
});
