// Hard negatives inside the program: argmax of log-weights + Gumbel noise is a sample of the weights, and zero noise
// takes the most probable. So contrast → mine → match needs no trip back to the caller.

import * as t from '../../compiler/tensor/index.js';
import { add, mul, type Tensor } from '../../compiler/tensor/index.js';
import type { Features } from './contrast.js';

/** Below any similarity by temperature plus noise: at most 1000 + 23 in size. */
const never = -1e9;

/**
 * One image per text and one text per image, from softmax(similarity / temperature) over the batch, pairs of the same
 * `index` excluded.
 *
 * @param index        int32 [B]; a batch that holds one image only has no negatives, and gets positives instead
 * @param temperature  1 / temperature, scalar
 * @returns int32 [B] each: `image[i]` is put to text i, `text[i]` to image i
 */
export function mineNegatives({ image, text }: Features, index: Tensor, temperature: Tensor) {
  const batch = index.shape[0] as number;
  const same = t.equal(t.reshape(index, [batch, 1]), t.reshape(index, [1, batch]));
  const pick = (query: Tensor, key: Tensor, noise: Tensor): Tensor => {
    const similarity = t.matmul(t.stopGradient(query), t.stopGradient(key), { transB: true });
    return t.argmax(t.where(same, never, add(mul(similarity, t.stopGradient(temperature)), noise)));
  };
  const noise = (of: string) => t.input(`noise/${of}`, [batch, batch]);
  return { image: pick(text, image, noise('image')), text: pick(image, text, noise('text')) };
}
