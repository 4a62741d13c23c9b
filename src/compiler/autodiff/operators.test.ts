// Every operator against an independent float64 oracle: its value, and its gradient by central differences.
// A new operator needs one line in the list below; the last test fails until it has one.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createOrtBackend } from '../../node/ort.js';
import { stream } from '../../random/index.js';
import { compile } from '../runtime/index.js';
import type { DType, NumberArray, OperatorName, Shape, Tensor } from '../tensor/index.js';
import * as t from '../tensor/index.js';
import { gradients } from './index.js';
import { interpret, type Values } from './oracle.test-support.js';
import { rules } from './rules.js';

interface Operand {
  readonly shape: Shape;
  readonly dtype: DType;
  /** An element, from a standard normal and a uniform draw. */
  readonly draw: (normal: number, uniform: number, i: number) => number;
}
type Operands = readonly (Shape | Operand)[];
type Build = (...operands: readonly [Tensor, Tensor, Tensor]) => Tensor;

const backend = createOrtBackend({ threads: 1 });
const covered = new Set<OperatorName>();

const like = (shape: Shape, dtype: DType, draw: Operand['draw']): Operand => ({ shape, dtype, draw });
const normal = (shape: Shape) => like(shape, 'float32', (n) => n);
const positive = (shape: Shape) => like(shape, 'float32', (_, u) => 0.5 + u);
const apart = (shape: Shape) => like(shape, 'float32', (n) => n + 0.05 * Math.sign(n)); // away from a kink at 0
const whole = (shape: Shape) => like(shape, 'float32', (_, u) => Math.floor(3 * u)); // many equals
const flags = (shape: Shape) => like(shape, 'bool', (_, u) => Number(u < 0.5));
const indices = (shape: Shape, below: number) => like(shape, 'int32', (_, u) => Math.floor(u * below));
const exactly = (shape: Shape, values: readonly number[], dtype: DType = 'float32') =>
  like(shape, dtype, (_, __, i) => values[i] as number);

/**
 * Tests an operator: ONNX Runtime's value is the oracle's, and its gradient by every float operand is the oracle's
 * central difference. `forward: true` leaves the gradient out.
 */
function checkOperator(
  operator: OperatorName,
  build: Build,
  operands: Operands,
  { forward = false, note = '' }: { readonly forward?: boolean; readonly note?: string } = {},
): void {
  covered.add(operator);
  const shapes = operands.map((x) => t.printShape('shape' in x ? x.shape : x)).join(' ');
  test(`${operator} ${shapes}${note && `, ${note}`}`, async () => {
    const { outputs, feeds, floats } = traced(operator, build, operands, forward);
    const program = await compile(backend, outputs);
    const results = await program.run(
      Object.fromEntries([...program.inputs].map(([name, { dtype }]) => [name, typed(feeds[name] as Values, dtype)])),
    );
    await program.release();
    const { y, loss } = outputs;
    assertClose(results.y, interpret({ y }, feeds).y.data, 1e-5, 'value');
    for (const name of forward ? [] : floats)
      assertClose(results[`d${name}`], slope(loss, name, feeds), 2e-3, `gradient by ${name}`);
  });
}

function traced(operator: OperatorName, build: Build, operands: Operands, forward: boolean) {
  const specs = operands.map((x) => ('shape' in x ? x : normal(x)));
  return t.trace(() => {
    const xs = specs.map(({ shape, dtype }, i) => t.input(`x${i}`, shape, dtype));
    const y = build(...(xs as unknown as Parameters<Build>));
    assert.ok(
      t.ordered([y]).some((value) => value.operator === operator),
      `the program contains no ${operator}`,
    );
    const loss = forward ? y : t.sum(t.mul(y, t.input('w', y.shape)));
    const floats = xs.filter((x) => x.dtype === 'float32');
    const names = floats.map((x) => `x${xs.indexOf(x)}`);
    const slopes = forward ? [] : gradients(loss, floats).map((g, i) => [`d${names[i]}`, g] as const);
    for (const [i, [, g]] of slopes.entries()) assert.deepEqual(g.shape, floats[i]?.shape);
    const feeds = Object.fromEntries(
      [...specs, normal(y.shape)].map((x, i) => [i < xs.length ? `x${i}` : 'w', draw(x, i)]),
    );
    return { outputs: { y, loss, ...Object.fromEntries(slopes) }, feeds, floats: names };
  });
}

