// The sum of what several users send back to one value.

import { add, concat, is, type Tensor } from '../tensor/index.js';

/**
 * Σ parts. Slices that cover a value side by side, as query, key and value cover one product, send back pieces: those
 * are joined, since padding and adding them would be five passes over memory instead of one.
 */
export const accumulate = (parts: readonly Tensor[]): Tensor => joined(parts) ?? parts.reduce((a, b) => add(a, b));

/** The pieces as one value, or null when they are no pieces or leave gaps. */
function joined(parts: readonly Tensor[]): Tensor | null {
  const pads = parts.filter((part) => is(part, 'pad'));
  const axis = pads[0]?.attributes.axis;
  if (axis === undefined || pads.length < parts.length) return null;
  const sorted = pads.sort((a, b) => a.attributes.before - b.attributes.before);
  let end = 0;
  for (const { attributes, shape } of sorted) {
    if (attributes.axis !== axis || attributes.before !== end) return null;
    end = (shape[axis] as number) - attributes.after;
  }
  const pieces = sorted.map(({ inputs }) => inputs[0] as Tensor);
  return end === sorted[0]?.shape[axis] ? concat(pieces, axis) : null;
}
