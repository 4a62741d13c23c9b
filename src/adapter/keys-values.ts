// The release's low-rank adapter on the keys and values of cross-attention (`video_key_adapter`), not in the paper:
// K ← K + α·(U(D·v + b) + b), one pair for all layers of a text tower, no non-linearity.

import { type CrossSite, linear, ones, type Scope, width, zeros } from '../nn/index.js';
import { add, mul, type Tensor } from '../tensor/index.js';

/** Fills `keysValues`. @param p the root of the parameters @param rank 64 in the release */
export const lowRankKeysValues =
  (p: Scope, rank: number) =>
  ({ tower, tokens, keys, values }: CrossSite) => {
    const update = (name: string, y: Tensor): Tensor =>
      p
        .at(tower)
        .at(name)
        .inside((p) => {
          const up = linear(p.at('up_proj'), linear(p.at('down_proj'), tokens, rank), width(y), { initial: zeros });
          return add(y, mul(up, p.param('scale', [1], ones)));
        });
    return { keys: update('video_key_adapter', keys), values: update('video_value_adapter', values) };
  };
