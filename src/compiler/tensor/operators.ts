// The whole language of the compiler: each operator's name with its attributes. Every concern (shape, gradient,
// lowering) is one table over this list, typed so that an operator without a rule does not compile.

import type { DType, NumberArray } from './dtype.js';
import type { Shape } from './shape.js';

type None = Record<never, never>;

export interface Operators {
  // leaves
  input: { readonly name: string; readonly shape: Shape; readonly dtype: DType }; // fed at run time
  constant: { readonly data: NumberArray; readonly shape: Shape; readonly dtype: DType }; // part of the program
  // elementwise, one operand
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  reciprocal: None;
  erf: None;
  relu: None;
  gelu: None; // exact: x·Φ(x)
  clamp: { readonly min: number; readonly max: number };
  cast: { readonly to: DType };
  stopGradient: None; // identity whose gradient is zero
  // elementwise, broadcasting
  add: None;
  sub: None;
  mul: None;
  div: None;
  equal: None; // → bool
  greater: None; // → bool
  where: None; // (condition, then, otherwise)
  // reductions; the reduced axes stay with length 1
  sum: { readonly axes: readonly number[] };
  max: { readonly axes: readonly number[] };
  argmax: None; // over the last axis, which is dropped; first of equals; → int32
  // products
  matmul: { readonly transA: boolean; readonly transB: boolean; readonly scale: number }; // scale · A·B, batched
  linear: None; // x·Wᵀ + b over the last axis: (x, weight [out, in], bias [out]?)
  // normalised over the last axis
  softmax: None;
  logSoftmax: None;
  layerNorm: { readonly eps: number }; // (x, gain, bias)
  layerNormMean: { readonly eps: number }; // by-products of layerNorm with the same operands,
  layerNormInverseDeviation: { readonly eps: number }; // computed by the same kernel
  // movement
  reshape: { readonly shape: Shape };
  transpose: { readonly order: readonly number[] };
  expand: { readonly shape: Shape };
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  pad: { readonly axis: number; readonly before: number; readonly after: number }; // with zeros
  concat: { readonly axis: number };
  gather: None; // rows: (x [V, …], indices int32 [*]) → [*, …]
  scatterAdd: { readonly rows: number }; // transpose of gather: (indices [*], values [*, …]) → [rows, …]
}

export type OperatorName = keyof Operators;
