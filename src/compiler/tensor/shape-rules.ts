// One shape rule per operator: operands and attributes in, shape and dtype out, or a reason why they do not fit.

import { arrayOf, type DType, isFloat } from './dtype.js';
import type { OperatorName, Operators } from './operators.js';
import { broadcast, printShape, type Shape, sameShape, sizeOf } from './shape.js';
import type { Tensor } from './tensor.js';

export interface Typed {
  readonly shape: Shape;
  readonly dtype: DType;
}
type Refuse = (what: string, expected: string) => never;
type Operands = readonly Tensor[];
type Rule<O extends OperatorName> = (inputs: Operands, attributes: Operators[O], refuse: Refuse) => Typed;

const operand = (inputs: Operands, i: number): Tensor => inputs[i] as Tensor;

const float =
  (check: (x: Tensor, refuse: Refuse) => Shape = (x) => x.shape) =>
  (inputs: Operands, _: object, refuse: Refuse): Typed => {
    const x = operand(inputs, 0);
    if (!isFloat(x.dtype)) refuse('operand is not a float', 'float32');
    return { shape: check(x, refuse), dtype: x.dtype };
  };

const vectors = float((x, refuse) => (x.shape.length > 0 ? x.shape : refuse('operand has no axis', '[…, D]')));

/** Fused kernels know floats only, and no mixtures. */
function onlyFloats(inputs: Operands, refuse: Refuse): void {
  const { dtype } = operand(inputs, 0);
  if (!isFloat(dtype) || inputs.some((x) => x.dtype !== dtype))
    refuse('operands are not floats of one dtype', 'float32');
}

const elementwise =
  (dtype?: DType) =>
  (inputs: Operands, _: object, refuse: Refuse): Typed => {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    if (a.dtype !== b.dtype) refuse('operands differ in dtype', 'one dtype (cast one of them)');
    if (!dtype && a.dtype === 'bool') refuse('operands are bools', 'numbers (cast them)');
    const shape = broadcast(a.shape, b.shape) ?? refuse('operands do not broadcast', 'equal lengths, or 1, per axis');
    return { shape, dtype: dtype ?? a.dtype };
  };

const reduced = (inputs: Operands, { axes }: { axes: readonly number[] }, refuse: Refuse): Typed => {
  const x = operand(inputs, 0);
  if (x.dtype === 'bool') refuse('operand is bool', 'numbers (cast it)');
  if (axes.some((axis) => axis < 0 || axis >= x.shape.length)) refuse(`axis ${axes} is out of range`, 'axes of x');
  return { shape: x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d)), dtype: x.dtype };
};

const normalised = (inputs: Operands, _: object, refuse: Refuse): Typed => {
  const x = operand(inputs, 0);
  const width = x.shape.at(-1) ?? refuse('operand has no axis', '[…, D]');
  onlyFloats(inputs, refuse);
  if (!inputs.slice(1).every((p) => sameShape(p.shape, [width])))
    refuse('gain or bias does not fit x', `x [*, ${width}], gain and bias [${width}]`);
  return { shape: x.shape, dtype: x.dtype };
};

const statistic = (inputs: Operands, attributes: object, refuse: Refuse): Typed => {
  const { shape, dtype } = normalised(inputs, attributes, refuse);
  return { shape: [...shape.slice(0, -1), 1], dtype };
};

