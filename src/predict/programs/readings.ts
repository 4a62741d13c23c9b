// What a backbone reads of the texts that a task takes.

import { type Dataset, eachSplit } from '../../data/dataset/dataset.js';
import { textsOf } from '../../data/dataset/open.js';
import type { Item, Split } from '../../data/items/index.js';
import type { Codec, Reading } from '../../data/text/index.js';
import { UniAdapterError } from '../../error/index.js';
import type { Recipe } from '../../recipe/index.js';
import { openBackbone } from '../../weights/store/backbone.js';
import { codecOf } from './load.js';

/** What the backbone reads of captions or of questions, by split. */
export interface Readings extends Readonly<Record<Split, Reading>> {
  readonly kind: 'captions' | 'questions';
}

/** By the recipe's backbone; null where that is not here yet. */
export async function readingsOf(recipe: Recipe, splits: Dataset['splits']): Promise<Readings | null> {
  const backbone = await openBackbone(recipe.backbone).catch((error: unknown) => {
    if (error instanceof UniAdapterError && error.code === 'file') return null;
    throw error;
  });
  return backbone && readingsWith(codecOf(backbone, recipe.data.maxWords), recipe, splits);
}

/** By a backbone that is open. */
export function readingsWith(codec: Codec, { task }: Pick<Recipe, 'task'>, splits: Dataset['splits']): Readings {
  const kind = textsOf(task);
  const textsIn = ({ captions, questions }: Item) =>
    kind === 'captions' ? captions : questions.map(({ question }) => question);
  return { kind, ...eachSplit((name) => codec.reading(kind, splits[name].items.flatMap(textsIn))) };
}
