// The release's low-rank adapter on the keys and values of cross-attention (`video_key_adapter`), not in the paper:
// K ← K + α·(U(D·v + b) + b), one pair for all layers of a text tower, no non-linearity.

import { add, mul, linear as product, type Tensor } from '../../compiler/tensor/index.js';
import { type CrossSite, linear, ones, type Scope, width, zeros } from '../nn/index.js';

/** Fills `keysValues`. @param p the root of the parameters @param rank 64 in the release */
export const lowRankKeysValues =
  (p: Scope, rank: number) =>
  ({ tower, tokens, keys, values }: CrossSite) => ({
    keys: add(keys, update(p.at(tower).at('video_key_adapter'), tokens, { rank, width: width(keys) })),
    values: add(values, update(p.at(tower).at('video_value_adapter'), tokens, { rank, width: width(values) })),
  });

/** α·(U(D·v + b) + b), α applied where it is cheap: to the low rank and the bias. */
function update(p: Scope, tokens: Tensor, sizes: { readonly rank: number; readonly width: number }): Tensor {
  return p.inside((p) => {
    const low = linear(p.at('down_proj'), tokens, sizes.rank);
    const weight = p.at('up_proj').param('weight', [sizes.width, sizes.rank], zeros);
    const bias = p.at('up_proj').param('bias', [sizes.width], zeros);
    const scale = p.param('scale', [1], ones);
    return product(mul(low, scale), weight, mul(bias, scale));
  });
}