export const shapeRules: { readonly [O in OperatorName]: Rule<O> } = {
  input: (_, { shape, dtype }) => ({ shape, dtype }),
  constant(_, { data, shape, dtype }, refuse) {
    if (data.length !== sizeOf(shape) || !(data instanceof arrayOf[dtype]))
      refuse(`${data.constructor.name} of ${data.length} does not fit`, `${dtype} ${printShape(shape)}`);
    return { shape, dtype };
  },
  neg: float(),
  exp: float(),
  log: float(),
  sqrt: float(),
  reciprocal: float(),
  erf: float(),
  relu: float(),
  gelu: float(),
  clamp: float(),
  cast: (inputs, { to }) => ({ shape: operand(inputs, 0).shape, dtype: to }),
  stopGradient: (inputs) => operand(inputs, 0),
  add: elementwise(),
  sub: elementwise(),
  mul: elementwise(),
  div: elementwise(),
  equal: elementwise('bool'),
  greater: elementwise('bool'),
  where(inputs, _, refuse) {
    const [condition, a, b] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    if (condition.dtype !== 'bool' || a.dtype !== b.dtype) refuse('dtypes do not fit', 'bool and two of one dtype');
    const both = broadcast(a.shape, b.shape) ?? refuse('branches do not broadcast', 'broadcastable branches');
    const shape = broadcast(condition.shape, both) ?? refuse('condition does not broadcast', printShape(both));
    return { shape, dtype: a.dtype };
  },
  sum: reduced,
  max: reduced,
  argmax: (inputs, _, refuse) => ({ shape: vectors(inputs, _, refuse).shape.slice(0, -1), dtype: 'int32' }),
  matmul(inputs, { transA, transB }, refuse) {
    const [a, b] = [operand(inputs, 0), operand(inputs, 1)];
    if (a.shape.length < 2 || b.shape.length < 2) refuse('operands must be matrices', '[…, M, K] and […, K, N]');
    const [m, k] = transA ? flip(a.shape) : a.shape.slice(-2);
    const [k2, n] = transB ? flip(b.shape) : b.shape.slice(-2);
    const form = `${transA ? '[…, K, M]' : '[…, M, K]'} and ${transB ? '[…, N, K]' : '[…, K, N]'}`;
    if (k !== k2) refuse(`inner lengths ${k} and ${k2} differ`, form);
    onlyFloats(inputs, refuse);
    const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)) ?? refuse('batches do not broadcast', form);
    return { shape: [...batch, m as number, n as number], dtype: a.dtype };
  },
  linear(inputs, _, refuse) {
    const [x, weight, bias] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
    const [out, width] = weight.shape;
    if (weight.shape.length !== 2 || x.shape.at(-1) !== width || (bias && !sameShape(bias.shape, [out as number])))
      refuse('x, weight and bias do not fit', 'x […, in], weight [out, in], bias [out]');
    onlyFloats(inputs, refuse);
    return { shape: [...x.shape.slice(0, -1), out as number], dtype: x.dtype };
  },
  softmax: vectors,
  logSoftmax: vectors,
  layerNorm: normalised,
  layerNormMean: statistic,
  layerNormInverseDeviation: statistic,
  reshape(inputs, { shape }, refuse) {
    const x = operand(inputs, 0);
    if (sizeOf(x.shape) !== sizeOf(shape)) refuse(`cannot become ${printShape(shape)}`, `${sizeOf(shape)} elements`);
    return { shape, dtype: x.dtype };
  },
  transpose(inputs, { order }, refuse) {
    const x = operand(inputs, 0);
    const sorted = [...order].sort((a, b) => a - b);
    if (order.length !== x.shape.length || sorted.some((axis, i) => axis !== i))
      refuse(`order ${printShape(order)} is no permutation of the axes`, `a permutation of ${x.shape.length} axes`);
    return { shape: order.map((axis) => x.shape[axis] as number), dtype: x.dtype };
  },
  expand(inputs, { shape }, refuse) {
    const x = operand(inputs, 0);
    const joint = broadcast(x.shape, shape);
    if (!joint || !sameShape(joint, shape)) refuse(`cannot stretch to ${printShape(shape)}`, 'lengths 1 or equal');
    return { shape, dtype: x.dtype };
  },
  slice(inputs, { axis, start, end }, refuse) {
    const x = operand(inputs, 0);
    const length = x.shape[axis] ?? refuse(`axis ${axis} is out of range`, 'an axis of x');
    if (start < 0 || end > length || start >= end) refuse(`range ${start}…${end} is empty or outside`, `0…${length}`);
    return { shape: replace(x.shape, axis, end - start), dtype: x.dtype };
  },
  pad(inputs, { axis, before, after }, refuse) {
    const x = operand(inputs, 0);
    const length = x.shape[axis] ?? refuse(`axis ${axis} is out of range`, 'an axis of x');
    if (before < 0 || after < 0) refuse(`cannot pad by ${before} and ${after}`, 'numbers ≥ 0 (slice removes)');
    return { shape: replace(x.shape, axis, before + length + after), dtype: x.dtype };
  },
  concat(inputs, { axis }, refuse) {
    const first = operand(inputs, 0);
    if (first.shape[axis] === undefined) refuse(`axis ${axis} is out of range`, 'an axis of the parts');
    const rest = (shape: Shape) => replace(shape, axis, 0);
    if (!inputs.every((x) => x.dtype === first.dtype && sameShape(rest(x.shape), rest(first.shape))))
      refuse('parts do not fit', `equal dtypes and lengths except along axis ${axis}`);
    const length = inputs.reduce((n, x) => n + (x.shape[axis] as number), 0);
    return { shape: replace(first.shape, axis, length), dtype: first.dtype };
  },
  gather(inputs, _, refuse) {
    const [x, indices] = [operand(inputs, 0), operand(inputs, 1)];
    if (indices.dtype !== 'int32') refuse('indices are not integers', 'int32 indices');
    if (x.shape.length === 0) refuse('operand has no rows', 'x [V, …]');
    return { shape: [...indices.shape, ...x.shape.slice(1)], dtype: x.dtype };
  },
  scatterAdd(inputs, { rows }, refuse) {
    const [indices, values] = [operand(inputs, 0), operand(inputs, 1)];
    const rank = indices.shape.length;
    if (indices.dtype !== 'int32') refuse('indices are not integers', 'int32 indices');
    onlyFloats([values], refuse);
    if (!sameShape(values.shape.slice(0, rank), indices.shape)) refuse('indices do not fit values', '[*] and [*, …]');
    return { shape: [rows, ...values.shape.slice(rank)], dtype: values.dtype };
  },
};

function flip(shape: Shape): number[] {
  return shape.slice(-2).reverse();
}

function replace(shape: Shape, axis: number, length: number): number[] {
  return shape.map((d, i) => (i === axis ? length : d));
}
