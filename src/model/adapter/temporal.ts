// The order of frames. Not in the paper, whose cross-attention sees the frames of a clip as a set and cannot tell it from its
// reversal. Vectors that say when a frame is are not enough: no frozen layer compares frames, and a backbone that does not tell
// where a thing is cannot tell that it has moved (docs/log.md). So the patch tokens of all frames pass an adapter of their own:
//
//   h = ReLU(W_down · LN(x + when))          [R]; when: a learnt vector per frame
//   c = h − mean of h over the frames        what stands still says nothing, whatever it looks like
//   y = W_up · ReLU(Σ W_motion ∘ c)          over all frames of the 3 × 3 patches around
//
// A bottleneck with a depth-wise convolution, as in ST-Adapter (Pan et al., NeurIPS 2022, https://arxiv.org/abs/2206.13559),
// but over the whole clip, since things may move less than a patch from one frame to the next.

import {
  add,
  concat,
  constant,
  matmul,
  mean,
  pad,
  relu,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
} from '../../compiler/tensor/index.js';
import type { Scope } from '../nn/index.js';
import * as nn from '../nn/index.js';
import type { Method } from './method.js';

/** R: what moves, and how, is little beside what is seen. */
const RANK = 64;
const EPS = 1e-5;
const NEIGHBOURS = [-1, 0, 1] as const;

/** A method that sees the order of frames as well. @param frames  F in training; clips of other lengths interpolate */
export const inTime = (method: Method, frames: number): Method => ({
  ...method,
  roles: [...new Set([...method.roles, 'adapter' as const])],
  hooks: (p, sizes) => ({ ...method.hooks(p, sizes), clip: (tokens) => withMotion(p.as('adapter'), tokens, frames) }),
});

/** @param tokens  [B, f, N, D]; class tokens stay as they are */
function withMotion(p: Scope, tokens: Tensor, frames: number): Tensor {
  const [, f, n, d] = tokens.shape as [number, number, number, number];
  const table = p.param('temporal_embed', [frames, d], nn.zeros);
  const when = reshape(f === frames ? table : matmul(interpolation(f, frames), table), [1, f, 1, d]);
  const patches = add(slice(tokens, 2, 1, n), when);
  const seen = add(patches, motion(p.at('temporal'), patches, frames));
  return concat([slice(tokens, 2, 0, 1), seen], 2);
}

/** @param patches  [B, f, S·S, D] @returns the same shape; zero at the start */
function motion(p: Scope, patches: Tensor, frames: number): Tensor {
  const [b, f, n, d] = patches.shape as [number, number, number, number];
  const side = Math.sqrt(n);
  const h = relu(nn.linear(p.at('down_proj'), nn.layerNorm(p.at('layer_norm'), patches, EPS), RANK));
  const changing = sub(h, mean(h, [1]));
  const given = reshape(transpose(changing, [3, 1, 0, 2]), [RANK, f, b * n]);
  const places = reshape(f === frames ? given : matmul(interpolation(frames, f), given), [RANK, frames, b, side, side]);
  const around = NEIGHBOURS.flatMap((dy) => NEIGHBOURS.map((dx) => shift(shift(places, 3, dy), 4, dx)));
  const taps = around.length * frames;
  const weight = p.param('motion.weight', [RANK, frames, taps], nn.kaimingUniform(taps));
  const moved = relu(matmul(weight, reshape(concat(around, 1), [RANK, taps, b * n])));
  const asGiven = f === frames ? moved : matmul(interpolation(f, frames), moved);
  const back = transpose(reshape(asGiven, [RANK, f, b, n]), [2, 1, 3, 0]);
  return nn.linear(p.at('up_proj'), back, d, { initial: nn.zeros });
}

/** What stands `by` places further; zero beyond the edge. */
function shift(x: Tensor, axis: number, by: number): Tensor {
  if (by === 0) return x;
  const n = x.shape[axis] as number;
  return by > 0 ? pad(slice(x, axis, by, n), axis, 0, by) : pad(slice(x, axis, 0, n + by), axis, -by, 0);
}

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
