// What retrieval scores where every order is as likely: nothing was looked at.

import type { Recalls } from './recall.js';

/**
 * Expected recalls and ranks of queries among candidates in random order.
 *
 * @param relevant    how many candidates answer each query, at least one
 * @param candidates  N, of which they are
 */
export function chanceRecalls(
  relevant: readonly number[],
  candidates: number,
  ks: readonly number[] = [1, 5, 10],
): Recalls {
  const kinds = new Map<number, number>();
  for (const count of relevant) kinds.set(count, (kinds.get(count) ?? 0) + 1);
  const expected = (of: (count: number) => number) =>
    [...kinds].reduce((sum, [count, queries]) => sum + queries * of(count), 0) / relevant.length;
  const missed = missesOf([...kinds.keys()], candidates);
  const within = (k: number) => 1 - expected((count) => missed(count, Math.min(k, candidates)));
  return {
    ...Object.fromEntries(ks.map((k) => [`R@${k}`, 100 * within(k)])),
    medianRank: medianOf(within, candidates),
    meanRank: expected((count) => (candidates + 1) / (count + 1)),
  };
}

/** Probability that none of so many relevant ones is among the first k: ∏ (N − c − j) / (N − j), j < k. */
function missesOf(counts: readonly number[], candidates: number): (count: number, k: number) => number {
  const byCount = new Map(
    counts.map((count) => {
      const missed = new Float64Array(candidates + 1).fill(1);
      for (let k = 1; k <= candidates; k++)
        missed[k] = ((missed[k - 1] as number) * Math.max(0, candidates - count - k + 1)) / (candidates - k + 1);
      return [count, missed];
    }),
  );
  return (count, k) => byCount.get(count)?.[k] as number;
}

/** Where half of the ranks are below: the middle of the first k with at least half and the first with more. */
function medianOf(within: (k: number) => number, candidates: number): number {
  const first = (isThere: (share: number) => boolean) => {
    let k = 1;
    while (k < candidates && !isThere(within(k))) k++;
    return k;
  };
  const slack = 1e-9; // 200 of 400 is half, whatever the products round to
  return (first((share) => share >= 0.5 - slack) + first((share) => share > 0.5 + slack)) / 2;
}
