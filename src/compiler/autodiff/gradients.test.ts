import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stream } from '../../random/index.js';
import {
  add,
  exp,
  input,
  l2Normalise,
  linear,
  logSoftmax,
  matmul,
  mean,
  mul,
  neg,
  ordered,
  print,
  relu,
  sizeOf,
  slice,
  softmax,
  stopGradient,
  sum,
  type Tensor,
  trace,
  within,
} from '../tensor/index.js';
import { gradients } from './index.js';
import { interpret, type Values } from './oracle.test-support.js';

const values = (shape: readonly number[], ...data: number[]): Values => ({ shape, data: Float64Array.from(data) });
const numbers = (tensor: Tensor, feeds: Readonly<Record<string, Values>>): number[] => [
  ...interpret({ tensor }, feeds).tensor.data,
];
/** The operators among `names` that a value is made of, in order. */
const operators = (tensor: Tensor, names: readonly string[]): string[] =>
  ordered([tensor]).flatMap(({ operator }) => (names.includes(operator) ? [operator] : []));

test('nothing is built below the first trainable parameter, and nothing for frozen weights beside it', () => {
  const text = trace(() => {
    const frozen = within('block.0', () => relu(linear(input('x', [2, 3]), input('w0', [4, 3]))));
    const adapted = within('adapter', () => linear(frozen, input('down', [1, 4])));
    const y = within('block.1', () => linear(adapted, input('w1', [3, 1]), input('b1', [3])));
    const loss = sum(y);
    const [slope] = gradients(loss, [input('down', [1, 4])]) as [Tensor];
    const made = input('probe', []).id; // ids count the values of a trace
    assert.equal(made, ordered([loss, slope]).length, 'values were built that nobody needs');
    return print({ slope });
  });
  assert.equal(
    text,
    `let %0: float32 [] = constant(1)
let %1: float32 [1, 1] = expand(%0)
let %2: float32 [2, 3] = expand(%1)   # ∇
in  w1: float32 [3, 1]
let %4: float32 [2, 1] = matmul(%2, w1, transA: false, transB: false, scale: 1)   # ∇block.1
in  x: float32 [2, 3]
in  w0: float32 [4, 3]
let %7: float32 [2, 4] = linear(x, w0)   # block.0
let %8: float32 [2, 4] = relu(%7)   # block.0
let %9: float32 [1, 4] = matmul(%4, %8, transA: true, transB: false, scale: 1)   # ∇adapter
out slope = %9`,
  );
});

test('gradients carry the path of the value they belong to', () => {
  trace(() => {
    const x = input('x', [2, 3]);
    const y = within('encoder', () => within('layer.0', () => softmax(x)));
    const before = new Set(ordered([y]));
    const [slope] = gradients(sum(mul(y, y)), [x]) as [Tensor];
    const added = ordered([slope]).filter((value) => !before.has(value));
    const paths = new Set(added.map((value) => value.path));
    assert.deepEqual([...paths].sort(), ['', '∇', '∇encoder.layer.0']); // the seed, sum and mul, softmax
  });
});

test('stopGradient lets the value through and no gradient', () => {
  trace(() => {
    const x = input('x', [2]);
    const [slope] = gradients(sum(mul(x, stopGradient(mul(x, 3)))), [x]) as [Tensor];
    assert.deepEqual(numbers(slope, { x: values([2], 5, 7) }), [15, 21]); // not 30, 42
    const [none] = gradients(sum(stopGradient(x)), [x]) as [Tensor];
    assert.deepEqual(numbers(none, { x: values([2], 5, 7) }), [0, 0]);
  });
});

test('a parameter that the loss does not use gets zeros of its shape', () => {
  trace(() => {
    const [x, unused] = [input('x', [2]), input('unused', [3, 2])];
    const [, slope] = gradients(sum(x), [x, unused]) as [Tensor, Tensor];
    assert.deepEqual(slope.shape, [3, 2]);
    assert.deepEqual(numbers(slope, {}), [0, 0, 0, 0, 0, 0]);
  });
});

test('a parameter that is used several times gets the sum of the gradients', () => {
  trace(() => {
    const x = input('x', [2]);
    const [slope] = gradients(sum(add(add(mul(x, x), mul(x, 3)), neg(x))), [x]) as [Tensor];
    assert.deepEqual(numbers(slope, { x: values([2], 5, 7) }), [12, 16]); // 2x + 3 − 1
  });
});

