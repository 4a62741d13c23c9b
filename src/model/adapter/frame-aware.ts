// Frame-aware attention (UniAdapter §3.4): frames that resemble the text get louder keys. No parameters.

import {
  concat,
  constant,
  expand,
  matmul,
  mul,
  reshape,
  softmax,
  stopGradient,
  type Tensor,
} from '../../compiler/tensor/index.js';

/**
 * w = F · softmax_f(cos(text, frame_f) / 4), one weight for all patches of a frame and 1 for its class token.
 * No gradient flows through it.
 *
 * @param textFeatures   [B, P], unit length
 * @param frameFeatures  [B, F, P], unit length: the frames each text looks at
 * @param tokens         N, tokens of a frame, class token included
 * @returns [B, F·N], what multiplies the keys
 */
export function frameWeights(textFeatures: Tensor, frameFeatures: Tensor, tokens: number): Tensor {
  const [batch, frames, projection] = frameFeatures.shape as [number, number, number];
  const text = reshape(stopGradient(textFeatures), [batch, 1, projection]);
  const cosines = matmul(text, stopGradient(frameFeatures), { transB: true, scale: 1 / 4 }); // [B, 1, F]
  const weights = reshape(mul(softmax(cosines), frames), [batch, frames, 1]);
  const classToken = constant(new Float32Array(batch * frames).fill(1), [batch, frames, 1], 'float32');
  return reshape(concat([classToken, expand(weights, [batch, frames, tokens - 1])], 2), [batch, frames * tokens]);
}
