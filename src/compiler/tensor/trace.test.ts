import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  argmax,
  broadcast,
  clamp,
  concat,
  constant,
  expand,
  input,
  linear,
  matmul,
  mul,
  ordered,
  print,
  relu,
  reshape,
  scalar,
  slice,
  softmax,
  sub,
  sum,
  type Tensor,
  trace,
  within,
} from './index.js';

test('equal expressions are one object', () => {
  trace(() => {
    const x = input('x', [2, 3]);
    assert.equal(input('x', [2, 3]), x);
    assert.equal(relu(add(x, 1)), relu(add(x, 1)));
    assert.equal(scalar(0.1), scalar(0.1));
    assert.equal(matmul(x, x, { transB: true }), matmul(x, x, { scale: 1, transB: true }));
  });
});

test('expressions that differ in operand, order, attribute, element type or data are not', () => {
  trace(() => {
    const [x, y] = [input('x', [2, 2]), input('y', [2, 2])];
    const big = (v: number) => constant(new Float32Array(100).fill(v), [100], 'float32');
    const bits = Uint8Array.of(1, 0);
    const distinct = [
      [sub(x, y), sub(y, x)],
      [matmul(x, y), matmul(x, y, { scale: 2 })],
      [clamp(x, 0, 1), clamp(x, 0, Number.POSITIVE_INFINITY)],
      [scalar(1), scalar(2)],
      [scalar(Number.POSITIVE_INFINITY), scalar(Number.NEGATIVE_INFINITY)],
      [constant(bits, [2], 'bool'), constant(bits, [2], 'uint8')],
      [constant(Float32Array.of(1, 2), [2], 'float32'), constant(Float32Array.of(1, 2), [1, 2], 'float32')],
      [big(1), big(2)],
    ] as const;
    for (const [a, b] of distinct) assert.notEqual(a, b);
    const data = new Float32Array(100);
    assert.equal(constant(data, [100], 'float32'), constant(data, [100], 'float32'));
  });
});

test('a value carries the path of the code that made it first', () => {
  trace(() => {
    const x = input('x', [2]);
    const inner = within('blocks', () => within('3.attn', () => relu(x)));
    assert.equal(inner.path, 'blocks.3.attn');
    assert.equal(within('elsewhere', () => relu(x)).path, 'blocks.3.attn');
    assert.throws(() => within('broken', () => assert.fail()));
    assert.equal(softmax(x).path, '', 'the path is left when the code throws');
  });
});

test('a program prints as one line a value, operands first', () => {
  const text = trace(() => {
    const x = input('x', [2, 3]);
    const y = within('head', () => linear(x, input('head.weight', [4, 3])));
    const z = within('head.scale', () => clamp(mul(y, 0.5), -1, Number.POSITIVE_INFINITY));
    const table = constant(new Float32Array(4), [1, 4], 'float32');
    return print({ best: argmax(add(z, table)), logits: z });
  });
  assert.equal(
    text,
    `in  x: float32 [2, 3]
in  head.weight: float32 [4, 3]
let %2: float32 [2, 4] = linear(x, head.weight)   # head
let %3: float32 [] = constant(0.5)   # head.scale
let %4: float32 [2, 4] = mul(%2, %3)   # head.scale
let %5: float32 [2, 4] = clamp(%4, min: -1, max: Infinity)   # head.scale
let %6: float32 [1, 4] = constant(4 numbers)
let %7: float32 [2, 4] = add(%5, %6)
let %8: int32 [2] = argmax(%7)
out best = %8
out logits = %5`,
  );
});

test('the walk visits every value once, operands before users, in deep graphs too', () => {
  trace(() => {
    let y = input('x', [2]);
    for (let i = 0; i < 20_000; i++) y = add(y, y);
    const order = ordered([y, y]);
    const place = new Map(order.map((value, i) => [value, i]));
    assert.equal(order.length, 20_001);
    assert.ok(order.every((value, i) => value.inputs.every((x) => (place.get(x) as number) < i)));
  });
});

test('functions that change nothing make no value', () => {
  trace(() => {
    const x = input('x', [2, 3]);
    assert.deepEqual(
      [reshape(x, [2, 3]), expand(x, [2, 3]), slice(x, -1, 0, 3), concat([x], 0), sum(x, [])].map((y) => y === x),
      Array(5).fill(true),
    );
  });
});

