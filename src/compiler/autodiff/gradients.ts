// Reverse-mode differentiation: a walk over the graph that builds more graph. Only values on a path between the loss
// and a requested tensor get a gradient; nothing is built below the first trainable parameter.

import { fail } from '../../error/index.js';
import { expand, isFloat, ordered, printShape, scalar, sizeOf, type Tensor, within } from '../tensor/index.js';
import { accumulate } from './accumulate.js';
import { rules } from './rules.js';

/**
 * dloss/dx for each x of `wrt`.
 *
 * @param loss  f32 with one element, traced in the current trace
 * @param wrt   the tensors to differentiate by, usually the trainable parameters
 * @returns one tensor per x, of its shape; where the loss does not depend on x, zeros
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (sizeOf(loss.shape) !== 1)
    fail('shape', { where: 'gradients', what: 'the loss is no scalar', got: printShape(loss.shape), expected: '[]' });
  const order = ordered([loss]);
  const needed = dependents(order, new Set(wrt));
  const parts = new Map<Tensor, Tensor[]>([[loss, [expand(scalar(1), loss.shape)]]]);
  const gradient = (x: Tensor) => {
    const found = parts.get(x);
    return found && within(`∇${x.path}`, () => accumulate(found));
  };
  for (const y of order.reverse()) {
    const rule = rules[y.operator];
    const g = rule && needed.has(y) ? gradient(y) : undefined;
    if (!g || !rule) continue;
    within(`∇${y.path}`, () => {
      const pulls = (rule as (...args: unknown[]) => readonly (((g: Tensor) => Tensor) | null)[])(
        y,
        y.inputs,
        y.attributes,
      );
      for (const [i, x] of y.inputs.entries()) {
        const pull = pulls[i];
        if (!pull || !needed.has(x)) continue;
        const sofar = parts.get(x) ?? [];
        parts.set(x, sofar);
        sofar.push(pull(g));
      }
    });
  }
  return wrt.map((x) => gradient(x) ?? expand(scalar(0), x.shape));
}

/** The values of `order` whose derivative by one of `roots` may be non-zero. */
function dependents(order: readonly Tensor[], roots: ReadonlySet<Tensor>): Set<Tensor> {
  const found = new Set<Tensor>();
  for (const y of order) {
    const flows = isFloat(y.dtype) && rules[y.operator] !== null && y.inputs.some((x) => found.has(x));
    if (roots.has(y) || flows) found.add(y);
  }
  return found;
}
