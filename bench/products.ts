// The rate of ONNX Runtime's largest matrix products: what a program of nothing else would reach on this machine now.

import { compile } from '../src/compiler/runtime/index.js';
import { input, matmul, slice, trace } from '../src/compiler/tensor/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { flopsOf } from './flops.js';
import { normal } from './random-weights.js';
import type { Workload } from './timing.js';

/** [M, K] × [K, N]. */
export type ProductSize = readonly [number, number, number];

/** ViT-B/16's at batch 8, and larger ones. */
export const LARGEST: readonly ProductSize[] = [
  [1576, 768, 3072],
  [1576, 3072, 768],
  [1576, 768, 2304],
  [2048, 2048, 2048],
  [3072, 3072, 3072],
];

export interface ProductWorkload extends Workload {
  readonly flops: number;
}

/**
 * Products of one size by several right-hand matrices, enough for about `flops` operations. Only one number of each is
 * returned, since copying results to JavaScript is no part of a product.
 *
 * @param constant  whether right-hand matrices are part of the program, which lets the runtime rearrange them beforehand
 */
export async function products(
  [m, k, n]: ProductSize,
  { constant, flops }: { readonly constant: boolean; readonly flops: number },
): Promise<ProductWorkload> {
  const count = Math.ceil(flops / (2 * m * k * n));
  const matrices = Object.fromEntries(Array.from({ length: count }, (_, i) => [`b${i}`, normal(k * n, 0.05)]));
  let total = 0;
  const outputs = trace(() => {
    const a = input('a', [m, k]);
    const all = Object.keys(matrices).map((name) => matmul(a, input(name, [k, n])));
    total = flopsOf(all);
    return Object.fromEntries(all.map((product, i) => [`${i}`, slice(slice(product, 0, 0, 1), 1, 0, 1)]));
  });
  const program = await compile(createOrtBackend(), outputs, constant ? { frozen: matrices } : {});
  const feeds = { a: normal(m * k, 1), ...matrices };
  return { name: `${m}×${k}×${n}${constant ? ' constant' : ''}`, flops: total, run: () => program.run(feeds) };
}
