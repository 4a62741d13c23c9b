// The serial bottleneck adapter: y + W_up·GELU(W_down·y) after every attention and feed-forward, before the residual.
// Houlsby et al., https://arxiv.org/abs/1902.00751

import { add, gelu, type Tensor } from '../../compiler/tensor/index.js';
import { METHOD_DEFAULTS } from '../../recipe/index.js';
import { linear, type Scope, width, zeros } from '../nn/index.js';
import type { Method } from './method.js';

export interface BottleneckOptions {
  /** R; default 64. */
  readonly bottleneck?: number;
}

/** Serial adapters in both towers, nothing shared. */
export function bottleneck({ bottleneck = METHOD_DEFAULTS.bottleneck.bottleneck }: BottleneckOptions = {}): Method {
  const after = (p: Scope, y: Tensor): Tensor =>
    p.inside((p) => {
      const hidden = gelu(linear(p.at('down_proj'), y, bottleneck));
      return add(y, linear(p.at('up_proj'), hidden, width(y), { initial: zeros }));
    });
  return {
    name: 'bottleneck',
    roles: ['adapter', 'head'],
    frameAware: false,
    hooks: (p) => ({ after: (path, y) => after(p.as('adapter').at(path).at('bottleneck'), y) }),
  };
}
