// The layers: a scope, a tensor and a size in, a tensor out.

import type { Tensor } from '../../compiler/tensor/index.js';
import * as tensor from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { type Initial, kaimingUniform, ones, zeros } from './initial.js';
import type { Scope } from './scope.js';

/** How BERT and ViT start their matrices: N(0, 0.02²). */
export const bertInitial: Initial = { kind: 'truncatedNormal', deviation: 0.02 };

export interface LinearOptions {
  /** Start of the weight; default PyTorch's. The bias starts at zero. */
  readonly initial?: Initial;
  /** Default true. */
  readonly bias?: boolean;
}

/** x·Wᵀ + b with `weight` [outputs, inputs] and `bias` [outputs]. @param x […, inputs] @returns […, outputs] */
export function linear(p: Scope, x: Tensor, outputs: number, options: LinearOptions = {}): Tensor {
  const { initial = kaimingUniform(width(x)), bias = true } = options;
  const weight = p.param('weight', [outputs, width(x)], initial);
  const shift = bias ? p.param('bias', [outputs], zeros) : undefined;
  return p.inside(() => tensor.linear(x, weight, shift));
}

/** Normalises the last axis, then gain (`weight`) and `bias`. @param eps added to the variance */
export function layerNorm(p: Scope, x: Tensor, eps: number): Tensor {
  const { gain, bias } = layerNormParameters(p, width(x));
  return p.inside(() => tensor.layerNorm(x, gain, bias, eps));
}

/** @param start of the gain; default one */
export function layerNormParameters(p: Scope, width: number, start: Initial = ones) {
  return { gain: p.param('weight', [width], start), bias: p.param('bias', [width], zeros) };
}

/** Rows of `weight` [rows, width] by number. @param ids int32 [*] @returns [*, width] */
export function embedding(p: Scope, ids: Tensor, [rows, width]: readonly [number, number]): Tensor {
  const table = p.param('weight', [rows, width], bertInitial);
  return p.inside(() => tensor.gather(table, ids));
}

/** [B, T, D] → [B, H, T, D/H] */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length] = x.shape as [number, number, number];
  return tensor.transpose(tensor.reshape(x, [batch, length, heads, headWidth(width(x), heads)]), [0, 2, 1, 3]);
}

/** [B, H, T, D/H] → [B, T, D] */
export function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, length, each] = x.shape as [number, number, number, number];
  return tensor.reshape(tensor.transpose(x, [0, 2, 1, 3]), [batch, length, heads * each]);
}

/** D/H. @throws recipe  when the heads do not divide the width */
export function headWidth(width: number, heads: number): number {
  return width % heads === 0
    ? width / heads
    : fail('recipe', { where: 'attention', what: `${heads} heads do not divide the width`, got: String(width) });
}

export interface AttentionOptions {
  /** Added to the scores, broadcast to [B, H, T, N]: −10000 where nothing may be seen. */
  readonly mask?: Tensor | undefined;
  /** Multiplies the scores, broadcast to [B, H, T, N]; the same as multiplying the keys. */
  readonly keyWeights?: Tensor | undefined;
}

/**
 * softmax(q·kᵀ · (D/H)^−½)·v for every head.
 *
 * @param q  [B, H, T, D/H]
 * @param k  [B, H, N, D/H]
 * @param v  [B, H, N, D/H]
 * @returns [B, T, D]
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, { mask, keyWeights }: AttentionOptions = {}): Tensor {
  let scores = tensor.matmul(q, k, { transB: true, scale: width(q) ** -0.5 });
  if (keyWeights) scores = tensor.mul(scores, keyWeights);
  if (mask) scores = tensor.add(scores, mask);
  return mergeHeads(tensor.matmul(tensor.softmax(scores), v));
}

/** The length of the last axis. */
export const width = (x: Tensor): number => x.shape.at(-1) as number;
