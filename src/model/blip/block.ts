// What vision and text blocks have in common.

import { gelu, slice, type Tensor } from '../../compiler/tensor/index.js';
import { bertInitial, type Hooks, type LinearKind, linear, type Scope } from '../nn/index.js';

/** Which tokens a tower returns: its last layer is computed for those alone, though they look at all. */
export type Kept = 'all' | 'first';

/** Of the tokens x [B, N, D], those that are kept. */
export const keep = (kept: Kept, x: Tensor): Tensor => (kept === 'first' ? slice(x, 1, 0, 1) : x);

/** A linear layer that a method may reach into (LoRA). */
export function openLinear(p: Scope, x: Tensor, outputs: number, kind: LinearKind, hooks: Hooks): Tensor {
  const y = linear(p, x, outputs, { initial: bertInitial });
  return hooks.linear ? hooks.linear({ path: p.path, kind }, x, y) : y;
}

/** The output of a sub-layer, on which a method may work in series (Houlsby). */
export const sublayer = (p: Scope, y: Tensor, hooks: Hooks): Tensor => (hooks.after ? hooks.after(p.path, y) : y);

/** The two linear layers of a feed-forward, with the exact GELU between them. */
export function feedForward(widen: Scope, narrow: Scope, x: Tensor, mlp: number, hooks: Hooks): Tensor {
  const hidden = gelu(openLinear(widen, x, mlp, 'widen', hooks));
  return openLinear(narrow, hidden, x.shape.at(-1) as number, 'narrow', hooks);
}
