// How questions are answered: from a list, or in words of the model's own.

import type { Recipe } from '../../recipe/index.js';
import type { Inference } from './answerer.js';

/** How a recipe finds answers; where there is nothing to rank, they are written. */
export function inferenceOf(
  { profile, answering }: Pick<Recipe, 'profile' | 'answering'>,
  candidates: readonly string[],
): Inference {
  const { inference, rankedAnswers, smoothing, beams, maxLength } = answering;
  if (inference === 'generate' || candidates.length === 0) return { by: 'generate', beams, maxLength };
  return { by: 'rank', candidates, k: rankedAnswers, smoothing: profile === 'official' ? smoothing : 0 };
}
