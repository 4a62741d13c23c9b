// A graph as lines of text, one value a line, and the walk that orders it.

import { printShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** Every value that `roots` depend on, operands before users. */
export function ordered(roots: Iterable<Tensor>): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: Tensor[] = [...roots].reverse();
  while (stack.length > 0) {
    const tensor = stack.at(-1) as Tensor;
    const waiting = seen.has(tensor) ? [] : tensor.inputs.filter((x) => !seen.has(x));
    if (waiting.length > 0) {
      stack.push(...waiting.reverse());
      continue;
    }
    stack.pop();
    if (!seen.has(tensor)) order.push(tensor);
    seen.add(tensor);
  }
  return order;
}

/**
 * The program that computes `outputs`, readable.
 *
 * @example
 * // let %2: float32 [4, 8] = linear(%0, weight)   # text_proj
 */
export function print(outputs: Readonly<Record<string, Tensor>>): string {
  const lines: string[] = [];
  const names = new Map<Tensor, string>();
  for (const tensor of ordered(Object.values(outputs))) {
    if (tensor.operator === 'input') {
      names.set(tensor, (tensor.attributes as { name: string }).name);
      lines.push(`in  ${names.get(tensor)}: ${type(tensor)}`);
      continue;
    }
    names.set(tensor, `%${names.size}`);
    const operands = tensor.inputs.map((x) => names.get(x));
    const call = `${tensor.operator}(${[...operands, ...attributes(tensor)].join(', ')})`;
    lines.push(`let ${names.get(tensor)}: ${type(tensor)} = ${call}${tensor.path && `   # ${tensor.path}`}`);
  }
  for (const [name, tensor] of Object.entries(outputs)) lines.push(`out ${name} = ${names.get(tensor)}`);
  return lines.join('\n');
}

const type = ({ dtype, shape }: Tensor): string => `${dtype} ${printShape(shape)}`;

function attributes({ operator, attributes, shape }: Tensor): string[] {
  if (operator === 'constant') {
    const { data } = attributes as { data: ArrayLike<number> };
    return [shape.length === 0 ? String(data[0]) : `${data.length} numbers`];
  }
  return Object.entries(attributes)
    .filter(([key]) => key !== 'shape')
    .map(([key, value]) => `${key}: ${Array.isArray(value) ? printShape(value) : value}`);
}
