// What a tower attends to, found in the trace of what was computed with it.

import { ordered, type Tensor } from '../../compiler/tensor/index.js';

/**
 * The probabilities of a text tower's cross-attention, layer by layer.
 *
 * @param from   a value that was computed with the tower, which looked at something once
 * @param tower  `text_encoder` or `text_decoder.bert`
 * @returns [B, H, T, N] each
 */
export function crossAttentions(from: Tensor, tower: string): readonly Tensor[] {
  const layerOf = ({ path }: Tensor) => path.match(/^(.+)\.encoder\.layer\.(\d+)\.crossattention$/);
  return ordered([from])
    .filter((x) => x.operator === 'softmax' && layerOf(x)?.[1] === tower)
    .sort((a, b) => Number(layerOf(a)?.[2]) - Number(layerOf(b)?.[2]));
}