const errors: readonly (readonly [string, (x: Tensor) => Tensor, string])[] = [
  [
    'operands that do not broadcast',
    (x) => add(x, input('y', [4])),
    'add in encoder.attn: operands do not broadcast: got float32 [2, 3] and float32 [4], expected equal lengths, or 1, per axis',
  ],
  [
    'different dtypes',
    (x) => mul(x, input('y', [3], 'int32')),
    'mul in encoder.attn: operands differ in dtype: got float32 [2, 3] and int32 [3], expected one dtype (cast one of them)',
  ],
  [
    'a product of lengths that differ',
    (x) => matmul(x, x),
    'matmul in encoder.attn: inner lengths 3 and 2 differ: got float32 [2, 3] and float32 [2, 3], expected […, M, K] and […, K, N]',
  ],
  [
    'a product of a dtype without kernel',
    (x) => matmul(x, input('y', [3, 2], 'int32')),
    'matmul in encoder.attn: operands are not floats of one dtype: got float32 [2, 3] and int32 [3, 2], expected float32',
  ],
  [
    'a weight that is transposed',
    (x) => linear(x, input('w', [3, 5]), input('b', [5])),
    'linear in encoder.attn: x, weight and bias do not fit: got float32 [2, 3] and float32 [3, 5] and float32 [5], expected x […, in], weight [out, in], bias [out]',
  ],
  [
    'a shape with another number of elements',
    (x) => reshape(x, [4, 2]),
    'reshape in encoder.attn: cannot become [4, 2]: got float32 [2, 3], expected 8 elements',
  ],
  [
    'a slice beyond the end',
    (x) => slice(x, 1, 2, 4),
    'slice in encoder.attn: range 2…4 is empty or outside: got float32 [2, 3], expected 0…3',
  ],
  [
    'an axis that is not there',
    (x) => concat([x, x], 2),
    'concat in encoder.attn: axis 2 is out of range: got float32 [2, 3] and float32 [2, 3], expected an axis of the parts',
  ],
  [
    'a constant that does not fill its shape',
    () => constant(new Float32Array(5), [2, 3], 'float32'),
    'constant in encoder.attn: Float32Array of 5 does not fit: expected float32 [2, 3]',
  ],
  [
    'an input declared with two shapes',
    () => input('x', [3, 2]),
    'input x in encoder.attn: was declared before with another type: got float32 [3, 2], expected float32 [2, 3]',
  ],
];
for (const [name, build, message] of errors)
  test(`an error about ${name} says where, what came and what was expected`, () => {
    const broken = () => trace(() => within('encoder', () => within('attn', () => build(input('x', [2, 3])))));
    assert.throws(broken, { name: 'UniAdapterError', code: 'shape', message });
  });

test('operators work only inside a trace, on values of that trace', () => {
  assert.throws(() => scalar(1), { code: 'internal', message: /outside trace/ });
  const x = trace(() => input('x', [2]));
  assert.throws(() => trace(() => relu(x)), { code: 'internal', message: /another trace/ });
});

test('broadcasting commutes, associates, and has the scalar as its unit', () => {
  const shape = fc.array(fc.constantFrom(1, 1, 2, 3), { maxLength: 4 });
  const both = (a: readonly number[] | null, b: readonly number[] | null) => a && b && broadcast(a, b);
  fc.assert(
    fc.property(shape, shape, shape, (a, b, c) => {
      assert.deepEqual(broadcast(a, b), broadcast(b, a));
      assert.deepEqual(broadcast(a, []), a);
      const [left, right] = [both(broadcast(a, b), c), both(a, broadcast(b, c))];
      if (left && right) assert.deepEqual(left, right);
    }),
  );
});

test('an operand that was stretched for an elementwise operator is taken unstretched, with the same result shape', () => {
  const shape = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 });
  fc.assert(
    fc.property(shape, shape, shape, (from, to, other) => {
      const full = broadcast(from, to);
      const expected = full && broadcast(full, other);
      if (!expected) return;
      trace(() => {
        const y = add(expand(input('x', from), full), input('y', other));
        assert.deepEqual(y.shape, expected);
      });
    }),
  );
});
