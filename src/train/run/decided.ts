// What a recipe leaves open, decided by the data and the backbone that it names.

import type { Dataset } from '../../data/dataset/dataset.js';
import { framesOf, textsOf } from '../../data/dataset/open.js';
import { sampleCount, sidedTexts } from '../../data/items/index.js';
import type { Ready } from '../../predict/programs/load.js';
import type { DecidedRecipe, Recipe } from '../../recipe/index.js';
import { decide } from '../loop/index.js';

/** The recipe that is trained. @param recipe  its frames are decided already */
export function decidedFor(
  recipe: Recipe,
  { splits }: Pick<Dataset, 'splits'>,
  { backbone }: Pick<Ready, 'backbone'>,
): DecidedRecipe {
  const { items } = splits.train;
  const texts = textsOf(recipe.task);
  const samples = sampleCount(items, (item) =>
    texts === 'captions' ? item.captions.length : item.questions.filter(({ answers }) => answers.length > 0).length,
  );
  return decide(recipe, {
    samples,
    width: backbone.info.vision.width,
    frames: framesOf(recipe.data, []).frames,
    saysSides: sidedTexts(items, texts).texts > 0,
  });
}

const SECTIONS = ['data', 'optimiser', 'train', 'retrieval'] as const;

/** Keys that were `auto` and are not any more, dotted. */
export function decidedKeys(given: Recipe, decided: DecidedRecipe): string[] {
  return SECTIONS.flatMap((section) => {
    const now = decided[section] as Readonly<Record<string, unknown>>;
    return Object.entries(given[section])
      .filter(([key, value]) => value === 'auto' && now[key] !== 'auto')
      .map(([key]) => `${section}.${key}`);
  });
}
