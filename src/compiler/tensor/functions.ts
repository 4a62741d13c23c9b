// The functions models are written with. Thin: each makes one value, or says in one line how it is composed.

import type { DType, NumberArray } from './dtype.js';
import { broadcast, type Shape, sameShape, sizeOf, stretchedAxes } from './shape.js';
import type { Tensor } from './tensor.js';
import { make } from './value.js';

export const input = (name: string, shape: Shape, dtype: DType = 'float32'): Tensor =>
  make('input', [], { name, shape, dtype });

export const constant = (data: NumberArray, shape: Shape, dtype: DType): Tensor =>
  make('constant', [], { data, shape, dtype });

/** A float32 scalar. */
export const scalar = (value: number): Tensor => constant(Float32Array.of(value), [], 'float32');

/** int32 [n]: 0, 1, …, n−1. */
export const iota = (n: number): Tensor =>
  constant(
    Int32Array.from({ length: n }, (_, i) => i),
    [n],
    'int32',
  );

export const neg = (x: Tensor): Tensor => make('neg', [x], {});
export const exp = (x: Tensor): Tensor => make('exp', [x], {});
export const log = (x: Tensor): Tensor => make('log', [x], {});
export const sqrt = (x: Tensor): Tensor => make('sqrt', [x], {});
export const reciprocal = (x: Tensor): Tensor => make('reciprocal', [x], {});
export const erf = (x: Tensor): Tensor => make('erf', [x], {});
export const relu = (x: Tensor): Tensor => make('relu', [x], {});
export const gelu = (x: Tensor): Tensor => make('gelu', [x], {});
export const clamp = (x: Tensor, min: number, max: number): Tensor => make('clamp', [x], { min, max });
export const cast = (x: Tensor, to: DType): Tensor => (x.dtype === to ? x : make('cast', [x], { to }));
export const stopGradient = (x: Tensor): Tensor => make('stopGradient', [x], {});

type Operand = Tensor | number;
const lift = (x: Operand): Tensor => (typeof x === 'number' ? scalar(x) : x);

/** An elementwise operator broadcasts by itself: an operand that was stretched for it is taken unstretched. */
function elementwise(operator: 'add' | 'sub' | 'mul' | 'div', left: Operand, right: Operand): Tensor {
  const [a, b] = [lift(left), lift(right)];
  const [from, to] = [unstretched(a), unstretched(b)];
  if (broadcasts(from, b.shape, a.shape)) return make(operator, [from, b], {});
  if (broadcasts(to, a.shape, b.shape)) return make(operator, [a, to], {});
  return make(operator, [a, b], {});
}

const unstretched = (x: Tensor): Tensor => (x.operator === 'expand' ? (x.inputs[0] as Tensor) : x);

/** Whether x, narrower than `full`, still gives `full` when combined with an operand of shape `other`. */
function broadcasts(x: Tensor, other: Shape, full: Shape): boolean {
  const joint = sameShape(x.shape, full) ? null : broadcast(x.shape, other);
  return joint !== null && sameShape(joint, broadcast(full, other) ?? []);
}

export const add = (a: Operand, b: Operand): Tensor => elementwise('add', a, b);
export const sub = (a: Operand, b: Operand): Tensor => elementwise('sub', a, b);
export const mul = (a: Operand, b: Operand): Tensor => elementwise('mul', a, b);
export const div = (a: Operand, b: Operand): Tensor => elementwise('div', a, b);
export const equal = (a: Operand, b: Operand): Tensor => make('equal', [lift(a), lift(b)], {});
export const greater = (a: Operand, b: Operand): Tensor => make('greater', [lift(a), lift(b)], {});
export const where = (condition: Tensor, a: Operand, b: Operand): Tensor =>
  make('where', [condition, lift(a), lift(b)], {});

/** Axes may be counted from the end: −1 is the last. */
const positive = (axis: number, { shape }: Tensor): number => (axis < 0 ? axis + shape.length : axis);

/** Sum over `axes` (all by default); they stay with length 1. */
export function sum(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i)): Tensor {
  return axes.length === 0 ? x : make('sum', [x], { axes: axes.map((axis) => positive(axis, x)) });
}

/** Mean over `axes` (all by default); they stay with length 1. */
export function mean(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => i)): Tensor {
  const total = sum(x, axes);
  return mul(total, sizeOf(total.shape) / sizeOf(x.shape));
}

/** Largest over `axes`; they stay with length 1. */
export const max = (x: Tensor, axes: readonly number[]): Tensor =>
  axes.length === 0 ? x : make('max', [x], { axes: axes.map((axis) => positive(axis, x)) });
export const argmax = (x: Tensor): Tensor => make('argmax', [x], {});

export interface MatmulOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Multiplies the product at no cost; default 1. */
  readonly scale?: number;
}
/** scale · A·B over the last two axes, batched over the others. */
export const matmul = (
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false, scale = 1 }: MatmulOptions = {},
): Tensor => make('matmul', [a, b], { transA, transB, scale });

/** x·Wᵀ + b. @param x […, in] @param weight [out, in] @param bias [out] @returns […, out] */
export const linear = (x: Tensor, weight: Tensor, bias?: Tensor): Tensor =>
  make('linear', bias ? [x, weight, bias] : [x, weight], {});

export const softmax = (x: Tensor): Tensor => make('softmax', [x], {});
export const logSoftmax = (x: Tensor): Tensor => make('logSoftmax', [x], {});
export const layerNorm = (x: Tensor, gain: Tensor, bias: Tensor, eps: number): Tensor =>
  make('layerNorm', [x, gain, bias], { eps });

export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : make('reshape', [x], { shape });
export const transpose = (x: Tensor, order: readonly number[]): Tensor => make('transpose', [x], { order });
export const expand = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : make('expand', [x], { shape });
export const pad = (x: Tensor, axis: number, before: number, after: number): Tensor =>
  make('pad', [x], { axis: positive(axis, x), before, after });
export const concat = (parts: readonly Tensor[], axis: number): Tensor =>
  parts.length === 1 ? (parts[0] as Tensor) : make('concat', parts, { axis: positive(axis, parts[0] as Tensor) });

/** x[…, start:end, …] along `axis`. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const along = positive(axis, x);
  return start === 0 && end === x.shape[along] ? x : make('slice', [x], { axis: along, start, end });
}

/** Rows of x [V, …] at `indices` int32 [*] → [*, …]. */
export const gather = (x: Tensor, indices: Tensor): Tensor => make('gather', [x, indices], {});
export const scatterAdd = (indices: Tensor, values: Tensor, rows: number): Tensor =>
  make('scatterAdd', [indices, values], { rows });

/** Sums `x` back to `shape`, undoing a broadcast. */
export function unbroadcast(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : reshape(sum(x, stretchedAxes(shape, x.shape)), shape);
}

/** x / max(‖x‖₂, 1e-12) over the last axis; bounded before the root, whose slope at 0 is infinite. */
export const l2Normalise = (x: Tensor): Tensor =>
  div(x, sqrt(clamp(sum(mul(x, x), [-1]), 1e-24, Number.POSITIVE_INFINITY)));
