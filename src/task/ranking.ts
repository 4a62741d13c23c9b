// The two choices of answering by rank, between the programs: which candidates are worth scoring, and which won.

import { fail } from '../error/index.js';

/**
 * The k candidates whose first token is the most probable, best first; among equals the earlier one.
 *
 * @param logProbs  f32 [V] of one question, from `firstTokens`
 * @param starts    int32 [C]: each candidate's token after `[DEC]`
 * @throws data  when there are no candidates
 */
export function promising(logProbs: Float32Array, starts: Int32Array, k: number): number[] {
  if (starts.length === 0)
    fail('data', { where: 'candidates', what: 'there are none to rank', fix: 'give a list of answers, or generate' });
  const score = (candidate: number) => logProbs[starts[candidate] as number] as number;
  return Array.from(starts.keys())
    .sort((a, b) => score(b) - score(a) || a - b)
    .slice(0, k);
}

/** The candidate with the smallest loss; among equals the earlier in `chosen`. @param losses [k], in its order */
export function bestOf(chosen: readonly number[], losses: ArrayLike<number>): number {
  const best = chosen.reduce((best, _, i) => ((losses[i] as number) < (losses[best] as number) ? i : best), 0);
  return chosen[best] as number;
}
