// Padding that nobody needs: texts are padded to a common length, of which they seldom fill half.

import type { Tokens } from './tokenizer.js';

/** Lengths are rounded up to a multiple, so that few programs serve all texts. */
const MULTIPLE = 2;

export interface Trimmed extends Tokens {
  /** What the texts are padded to now. */
  readonly length: number;
}

/**
 * Cuts off padding that all texts have.
 *
 * @param tokens  i32 [texts, length]
 * @returns the same texts, i32 [texts, length'], length' even or `length` itself
 */
export function trimmed({ ids, mask }: Tokens, length: number): Trimmed {
  const rows = ids.length / length;
  let longest = 1;
  for (let row = 0; row < rows; row++)
    longest = Math.max(longest, mask.subarray(row * length, (row + 1) * length).lastIndexOf(1) + 1);
  const kept = Math.min(length, MULTIPLE * Math.ceil(longest / MULTIPLE));
  if (kept === length) return { ids, mask, length };
  const cut = (all: Int32Array) => {
    const few = new Int32Array(rows * kept);
    for (let row = 0; row < rows; row++) few.set(all.subarray(row * length, row * length + kept), row * kept);
    return few;
  };
  return { ids: cut(ids), mask: cut(mask), length: kept };
}