function draw({ shape, dtype, draw: element }: Operand, index: number): Values {
  const s = stream(11, 'operand', index);
  const numbers = Float64Array.from({ length: t.sizeOf(shape) }, (_, i) => element(s.normal(), s.uniform(), i));
  return { shape, data: dtype === 'float32' ? Float64Array.from(Float32Array.from(numbers)) : numbers };
}

function typed({ data }: Values, dtype: DType): NumberArray {
  if (dtype === 'bool') return Uint8Array.from(data);
  return dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
}

/** Central differences of the oracle's loss by each element of one input. */
function slope(loss: Tensor, name: string, feeds: Readonly<Record<string, Values>>): Float64Array {
  const { shape, data } = feeds[name] as Values;
  const step = 1e-5;
  const lossAt = (i: number, by: number) => {
    const shifted = data.map((v, k) => (k === i ? v + by : v));
    return interpret({ loss }, { ...feeds, [name]: { shape, data: shifted } }).loss.data[0] as number;
  };
  return data.map((_, i) => (lossAt(i, step) - lossAt(i, -step)) / (2 * step));
}

function assertClose(got: NumberArray | undefined, expected: Float64Array, tolerance: number, what: string): void {
  assert.equal(got?.length, expected.length, `${what}: number of elements`);
  const actual = Float64Array.from(got as ArrayLike<number>, Number);
  const largest = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-3);
  const worst = expected.reduce((most, v, i) => Math.max(most, Math.abs(v - (actual[i] as number))), 0);
  const shown = `got ${[...actual.slice(0, 6)]}, expected ${[...expected.slice(0, 6)]}`;
  assert.ok(worst <= tolerance * largest && !actual.some(Number.isNaN), `${what}: off by ${worst / largest}: ${shown}`);
}

after(() => {
  assert.deepEqual(
    Object.keys(rules).filter((operator) => !covered.has(operator as OperatorName)),
    [],
    'operators without a line in this file',
  );
});

const forward = { forward: true };

checkOperator('input', (x) => t.mul(x, 1), [[2, 3]]);
checkOperator('constant', (x) => t.mul(x, t.constant(Float32Array.of(1, -2, 3), [3], 'float32')), [[2, 3]]);
checkOperator('constant', () => t.constant(Int32Array.of(1, -2, 3), [3], 'int32'), [], {
  forward: true,
  note: 'int32',
});
checkOperator('constant', () => t.constant(Uint8Array.of(1, 0), [2, 1], 'bool'), [], { forward: true, note: 'bool' });
checkOperator('constant', () => t.iota(40), [], { forward: true, note: 'iota' });

checkOperator('neg', t.neg, [[2, 3]]);
checkOperator('exp', t.exp, [[2, 3, 2]]);
checkOperator('log', t.log, [positive([2, 3])]);
checkOperator('sqrt', t.sqrt, [positive([2, 3])]);
checkOperator('reciprocal', t.reciprocal, [positive([2, 3])]);
checkOperator('erf', t.erf, [[3, 4]]);
checkOperator('relu', t.relu, [apart([3, 4])]);
checkOperator('gelu', t.gelu, [[4, 8]]);
checkOperator('gelu', (x) => t.gelu(t.mul(x, 4)), [[4, 8]], { note: 'far from zero' });
checkOperator('clamp', (x) => t.clamp(x, -0.5, 0.7), [[4, 5]]);
checkOperator('clamp', (x) => t.clamp(x, 0.1, Number.POSITIVE_INFINITY), [[4, 5]], { note: 'one bound' });
checkOperator('cast', (x) => t.cast(x, 'int32'), [like([3, 4], 'float32', (n) => 3 * n)], {
  ...forward,
  note: 'truncates',
});
checkOperator('cast', (x, y) => t.mul(t.cast(x, 'float32'), y), [flags([3, 4]), [3, 4]], { note: 'of bools' });
checkOperator('cast', (x, y) => t.mul(t.cast(x, 'float32'), y), [indices([3], 9), [3]], { note: 'of integers' });
checkOperator('stopGradient', t.stopGradient, [[2, 3]], forward);

