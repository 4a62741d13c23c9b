// The two choices of answering by rank, between the programs: which candidates are worth scoring, and which won.

import { fail } from '../../error/index.js';

/**
 * The k candidates whose first token is the most probable, best first; among equals the earlier one.
 *
 * @param logProbs  f32 [V] of one question, from `firstTokens`
 * @param starts    int32 [C]: each candidate's token after `[DEC]`
 * @throws data  when there are no candidates
 */
export function topByFirstToken(logProbs: Float32Array, starts: Int32Array, k: number): number[] {
  if (starts.length === 0)
    fail('data', { where: 'candidates', what: 'there are none to rank', fix: 'give a list of answers, or generate' });
  const score = (candidate: number) => logProbs[starts[candidate] as number] as number;
  const best: number[] = []; // not sorted as a whole: VQA v2 with Visual Genome has 100 000s of answers
  for (const candidate of starts.keys()) {
    if (best.length === k && score(candidate) <= score(best.at(-1) as number)) continue;
    const place = best.findIndex((other) => score(candidate) > score(other));
    best.splice(place < 0 ? best.length : place, 0, candidate);
    best.length = Math.min(best.length, k);
  }
  return best;
}

/** Numbers of the losses, the smallest first; among equals the earlier. */
export const byLoss = (losses: ArrayLike<number>): number[] =>
  Array.from(losses, (_, i) => i).sort((a, b) => (losses[a] as number) - (losses[b] as number) || a - b);
