// LoRA: y + (α/r)·B·A·x around the query and value projections. Hu et al., https://arxiv.org/abs/2106.09685
// Vision computes query, key and value in one layer, so there the two updates are padded to their thirds.

import { add, linear, mul, pad, type Tensor } from '../../compiler/tensor/index.js';
import { METHOD_DEFAULTS } from '../../recipe/index.js';
import { kaimingUniform, type LinearSite, type Scope, width, zeros } from '../nn/index.js';
import type { Method } from './method.js';

export interface LoraOptions {
  /** r; default 8. */
  readonly rank?: number;
  /** α; the update is multiplied by α / r. Default 16. */
  readonly alpha?: number;
}

/** Low-rank updates of the query and value projections of every attention, self and cross. */
export function lora(options: LoraOptions = {}): Method {
  const { rank, alpha } = { ...METHOD_DEFAULTS.lora, ...options };
  const update = (p: Scope, x: Tensor, outputs: number): Tensor =>
    p.inside((p) => {
      const down = p.param('lora_A.weight', [rank, width(x)], kaimingUniform(width(x)));
      const up = p.param('lora_B.weight', [outputs, rank], zeros);
      return linear(mul(linear(x, down), alpha / rank), up);
    });
  const around = (p: Scope, { path, kind }: LinearSite, x: Tensor, y: Tensor): Tensor => {
    const place = p.at(path);
    if (kind === 'query' || kind === 'value') return add(y, update(place, x, width(y)));
    if (kind !== 'queryKeyValue') return y;
    const third = width(y) / 3;
    const last = y.shape.length - 1;
    const query = pad(update(place.at('query'), x, third), last, 0, 2 * third);
    const value = pad(update(place.at('value'), x, third), last, 2 * third, 0);
    return add(y, add(query, value));
  };
  return {
    name: 'lora',
    roles: ['adapter', 'head'],
    frameAware: false,
    hooks: (p) => ({ linear: (site, x, y) => around(p.as('adapter'), site, x, y) }),
  };
}
