import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrtBackend } from '../../node/ort.js';
import { stream } from '../../random/index.js';
import {
  argmax,
  exp,
  greater,
  input,
  linear,
  matmul,
  type NumberArray,
  neg,
  scalar,
  slice,
  sum,
  type Tensor,
  trace,
} from '../tensor/index.js';
import { compile } from './index.js';

const backend = createOrtBackend({ threads: 1 });
const floats = (n: number, index = 0) => {
  const s = stream(3, 'feed', index);
  return Float32Array.from({ length: n }, () => s.normal());
};

/** Rows of x·Wᵀ and the best column of each, for x [2, 3] and W [4, 3]. */
const scores = (): Record<string, Tensor> =>
  trace(() => {
    const y = linear(input('x', [2, 3]), input('weight', [4, 3]));
    return { y, best: argmax(y), mask: greater(y, 0) };
  });

test('outputs come by name, in the array of their dtype', async () => {
  const program = await compile(backend, scores());
  const { y, best, mask } = await program.run({ x: floats(6), weight: floats(12, 1) });
  assert.deepEqual(
    [y, best, mask].map((array) => [array?.constructor, array?.length]),
    [
      [Float32Array, 8],
      [Int32Array, 2],
      [Uint8Array, 8],
    ],
  );
  const { shape, dtype } = program.outputs.get('best') ?? assert.fail('no output named best');
  assert.deepEqual([shape, dtype], [[2], 'int32']);
  assert.deepEqual([...program.inputs.keys()].sort(), ['weight', 'x']);
});

const wrong: readonly (readonly [string, NumberArray | undefined, string])[] = [
  ['is missing', undefined, 'train step, input x: is missing: expected float32 [2, 3]'],
  [
    'has another size',
    floats(5),
    'train step, input x: does not fit: got Float32Array of 5, expected float32 [2, 3], 6 elements',
  ],
  [
    'has another element type',
    new Int32Array(6),
    'train step, input x: does not fit: got Int32Array of 6, expected float32 [2, 3], 6 elements',
  ],
];
for (const [what, x, message] of wrong)
  test(`an input that ${what} is refused by name before the runtime sees it`, async () => {
    const program = await compile(backend, scores(), { name: 'train step' });
    const weight = floats(12);
    assert.throws(() => program.run(x ? { x, weight } : { weight }), { code: 'runtime', message });
  });

test('feeds that the program does not ask for are ignored', async () => {
  const program = await compile(backend, scores());
  const feeds = { x: floats(6), weight: floats(12, 1) };
  const { y } = await program.run({ ...feeds, other: new Int32Array(99) });
  assert.deepEqual(y, (await program.run(feeds)).y);
});

test('frozen arrays give the results that fed ones give, and need not be fed', async () => {
  const feeds = { x: floats(6), weight: floats(12, 1) };
  const fed = await compile(backend, scores());
  const within = new Float32Array([9, 9, ...feeds.weight]).subarray(2); // a view into a larger file
  const frozen = await compile(backend, scores(), { frozen: { weight: within, unused: floats(7) } });
  assert.deepEqual([...frozen.inputs.keys()], ['x']);
  assert.deepEqual(await frozen.run({ x: feeds.x }), await fed.run(feeds));
});

test('a frozen array that does not fit is refused when the program is compiled', async () => {
  await assert.rejects(compile(backend, scores(), { name: 'evaluate', frozen: { weight: floats(11) } }), {
    code: 'runtime',
    message:
      'evaluate, frozen input weight: does not fit: got Float32Array of 11, expected float32 [4, 3], 12 elements',
  });
});

test('an output may be an input, frozen or not, a constant, or stand under two names', async () => {
  const outputs = trace(() => {
    const [x, w] = [input('x', [2]), input('w', [2])];
    const y = neg(x);
    return { x, w, one: y, two: y, three: scalar(3) };
  });
  const [x, w] = [Float32Array.of(1, 2), Float32Array.of(3, 4)];
  const program = await compile(backend, outputs, { frozen: { w } });
  const results = await program.run({ x });
  assert.deepEqual({ ...results }, { x, w, one: negated(x), two: negated(x), three: Float32Array.of(3) });
  assert.notEqual(results.x?.buffer, x.buffer, 'an output is an array of its own');
});

test('a program without inputs runs', async () => {
  const program = await compile(
    backend,
    trace(() => ({ y: exp(scalar(0)) })),
  );
  assert.deepEqual(await program.run({}), { y: Float32Array.of(1) });
});

test('results are not overwritten by the next run', async () => {
  const program = await compile(
    backend,
    trace(() => ({ y: neg(input('x', [2])) })),
  );
  const first = await program.run({ x: Float32Array.of(1, 2) });
  await program.run({ x: Float32Array.of(3, 4) });
  assert.deepEqual(first.y, Float32Array.of(-1, -2));
});

test('running twice gives identical bytes, on several threads too', async () => {
  const outputs = trace(() => {
    const x = input('x', [64, 96]);
    const y = matmul(x, x, { transB: true, scale: 0.1 });
    return { y, total: sum(exp(y)), part: slice(y, 0, 3, 9) };
  });
  const program = await compile(createOrtBackend({ threads: 2 }), outputs);
  const x = floats(64 * 96);
  assert.deepEqual(await program.run({ x }), await program.run({ x }));
});

const negated = (x: Float32Array) => x.map((v) => -v);

test('a program that would take more memory than there is, is not even loaded', async () => {
  const few: typeof backend = {
    ...backend,
    freeBytes: () => 2e9,
    load: async () => assert.fail('it was loaded'),
  };
  const huge = trace(() => {
    const x = input('x', [40_000, 1]);
    return { y: sum(exp(matmul(x, x, { transB: true }))) };
  });
  await assert.rejects(compile(few, huge, { name: 'evaluate' }), {
    code: 'memory',
    message:
      /^evaluate: would take more memory than there is: got 6\.4 GB, expected at most 2\.0 GB, which are free; use/,
  });
});