test('slices side by side send back one joined gradient, whatever their order; others are padded and added', () => {
  trace(() => {
    const x = input('x', [6]);
    const [a, b, c] = [slice(x, 0, 0, 1), slice(x, 0, 1, 3), slice(x, 0, 3, 6)];
    const feeds = { x: values([6], 1, 2, 3, 4, 5, 6) };
    const slopeOf = (parts: readonly Tensor[]) =>
      gradients(parts.map((y) => sum(mul(y, y))).reduce(add), [x])[0] as Tensor;
    const whole = slopeOf([c, a, b]);
    assert.deepEqual(numbers(whole, feeds), [2, 4, 6, 8, 10, 12]);
    assert.deepEqual(operators(whole, ['pad', 'concat']), ['concat']);
    for (const [parts, slope] of [
      [
        [a, c],
        [2, 0, 0, 8, 10, 12],
      ], // a gap
      [
        [a, b],
        [2, 4, 6, 0, 0, 0],
      ], // does not reach the end
      [
        [slice(x, 0, 0, 4), c],
        [2, 4, 6, 16, 10, 12],
      ], // an overlap
      [
        [a, b, c, x],
        [4, 8, 12, 16, 20, 24],
      ], // used as a whole, too
    ] as const) {
      assert.deepEqual(numbers(slopeOf(parts), feeds), slope);
      assert.ok(!operators(slopeOf(parts), ['concat']).includes('concat'));
    }
  });
});

test('a value inside the program can be differentiated by, together with a parameter below it', () => {
  trace(() => {
    const x = input('x', [2]);
    const features = mul(x, x);
    const loss = sum(mul(features, 3));
    const [dFeatures, dx, dLoss] = gradients(loss, [features, x, loss]) as [Tensor, Tensor, Tensor];
    const feeds = { x: values([2], 5, 7) };
    assert.deepEqual([numbers(dFeatures, feeds), numbers(dx, feeds), numbers(dLoss, feeds)], [[3, 3], [30, 42], [1]]);
  });
});

test('a gradient can be differentiated again', () => {
  trace(() => {
    const x = input('x', [2]);
    const [first] = gradients(sum(mul(x, mul(x, x))), [x]) as [Tensor];
    const [second] = gradients(sum(first), [x]) as [Tensor];
    assert.deepEqual(numbers(second, { x: values([2], 5, 7) }), [30, 42]); // 6x
  });
});

test('the gradient of l2Normalise at zero is finite', () => {
  trace(() => {
    const x = input('x', [1, 2]);
    const [slope] = gradients(sum(l2Normalise(x)), [x]) as [Tensor];
    assert.ok(numbers(slope, { x: values([1, 2], 0, 0) }).every(Number.isFinite));
  });
});

test('a loss that is no scalar is refused', () => {
  const broken = () => trace(() => gradients(input('x', [2, 3]), []));
  assert.throws(broken, { code: 'shape', message: 'gradients: the loss is no scalar: got [2, 3], expected []' });
});

/** How a random program continues: an operator of the list, applied to two of the values so far. */
const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(), fc.nat()), { minLength: 1, maxLength: 7 });

function grow(program: readonly (readonly [number, number, number])[], start: readonly Tensor[]): Tensor {
  const known = [...start];
  for (const [operator, i, j] of program) {
    const a = known[i % known.length] as Tensor;
    const b = known[j % known.length] as Tensor;
    const next = [
      () => add(a, b),
      () => mul(a, b),
      () => exp(mul(softmax(a), 0.5)),
      () => logSoftmax(a),
      () => l2Normalise(add(a, 2)),
      () => matmul(softmax(matmul(a, b, { transB: true, scale: 0.5 })), b),
      () => add(mean(a, [-2]), neg(b)),
    ][operator] as () => Tensor;
    known.push(next());
  }
  return mean(known.at(-1) as Tensor);
}

test('the gradient of any composition is its slope along any direction', () => {
  const s = stream(5, 'composition', 0);
  const random = (shape: readonly number[]) =>
    values(shape, ...Array.from({ length: sizeOf(shape) }, () => 0.5 * s.normal()));
  const feeds = { x: random([2, 2, 3]), y: random([2, 3]), z: random([1, 3]) };
  const direction = { x: random([2, 2, 3]), y: random([2, 3]), z: random([1, 3]) };
  const names = ['x', 'y', 'z'] as const;
  const moved = (by: number) =>
    Object.fromEntries(
      names.map((n) => [n, { ...feeds[n], data: feeds[n].data.map((v, i) => v + by * (direction[n].data[i] ?? 0)) }]),
    );
  fc.assert(
    fc.property(steps, (program) => {
      trace(() => {
        const operands = names.map((name) => input(name, feeds[name].shape));
        const loss = grow(program, operands);
        const slopes = gradients(loss, operands).map((g) => numbers(g, feeds));
        const along = slopes
          .flatMap((slope, n) => slope.map((v, i) => v * (direction[names[n] as 'x'].data[i] as number)))
          .reduce((a, b) => a + b);
        const step = 1e-5;
        const [high, low] = [step, -step].map((by) => numbers(loss, moved(by))[0] as number) as [number, number];
        const expected = (high - low) / (2 * step);
        const size = Math.max(1e-3, Math.abs(numbers(loss, feeds)[0] as number), Math.abs(expected));
        assert.ok(Math.abs(along - expected) < 1e-5 * size, `${along} is not ${expected}: ${print({ loss })}`);
      });
    }),
    { numRuns: 150 },
  );
});
