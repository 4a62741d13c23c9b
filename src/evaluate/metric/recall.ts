// Retrieval metrics. Ties count against the scorer: a constant score ranks the right answer last, never first.
import { fail } from '../../error/index.js';

/** `R@k` in percent of queries whose best relevant candidate is among the first k; ranks count from 1. */
export type Recalls = Readonly<Record<`R@${number}`, number>> & {
  readonly medianRank: number;
  readonly meanRank: number;
};

/**
 * The rank of every query's best-placed relevant candidate, f64 [rows].
 * It is 1 + the number of non-relevant candidates that score at least as high; a score that is not a number
 * loses against everything.
 *
 * @param similarity  f32 [rows, cols], larger is better
 * @param rows        queries
 * @param cols        candidates
 * @param relevant    the candidates that answer a query, at least one
 * @throws `shape` if `similarity` has another length, `data` if a query has no relevant candidate
 */
export function ranksOf(
  similarity: Float32Array,
  rows: number,
  cols: number,
  relevant: (row: number) => Iterable<number>,
): Float64Array {
  if (similarity.length !== rows * cols || rows === 0)
    fail('shape', {
      where: 'ranks',
      what: 'the scores do not fit the number of queries and candidates',
      got: `${similarity.length} scores`,
      expected: `${rows} × ${cols}, at least one query`,
    });
  return Float64Array.from({ length: rows }, (_, row) =>
    rankOf(similarity.subarray(row * cols, (row + 1) * cols), new Set(relevant(row)), row),
  );
}

/** Recall at k, and the middle and the mean of ranks. @param ranks  of queries, from 1 @param ks  the cut-offs to report */
export function recallsAt(ranks: Float64Array, ks: readonly number[] = [1, 5, 10]): Recalls {
  const within = (k: number) => (100 * ranks.filter((rank) => rank <= k).length) / ranks.length;
  return {
    ...Object.fromEntries(ks.map((k) => [`R@${k}`, within(k)])),
    medianRank: median(ranks.toSorted()),
    meanRank: ranks.reduce((a, b) => a + b, 0) / ranks.length,
  };
}

/** Recall at k and ranks of scores. @throws as {@link ranksOf} */
export const recalls = (
  similarity: Float32Array,
  rows: number,
  cols: number,
  relevant: (row: number) => Iterable<number>,
  ks?: readonly number[],
): Recalls => recallsAt(ranksOf(similarity, rows, cols, relevant), ks);

/** Ranks of a search both ways. */
export interface RetrievalRanks {
  /** f64 [images] */
  readonly mediaToText: Float64Array;
  /** f64 [texts] */
  readonly textToMedia: Float64Array;
}

/**
 * The same picture–caption scores read both ways.
 *
 * @param similarity   f32 [images, texts]
 * @param textToMedia  i32 [texts], the image each text belongs to; every image needs a text
 * @throws as {@link ranksOf}
 */
export function retrievalRanks(similarity: Float32Array, textToMedia: Int32Array): RetrievalRanks {
  const texts = textToMedia.length;
  const images = Math.floor(similarity.length / texts);
  const textsOf = Array.from({ length: images }, (): number[] => []);
  for (const [text, image] of textToMedia.entries()) textsOf[image]?.push(text);
  const transposed = new Float32Array(similarity.length);
  for (let image = 0; image < images; image++)
    for (let text = 0; text < texts; text++)
      transposed[text * images + image] = similarity[image * texts + text] as number;
  return {
    mediaToText: ranksOf(similarity, images, texts, (image) => textsOf[image] as number[]),
    textToMedia: ranksOf(transposed, texts, images, (text) => [textToMedia[text] as number]),
  };
}

/** {@link retrievalRanks} as recalls. */
export function retrievalMetrics(
  similarity: Float32Array,
  textToMedia: Int32Array,
  ks?: readonly number[],
): { readonly mediaToText: Recalls; readonly textToMedia: Recalls } {
  const ranks = retrievalRanks(similarity, textToMedia);
  return { mediaToText: recallsAt(ranks.mediaToText, ks), textToMedia: recallsAt(ranks.textToMedia, ks) };
}

function rankOf(scores: Float32Array, relevant: ReadonlySet<number>, row: number): number {
  let best = Number.NEGATIVE_INFINITY;
  let found = false;
  for (const candidate of relevant) {
    const score = scores[candidate];
    if (score === undefined) continue;
    found = true;
    if (score > best) best = score;
  }
  if (!found)
    fail('data', {
      where: `query ${row}`,
      what: 'has no relevant candidate, so recall is not defined',
      fix: 'leave the query out or complete the gallery',
    });
  let rank = 1;
  for (const [candidate, score] of scores.entries()) if (!(score < best) && !relevant.has(candidate)) rank++;
  return rank;
}

/** The middle of sorted numbers, or the mean of the two in the middle. */
function median(sorted: Float64Array): number {
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}
