// Floating-point operations of a traced program, counted from its own product nodes: exact, and nothing that the
// program does not do is counted. Everything else (softmax, GELU, sums, …) counts as zero, so rates are pessimistic.

import { ordered, sizeOf, type Tensor } from '../src/compiler/tensor/index.js';

/**
 * FLOPs of every matrix product that `outputs` depend on: 2·M·K·N each, batched products once per matrix. The bias of
 * a linear layer, and products that a lowering adds (scatterAdd's one-hot one), are left out.
 */
export function flopsOf(outputs: Iterable<Tensor>): number {
  return ordered(outputs).reduce((total, value) => total + flopsOfValue(value), 0);
}

/** FLOPs of one value; 0 when it is no product. */
export function flopsOfValue({ operator, inputs, attributes, shape }: Tensor): number {
  const [a] = inputs;
  if (operator === 'linear') return 2 * sizeOf(shape) * (a?.shape.at(-1) as number);
  if (operator === 'matmul') {
    const { transA } = attributes as { readonly transA: boolean };
    return 2 * sizeOf(shape) * (a?.shape.at(transA ? -2 : -1) as number);
  }
  return 0;
}
