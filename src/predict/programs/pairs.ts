// Pairs of an item and a text, cut into pieces that a program of fixed size takes, and the arrays it is fed with.

import type { EncodedMedia } from './media-encoder.js';

export interface Pair {
  readonly media: number;
  readonly text: number;
}

export interface PairSizes {
  /** Items a program takes at once. */
  readonly batch: number;
  /** Pairs a program takes at once. */
  readonly pairs: number;
}

/** Runs of pairs that a program takes at once. Pairs of one item should follow each other: it is then looked up once. */
export function* chunks(pairs: readonly Pair[], sizes: PairSizes): Generator<readonly Pair[]> {
  let chunk: Pair[] = [];
  const media = new Set<number>();
  for (const pair of pairs) {
    const full = chunk.length === sizes.pairs || (media.size === sizes.batch && !media.has(pair.media));
    if (full) {
      yield chunk;
      chunk = [];
      media.clear();
    }
    chunk.push(pair);
    media.add(pair.media);
  }
  if (chunk.length > 0) yield chunk;
}

/** What a program of pairs is fed with; a chunk that is too short is filled up by repeating its first pair. */
export interface PairFeeds {
  /** f32 [batch, F·N, D] */
  readonly tokens: Float32Array;
  /** int32 [pairs]: the row of `tokens` that each text looks at. */
  readonly rows: Int32Array;
  /** int32 [pairs]: the text of each row. */
  readonly texts: Int32Array;
}

/** @param each  numbers of an item's tokens, F·N·D */
export async function pairFeeds(
  chunk: readonly Pair[],
  { batch, pairs, each }: PairSizes & { readonly each: number },
  tokensOf: EncodedMedia['tokens'],
): Promise<PairFeeds> {
  const media = [...new Set(chunk.map((pair) => pair.media))];
  const tokens = new Float32Array(batch * each);
  for (const [row, item] of media.entries()) tokens.set(await tokensOf(item), row * each);
  const at = (i: number) => chunk[i] ?? (chunk[0] as Pair);
  return {
    tokens,
    rows: Int32Array.from({ length: pairs }, (_, i) => media.indexOf(at(i).media)),
    texts: Int32Array.from({ length: pairs }, (_, i) => at(i).text),
  };
}

/** Rows of a matrix [*, width]. */
export function pickRows<T extends Int32Array | Float32Array>(matrix: T, rows: ArrayLike<number>, width: number): T {
  const out = new (matrix.constructor as new (length: number) => T)(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    out.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  }
  return out;
}
