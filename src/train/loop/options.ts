// What the tasks of a recipe are made from.

import type { Looking } from '../../evaluate/index.js';
import type { DecidedRecipe } from '../../recipe/index.js';

export interface TaskOptions {
  readonly recipe: DecidedRecipe;
  /** How training looks at items; evaluation may take more frames. */
  readonly looking: Omit<Looking, 'onProgress'>;
  /** F at evaluation. */
  readonly testFrames: number | null;
  /** Answers to choose from at evaluation; only answering asks for them. */
  readonly candidates: readonly string[];
  /** Tokens of the longest answer that is learnt; only answering asks for it. */
  readonly answerTokens: number;
}