for (const [a, b] of [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [
    [2, 1, 3, 1],
    [4, 1, 5],
  ],
  [[], [2, 2]],
  [
    [1, 1],
    [2, 3],
  ],
  [[1], []],
] as const) {
  checkOperator('add', t.add, [a, b]);
  checkOperator('sub', t.sub, [a, b]);
  checkOperator('mul', t.mul, [a, b]);
  checkOperator('div', t.div, [a, positive(b)]);
  checkOperator('where', (x, y, z) => t.where(z, x, y), [a, b, flags([...a])]);
}
checkOperator(
  'add',
  (x, y) => t.add(t.expand(x, [2, 3]), y),
  [
    [1, 3],
    [2, 3],
  ],
  { note: 'of a stretched operand' },
);
checkOperator('mul', (x, y) => t.mul(t.expand(x, [2, 3]), y), [[3], [1, 1]], { note: 'of a needed stretch' });
checkOperator('mul', (x) => t.mul(x, x), [[2, 3]], { note: 'of a value with itself' });
checkOperator('where', (x, y, z) => t.where(z, x, y), [[2, 1, 3], [4, 1], flags([1, 3])]);
checkOperator('equal', t.equal, [whole([4, 5]), whole([5])], forward);
checkOperator('equal', t.equal, [indices([9], 3), indices([9], 3)], { ...forward, note: 'of integers' });
checkOperator('greater', t.greater, [whole([4, 5]), whole([4, 1])], forward);

checkOperator('sum', (x) => t.sum(x), [[2, 3]]);
checkOperator('sum', (x) => t.sum(x, [1]), [[2, 3, 2]]);
checkOperator('sum', (x) => t.sum(x, [-1, 0]), [[2, 3, 2]], { note: 'negative axis' });
checkOperator('sum', (x) => t.mean(x, [-2]), [[2, 3, 4]], { note: 'mean' });
checkOperator('max', (x) => t.max(x, [-1]), [[2, 3, 4]]);
checkOperator('max', (x) => t.max(x, [0, 2]), [[2, 3, 4]]);
checkOperator('max', (x) => t.max(x, [0]), [exactly([3], [2, 1, 2])], { note: 'two equals share' });
checkOperator('argmax', t.argmax, [[2, 3, 5]], forward);
checkOperator('argmax', t.argmax, [whole([6, 7])], { ...forward, note: 'first of equals' });
checkOperator('argmax', t.argmax, [[4]], forward);

for (const scale of [1, 0.25])
  for (const transA of [false, true])
    for (const transB of [false, true])
      for (const [before, after] of [
        [[], []],
        [[2], [2]],
        [
          [2, 3],
          [2, 3],
        ],
        [[3], []],
        [[], [3]],
        [[2, 1], [3]],
      ] as const) {
        const [left, right] = [transA ? [4, 3] : [3, 4], transB ? [2, 4] : [4, 2]];
        const options = { transA, transB, scale };
        const note = JSON.stringify(options);
        checkOperator(
          'matmul',
          (a, b) => t.matmul(a, b, options),
          [
            [...before, ...left],
            [...after, ...right],
          ],
          { note },
        );
      }
checkOperator('matmul', (x) => t.matmul(x, x, { transB: true }), [[2, 3, 4]], { note: 'of a value with itself' });

checkOperator('linear', t.linear, [[3, 4], [2, 4], [2]]);
checkOperator('linear', t.linear, [[2, 3, 4], [5, 4], [5]]);
checkOperator('linear', t.linear, [[2, 1, 3, 4], [5, 4], [5]]);
checkOperator(
  'linear',
  (x, w) => t.linear(x, w),
  [
    [2, 3, 4],
    [5, 4],
  ],
  { note: 'no bias' },
);
checkOperator('linear', t.linear, [[4], [2, 4], [2]]);

