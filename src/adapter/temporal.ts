// When a frame is: a learnt vector per frame, added to its patch tokens. Not in the paper, whose cross-attention sees the
// frames of a clip as a set and cannot tell it from its reversal.

import { type Scope, zeros } from '../nn/index.js';
import { add, constant, matmul, mul, reshape, type Tensor } from '../tensor/index.js';

/** Fills `clip`. @param p the root of the parameters @param frames F in training; clips of other lengths interpolate */
export const frameEmbedding = (p: Scope, frames: number) => (tokens: Tensor) => {
  const [, f, n, d] = tokens.shape as [number, number, number, number];
  const table = p.param('temporal_embed', [frames, d], zeros);
  const rows = f === frames ? table : matmul(interpolation(f, frames), table);
  const isPatch = Float32Array.from({ length: n }, (_, token) => Number(token > 0));
  return add(tokens, mul(reshape(rows, [1, f, 1, d]), constant(isPatch, [1, 1, n, 1], 'float32')));
};

/** Which rows of a table of `from` frames the middles of `to` equal segments lie between. @returns f32 [to, from] */
function interpolation(to: number, from: number): Tensor {
  const weights = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const at = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const below = Math.floor(at);
    weights[i * from + below] = 1 - (at - below);
    if (at > below) weights[i * from + below + 1] = at - below;
  }
  return constant(weights, [to, from], 'float32');
}
