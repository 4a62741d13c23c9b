// Whether a model's nearest hits are scored again, where nobody says: by what its validation showed, or its backbone's maker.

import type { AdapterInfo, BackboneInfo } from '../format/index.js';
import type { Recipe } from '../recipe/index.js';
import { type Reranking, rerankingOf, type Shown, type Stages } from './index.js';

/** What the description of a backbone records of re-ranking pictures that it was not made for. */
export function shownBy({ info }: { readonly info: Pick<BackboneInfo, 'unseen'> }): Shown | null {
  if (!info.unseen) return null;
  const { what: _, ...stages } = info.unseen;
  return { by: 'backbone', stages };
}

interface Described {
  readonly info: Pick<AdapterInfo, 'reranking'>;
  readonly recipe: Pick<Recipe, 'retrieval'>;
}

/** As an adapter's recipe and its validation say. */
export function adapterReranking({ info, recipe }: Described): Reranking {
  const { rerank, matching } = recipe.retrieval;
  if (matching === 0) return { isOn: false, by: 'recipe' }; // the matching head was never trained
  const known = info.reranking;
  return rerank === 'auto' && known ? known : rerankingOf(rerank, null);
}

/** Of the model that searches. */
export const modelReranking = ({
  adapter,
  backbone,
}: {
  readonly adapter: Described | null;
  readonly backbone: { readonly info: Pick<BackboneInfo, 'unseen'> };
}): Reranking => (adapter ? adapterReranking(adapter) : rerankingOf('auto', shownBy(backbone)));

/** What a run's best validation decides; null where it decides nothing. */
export const validated = (
  recipe: Pick<Recipe, 'task' | 'retrieval'>,
  stages: Stages | null | undefined,
): Reranking | null =>
  recipe.task === 'retrieval' && stages ? rerankingOf(recipe.retrieval.rerank, { by: 'validation', stages }) : null;