checkOperator('softmax', t.softmax, [[3, 5]]);
checkOperator('softmax', t.softmax, [[2, 2, 2, 3]]);
checkOperator('softmax', (x) => t.softmax(t.mul(x, 100)), [[3, 5]], { note: 'of large logits' });
checkOperator('logSoftmax', t.logSoftmax, [[3, 5]]);
checkOperator('logSoftmax', (x) => t.logSoftmax(t.add(x, 1000)), [exactly([2, 2], [0, 1, 2, 3])], {
  note: 'of large logits',
});
checkOperator('layerNorm', (x, g, b) => t.layerNorm(x, g, b, 1e-6), [[3, 8], [8], [8]]);
checkOperator('layerNorm', (x, g, b) => t.layerNorm(x, g, b, 1e-2), [[2, 3, 4], [4], [4]]);
checkOperator('layerNorm', (x, g, b) => t.layerNorm(x, g, b, 1e-5), [[2, 2, 3, 4], [4], [4]]);
checkOperator('layerNormMean', (x, g, b) => t.make('layerNormMean', [x, g, b], { eps: 1e-5 }), [[2, 3, 4], [4], [4]]);
checkOperator('layerNormInverseDeviation', (x, g, b) => t.make('layerNormInverseDeviation', [x, g, b], { eps: 1e-5 }), [
  [2, 3, 4],
  [4],
  [4],
]);

checkOperator('reshape', (x) => t.reshape(x, [3, 4]), [[2, 3, 2]]);
checkOperator('reshape', (x) => t.reshape(x, []), [[1, 1]]);
checkOperator('reshape', (x) => t.reshape(x, [1, 1, 1]), [[]]);
checkOperator('transpose', (x) => t.transpose(x, [1, 0]), [[2, 3]]);
checkOperator('transpose', (x) => t.transpose(x, [2, 0, 1]), [[2, 3, 4]]);
checkOperator('transpose', (x) => t.transpose(x, [0, 2, 3, 1]), [[2, 2, 3, 2]]);
checkOperator('expand', (x) => t.expand(x, [2, 3]), [[]]);
checkOperator('expand', (x) => t.expand(x, [4, 2, 3]), [[2, 1]]);
checkOperator('expand', (x) => t.expand(x, [2, 5, 3]), [[2, 1, 3]]);
checkOperator('slice', (x) => t.slice(x, 0, 0, 1), [[3, 4]]);
checkOperator('slice', (x) => t.slice(x, 1, 2, 4), [[3, 4]]);
checkOperator('slice', (x) => t.slice(x, -1, 1, 3), [[2, 3, 4]], { note: 'negative axis' });
checkOperator('pad', (x) => t.pad(x, 0, 1, 2), [[2, 3]]);
checkOperator('pad', (x) => t.pad(x, 1, 0, 1), [[2, 3, 2]]);
checkOperator('pad', (x) => t.pad(x, -1, 2, 0), [[2, 3]], { note: 'negative axis' });
checkOperator('concat', (x, y, z) => t.concat([x, y, z], 0), [
  [1, 2],
  [2, 2],
  [3, 2],
]);
checkOperator(
  'concat',
  (x, y, z) => t.concat([x, y, x, z], 1),
  [
    [2, 1, 2],
    [2, 3, 2],
    [2, 1, 2],
  ],
  { note: 'one twice' },
);
checkOperator(
  'concat',
  (x, y) => t.concat([x, y], -1),
  [
    [2, 1],
    [2, 3],
  ],
  { note: 'negative axis' },
);
checkOperator('gather', (x, i) => t.gather(x, i), [[4, 3], indices([2, 5], 4)], { note: 'repeated rows' });
checkOperator('gather', (x, i) => t.gather(x, i), [[4], indices([3], 4)]);
checkOperator('gather', (x, i) => t.gather(x, i), [[4, 2, 3], exactly([], [2], 'int32')], { note: 'a scalar index' });
checkOperator('scatterAdd', (i, x) => t.scatterAdd(i, x, 4), [indices([2, 5], 4), [2, 5, 3]], {
  note: 'repeated rows',
});
checkOperator('scatterAdd', (i, x) => t.scatterAdd(i, x, 6), [indices([3], 4), [3]], { note: 'rows without values' });
checkOperator('scatterAdd', (i, x) => t.scatterAdd(i, x, 3), [exactly([], [1], 'int32'), [2, 2]], {
  note: 'a scalar index',
});

checkOperator('div', t.l2Normalise, [[3, 4]], { note: 'l2Normalise' });
