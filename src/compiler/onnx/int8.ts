// Products with frozen matrices in int8, forward and in input gradients, as SwitchBack has them (arXiv 2304.13013): a scale
// per row of what changes, found while the program runs, and one per column of the matrix. On the CPU.

import { ordered, sizeOf, type Tensor } from '../tensor/index.js';
import type { Emitter } from './lowering.js';
import { FUSED } from './proto.js';

/** A frozen matrix as the right operand of products: int8 [inputs, outputs], with a scale f32 [outputs] for each column. */
export interface Int8Matrix {
  /** The input that it stands for, f32 [inputs, outputs], or [outputs, inputs] if `transposed`. */
  readonly source: string;
  readonly transposed: boolean;
}

/**
 * Products by one of the matrices named, each with its right operand. A matrix that the program reads in another way too,
 * such as a table of embeddings that scores words as well, is left out: it would be held in both types.
 */
export function int8Factors(
  outputs: Readonly<Record<string, Tensor>>,
  names: ReadonlySet<string>,
): ReadonlyMap<Tensor, Int8Matrix> {
  const order = ordered(Object.values(outputs));
  const factors = new Map<Tensor, Int8Matrix>();
  const readOtherwise = new Set<Tensor>(Object.values(outputs));
  for (const value of order) {
    const factor = int8Factor(value, names);
    if (factor) factors.set(value, factor);
    for (const [i, x] of value.inputs.entries()) if (!factor || i !== 1) readOtherwise.add(x);
  }
  return new Map(
    [...factors].filter(
      ([
        {
          inputs: [, right],
        },
      ]) => !readOtherwise.has(right as Tensor),
    ),
  );
}

function int8Factor(
  { operator, inputs: [, right], attributes }: Tensor,
  names: ReadonlySet<string>,
): Int8Matrix | undefined {
  if (right?.operator !== 'input') return undefined;
  const { name: source } = (right as Tensor<'input'>).attributes;
  if (!names.has(source)) return undefined;
  if (operator === 'linear') return { source, transposed: true };
  if (operator !== 'matmul') return undefined;
  const { transA, transB, scale } = attributes as Tensor<'matmul'>['attributes'];
  return transA || scale !== 1 ? undefined : { source, transposed: transB };
}

/** The names of the inputs that hold a matrix. */
export function int8Names({ source, transposed }: Int8Matrix): { readonly values: string; readonly scales: string } {
  const name = `int8/${source}${transposed ? 'ᵀ' : ''}`;
  return { values: name, scales: `${name}/scales` };
}

/** Activations are 128 ± 127. */
const ZERO = 128;
const LARGEST = 127;
/** Of a row of zeros, which any scale fits. */
const LEAST_SCALE = 1e-30;

interface Rows {
  /** uint8 [rows, width] */
  readonly values: string;
  /** f32 [rows, 1] */
  readonly scales: string;
}

/** Emits products; rows that several products read are quantised once. */
export function createInt8Emitter(emit: Emitter) {
  const known = new Map<string, Rows>();

  function quantised(x: string, { shape }: Tensor): Rows {
    const width = shape.at(-1) as number;
    const rows = sizeOf(shape) / width;
    const flat = shape.length === 2 ? x : emit.node('Reshape', [x, emit.ints([rows, width])]);
    const largest = emit.node('ReduceMax', [emit.node('Abs', [flat]), emit.ints([1])], { keepdims: 0 });
    const shares = emit.node('Mul', [largest, emit.floats([1 / LARGEST], [])]);
    const scales = emit.node('Max', [shares, emit.floats([LEAST_SCALE], [])]); // [rows]
    const zeros = emit.bytes(Array<number>(rows).fill(ZERO), [rows]);
    const values = emit.node('QuantizeLinear', [flat, scales, zeros], { axis: 0 });
    return { values, scales: emit.node('Reshape', [scales, emit.ints([rows, 1])]) };
  }

  /** x·W + b. @param operands  x, W and, where there is one, b */
  return function product(y: Tensor, [x, , bias]: readonly string[], matrix: Int8Matrix): string {
    const rows = known.get(x as string) ?? quantised(x as string, y.inputs[0] as Tensor);
    known.set(x as string, rows);
    const { values, scales } = int8Names(matrix);
    const operands = [rows.values, values, emit.floats([1], []), scales, emit.bytes([ZERO], [])];
    const whole = emit.node('Mul', [emit.node('MatMulIntegerToFloat', operands, {}, FUSED), rows.scales]);
    const shifted = bias ? emit.node('Add', [whole, bias]) : whole;
    return y.shape.length === 2 ? shifted : emit.node('Reshape', [shifted, emit.ints(y.shape)]);
  };
}
