// A recipe's task over a split.

import type { MediaSet } from '../data/items/index.js';
import type { LoadedModel } from '../model/index.js';
import { inferenceOf } from '../predict/programs/index.js';
import type { Recipe } from '../recipe/index.js';
import { type AnsweringResult, evaluateAnswering } from './answering.js';
import { type CaptioningResult, evaluateCaptioning } from './captioning.js';
import type { Looking } from './options.js';
import { AUTO_RERANK, rerankingOf, type Shown, type Stages } from './reranking.js';
import { evaluateRetrieval, type RetrievalResult } from './retrieval.js';

/** The part of a recipe that decides how it is evaluated. */
export type EvaluationRecipe = Pick<Recipe, 'task' | 'profile' | 'retrieval' | 'answering' | 'captioning'>;

export interface TaskEvaluation extends Looking {
  /** Answers to choose from, where the task ranks them. */
  readonly candidates: readonly string[];
  /** Whether the matching head belongs to these features. Default: whether the recipe trains it. */
  readonly matches?: boolean;
  /**
   * What is known of re-ranking by this model, where the recipe leaves it open; `itself`: what these very scores show, as on a
   * validation split. Default: nothing.
   */
  readonly shown?: Shown | 'itself' | null;
}

export type Result = RetrievalResult | AnsweringResult | CaptioningResult;

/** Scores a model on the task of a recipe. @param set  whose items all have what the task needs, see `itemsFor` */
export function evaluateTask(
  model: LoadedModel,
  set: MediaSet,
  recipe: EvaluationRecipe,
  options: TaskEvaluation,
): Promise<Result> {
  const { retrieval, captioning } = recipe;
  switch (recipe.task) {
    case 'retrieval': {
      const { matches = retrieval.matching > 0, shown = null } = options;
      const { rerank, similarityWeight } = retrieval;
      const k = rerank === 'auto' ? AUTO_RERANK : rerank;
      const decide = (stages: Stages | null) => {
        const own = stages && ({ by: 'validation', stages } as const);
        return rerankingOf(matches ? rerank : 0, shown === 'itself' ? own : shown);
      };
      return evaluateRetrieval(model, set, { ...options, rerank: matches ? k : 0, similarityWeight, decide });
    }
    case 'answering':
      return evaluateAnswering(model, set, { ...options, inference: inferenceOf(recipe, options.candidates) });
    case 'captioning':
      return evaluateCaptioning(model, set, { ...options, ...captioning });
  }
}
