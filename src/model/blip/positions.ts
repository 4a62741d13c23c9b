// Position embeddings for another image size than the checkpoint's: the patch grid is resized, the class token's stays.
// Bicubic as PyTorch's interpolate without corner alignment: a = −0.75, edges repeated, no smoothing when shrinking.

import { fail } from '../../error/index.js';

/**
 * @param table  f32 [1, N, D] of a square grid, class token first
 * @param width  D
 * @param side   patches a side that are wanted
 * @returns f32 [1, side² + 1, D]
 * @throws parameter  when the table is not of a square grid
 */
export function resizePositions(table: Float32Array, width: number, side: number): Float32Array {
  const from = Math.sqrt(table.length / width - 1);
  if (!Number.isInteger(from))
    fail('parameter', {
      where: 'pos_embed',
      what: 'is not of a square grid',
      got: `${table.length / width} positions`,
    });
  if (from === side) return table;
  const resized = new Float32Array((side * side + 1) * width);
  resized.set(table.subarray(0, width));
  const taps = Array.from({ length: side }, (_, i) => tapsOf(i, from / side, from));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const target = resized.subarray((1 + y * side + x) * width, (2 + y * side + x) * width);
      for (const [row, rowWeight] of taps[y] ?? [])
        for (const [column, columnWeight] of taps[x] ?? []) {
          const source = (1 + row * from + column) * width;
          for (let d = 0; d < width; d++)
            target[d] = (target[d] as number) + rowWeight * columnWeight * (table[source + d] as number);
        }
    }
  return resized;
}

/** The four source indices of a target index, with their weights. */
function tapsOf(index: number, scale: number, length: number): (readonly [number, number])[] {
  const centre = (index + 0.5) * scale - 0.5;
  const base = Math.floor(centre);
  return [-1, 0, 1, 2].map((offset) => {
    const source = Math.min(length - 1, Math.max(0, base + offset));
    return [source, cubic(Math.abs(centre - base - offset))];
  });
}

/** Keys' kernel with a = −0.75. */
function cubic(x: number): number {
  const a = -0.75;
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a : 0;
}
