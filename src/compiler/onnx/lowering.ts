// One lowering per operator: what it is in ONNX. Fused operators of ONNX Runtime are used where its CPU kernels have
// them; `webgpu` overrides the few that would silently fall back from the GPU to the CPU.

import { type OperatorName, type Shape, sizeOf, type Tensor } from '../tensor/index.js';
import { type Attribute, dataType, FUSED } from './proto.js';

export type Target = 'cpu' | 'webgpu';

/** What a lowering may do; every method returns the name of a value in the ONNX graph. */
export interface Emitter {
  /** Adds a node with one output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    domain?: string,
  ): string;
  /** Adds, once per operands, a node with several outputs and returns one of them. */
  output(
    operator: string,
    inputs: readonly string[],
    which: number,
    attributes: Readonly<Record<string, Attribute>>,
  ): string;
  ints(values: readonly number[]): string;
  floats(values: readonly number[], shape: Shape): string;
  bytes(values: readonly number[], shape: Shape): string;
  data(tensor: Tensor<'constant'>): string;
}

type Lowering<O extends OperatorName> = (
  emit: Emitter,
  operands: readonly string[],
  tensor: Tensor<O>,
  inputs: readonly Tensor[],
) => string;

type Table = { readonly [O in OperatorName]: Lowering<O> };

const plain =
  (operator: string, attributes: Readonly<Record<string, Attribute>> = {}) =>
  (emit: Emitter, operands: readonly string[]): string =>
    emit.node(operator, operands, attributes);

const reduce =
  (operator: string) =>
  (emit: Emitter, [x]: readonly string[], { attributes }: Tensor<'sum'> | Tensor<'max'>): string =>
    emit.node(operator, [x as string, emit.ints(attributes.axes)], { keepdims: 1 });

const layerNorm =
  (which: number) =>
  (emit: Emitter, operands: readonly string[], { attributes }: { attributes: { readonly eps: number } }): string =>
    emit.output('LayerNormalization', operands, which, { axis: -1, epsilon: { float: attributes.eps } });

const cpu: Table = {
  input: (_, __, { attributes }) => attributes.name,
  constant: (emit, _, tensor) => emit.data(tensor),
  neg: plain('Neg'),
  exp: plain('Exp'),
  log: plain('Log'),
  sqrt: plain('Sqrt'),
  reciprocal: plain('Reciprocal'),
  erf: plain('Erf'),
  relu: plain('Relu'),
  gelu: plain('Gelu'),
  clamp: (emit, [x], { attributes: { min, max } }) =>
    emit.node('Clip', [x as string, ...[min, max].map((v) => (Number.isFinite(v) ? emit.floats([v], []) : ''))]),
  cast: (emit, [x], { attributes }) => emit.node('Cast', [x as string], { to: dataType(attributes.to) }),
  stopGradient: (_, [x]) => x as string,
  add: plain('Add'),
  sub: plain('Sub'),
  mul: plain('Mul'),
  div: plain('Div'),
  equal: plain('Equal'),
  greater: plain('Greater'),
  where: plain('Where'),
  sum: reduce('ReduceSum'),
  max: reduce('ReduceMax'),
  argmax: (emit, [x]) =>
    emit.node('Cast', [emit.node('ArgMax', [x as string], { axis: -1, keepdims: 0 })], { to: dataType('int32') }),
  matmul(emit, operands, { attributes: { transA, transB, scale } }) {
    if (!transA && !transB && scale === 1) return emit.node('MatMul', operands);
    const flags = { transA: Number(transA), transB: Number(transB), alpha: { float: scale } };
    return emit.node('FusedMatMul', operands, flags, FUSED);
  },
  linear(emit, [x, ...rest], { shape }, [input]) {
    const { shape: from } = input as Tensor; // Gemm adds the bias for free but knows matrices only
    const flat =
      from.length === 2 ? (x as string) : emit.node('Reshape', [x as string, emit.ints([-1, from.at(-1) as number])]);
    const y = emit.node('Gemm', [flat, ...rest], { transB: 1 });
    return from.length === 2 ? y : emit.node('Reshape', [y, emit.ints(shape)]);
  },
  softmax: plain('Softmax', { axis: -1 }),
  logSoftmax: plain('LogSoftmax', { axis: -1 }),
  layerNorm: layerNorm(0),
  layerNormMean: layerNorm(1),
  layerNormInverseDeviation: layerNorm(2),
  reshape: (emit, [x], { shape }) => emit.node('Reshape', [x as string, emit.ints(shape)]),
  transpose: (emit, [x], { attributes }) => emit.node('Transpose', [x as string], { perm: attributes.order }),
  expand: (emit, [x], { shape }) => emit.node('Expand', [x as string, emit.ints(shape)]),
  slice: (emit, [x], { attributes: { axis, start, end } }) =>
    emit.node('Slice', [x as string, emit.ints([start]), emit.ints([end]), emit.ints([axis])]),
  pad: (emit, [x], { attributes: { axis, before, after } }) =>
    emit.node('Pad', [x as string, emit.ints([before, after]), '', emit.ints([axis])]),
  concat: (emit, operands, { attributes }) => emit.node('Concat', operands, { axis: attributes.axis }),
  gather: plain('Gather', { axis: 0 }),
  scatterAdd(emit, [indices, values], { shape, attributes: { rows } }, inputs) {
    const [which] = inputs as [Tensor];
    const count = sizeOf(which.shape);
    const width = sizeOf(shape) / rows; // as a product with one-hot rows: deterministic on any number of threads
    const flat = emit.node('Reshape', [indices as string, emit.ints([count])]);
    const wide = emit.node('Cast', [flat], { to: dataType('int64') });
    const hot = emit.node('OneHot', [wide, emit.ints([rows]), emit.floats([0, 1], [2])], { axis: 0 }); // [rows, count]
    const matrix = emit.node('Reshape', [values as string, emit.ints([count, width])]);
    return emit.node('Reshape', [emit.node('MatMul', [hot, matrix]), emit.ints(shape)]);
  },
};

const webgpu: Partial<Table> = {
  matmul(emit, operands, { attributes: { transA, transB, scale } }, inputs) {
    const flip = (i: number, flag: boolean): string => {
      const order = [...(inputs[i] as Tensor).shape.keys()];
      const perm = [...order.slice(0, -2), ...order.slice(-2).reverse()];
      return flag ? emit.node('Transpose', [operands[i] as string], { perm }) : (operands[i] as string);
    };
    const product = emit.node('MatMul', [flip(0, transA), flip(1, transB)]);
    return scale === 1 ? product : emit.node('Mul', [product, emit.floats([scale], [])]);
  },
};

export const lowerings: Readonly<Record<Target, Table>> = { cpu, webgpu: { ...cpu, ...webgpu } };
