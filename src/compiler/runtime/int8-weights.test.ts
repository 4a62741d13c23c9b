import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float32Array } from '../../format/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { stream } from '../../random/index.js';
import { gradients } from '../autodiff/index.js';
import { gather, input, linear, mul, sum, type Tensor, trace } from '../tensor/index.js';
import { compile, createInt8Weights } from './index.js';

const backend = createOrtBackend({ threads: 2 });
const [M, K, N] = [37, 96, 80];
const normal = (n: number, index: number) => {
  const draws = stream(5, 'int8', index);
  return Float32Array.from({ length: n }, () => draws.normal());
};
const weight = normal(N * K, 0);
const int8Of = (data: Float32Array) => createInt8Weights({ weight: float32Array([N, K], data) });

/** What a product in int8 is, in whole numbers: x [m, k] · w [k, n], given by element. */
function twin(
  x: Float32Array,
  [m, k, n]: readonly [number, number, number],
  w: (i: number, j: number) => number,
): Float64Array {
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
  const scaleOf = (values: readonly number[], levels: number) => Math.max(...values.map(Math.abs)) / levels;
  const columns = indices(n).map((j) => {
    const column = indices(k).map((i) => w(i, j));
    const scale = scaleOf(column, 64);
    return { scale, column: column.map((value) => Math.round(value / scale)) };
  });
  const y = new Float64Array(m * n);
  for (const row of indices(m)) {
    const values = [...x.subarray(row * k, (row + 1) * k)];
    const scale = scaleOf(values, 127);
    const rounded = values.map((value) => Math.round(value / scale));
    for (const [j, { column, scale: own }] of columns.entries())
      y[row * n + j] = scale * own * column.reduce((total, value, i) => total + value * (rounded[i] as number), 0);
  }
  return y;
}

const largest = (x: ArrayLike<number>) => Array.from(x).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** Float32 computes with the same whole numbers, so that nothing but its own rounding may differ. */
function assertEqual(found: Float32Array, expected: ArrayLike<number>): void {
  const off = Array.from(expected, (value, i) => value - (found[i] as number));
  assert.ok(largest(off) <= 1e-5 * largest(expected), `off by ${largest(off)} of ${largest(expected)}`);
}

const forward = (): Record<string, Tensor> =>
  trace(() => ({ y: linear(input('x', [M, K]), input('weight', [N, K]), input('bias', [N])) }));

test('a linear layer is the product of rounded rows and rounded columns', async () => {
  const [x, bias] = [normal(M * K, 1), normal(N, 2)];
  const program = await compile(backend, forward(), { int8: int8Of(weight) });
  const product = twin(x, [M, K, N], (i, j) => weight[j * K + i] as number);
  const { y } = await program.run({ x, bias });
  assertEqual(
    y as Float32Array,
    product.map((value, i) => value + (bias[i % N] as number)),
  );
});

test('the largest operands of one sign do not overflow', async () => {
  const [x, bias] = [new Float32Array(M * K).fill(3), new Float32Array(N)];
  const w = new Float32Array(N * K).map((_, i) => (Math.floor(i / K) % 2 ? 0.5 : -0.5));
  const program = await compile(backend, forward(), { int8: int8Of(w) });
  const { y } = await program.run({ x, bias });
  assertEqual(
    y as Float32Array,
    Float64Array.from({ length: M * N }, (_, i) => 1.5 * K * (i % 2 ? 1 : -1)),
  );
});

test('rows and columns of zeros give zeros', async () => {
  const [x, bias] = [normal(M * K, 1).fill(0, 0, K), new Float32Array(N)];
  const program = await compile(backend, forward(), { int8: int8Of(weight.slice().fill(0, 0, K)) });
  const { y } = (await program.run({ x, bias })) as { y: Float32Array };
  assert.ok(y.every((value, i) => Number.isFinite(value) && (value === 0) === (i < N || i % N === 0)));
});

test('the gradient by the input is the product of rounded rows and the rounded columns of the matrix itself', async () => {
  const outputs = trace(() => {
    const x = input('x', [1, M, K]);
    const y = linear(x, input('weight', [N, K]));
    return { y, dx: gradients(sum(mul(y, input('g', [1, M, N]))), [x])[0] as Tensor };
  });
  const g = normal(M * N, 3);
  const program = await compile(backend, outputs, { int8: int8Of(weight) });
  const { dx } = await program.run({ x: normal(M * K, 1), g });
  assertEqual(
    dx as Float32Array,
    twin(g, [M, N, K], (i, j) => weight[i * K + j] as number),
  );
});

test('a row’s result does not depend on the rows beside it', async () => {
  const bias = new Float32Array(N);
  const program = await compile(backend, forward(), { int8: int8Of(weight) });
  const [x, other] = [normal(M * K, 1), normal(M * K, 4).map((value) => 100 * value)];
  other.set(x.subarray(0, K));
  const [one, two] = [await program.run({ x, bias }), await program.run({ x: other, bias })];
  assert.deepEqual(one.y?.slice(0, N), two.y?.slice(0, N));
});

test('programs are fed with the same numbers, and need not be given them', async () => {
  const int8 = int8Of(weight);
  const matrix = { source: 'weight', transposed: true };
  assert.equal(int8.feeds(matrix), int8.feeds(matrix));
  const program = await compile(backend, forward(), { int8 });
  assert.deepEqual([...program.inputs.keys()].sort(), ['bias', 'x']);
});

test('a matrix that is read in another way too stays as it is', async () => {
  const outputs = trace(() => {
    const w = input('weight', [N, K]);
    return { y: linear(input('x', [M, K]), w), rows: gather(w, input('ids', [2], 'int32')) };
  });
  const feeds = { x: normal(M * K, 1), ids: Int32Array.of(3, 0) };
  const asked = await compile(backend, outputs, { int8: int8Of(weight), frozen: { weight } });
  const exact = await compile(backend, outputs, { frozen: { weight } });
  assert.deepEqual(await asked.run(feeds), await exact.run(feeds));
});
