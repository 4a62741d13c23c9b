// The dataset of a recipe, checked as the run would see it.

import { readingsOf } from '../../predict/programs/readings.js';
import type { Recipe } from '../../recipe/index.js';
import type { Dataset } from '../dataset/dataset.js';
import { candidatesOf, openData, textsOf } from '../dataset/open.js';
import { unlisted } from '../dataset/unlisted.js';
import { type Sided, sidedTexts } from '../items/index.js';
import { checkData, type DataCheckOptions, type DataReport } from './check.js';

/** What a dataset is like, and what training would do because of that. */
export interface RunDataReport extends DataReport {
  /** Training texts that say left or right, and whether their pictures are mirrored all the same; null where none does. */
  readonly sides: (Sided & { readonly isMirrored: boolean }) | null;
}

/** @throws as `openData`, when there is no dataset to look at */
export async function checkRunData(
  recipe: Recipe,
  options: Pick<DataCheckOptions, 'quick' | 'onProgress'>,
): Promise<RunDataReport> {
  const { task, answering, data, train } = recipe;
  const dataset = await openData(recipe, train.seed);
  const isChosen = task === 'answering' && answering.inference === 'rank';
  const answers = isChosen ? await candidatesOf(recipe, dataset) : null;
  const readings = await readingsOf(recipe, dataset.splits);
  const leftOut = await unlisted(dataset);
  const report = await checkData(dataset, { ...options, task, answers, leftOut, readings, skipBad: data.skipBad });
  return { ...report, sides: sidesOf(recipe, dataset) };
}

function sidesOf(recipe: Recipe, { splits }: Dataset): RunDataReport['sides'] {
  const sided = sidedTexts(splits.train.items, textsOf(recipe.task));
  if (sided.texts === 0) return null;
  const { augment, flip } = recipe.data;
  const isFlipped = flip === 'auto' ? recipe.profile === 'official' : flip;
  return { ...sided, isMirrored: augment !== 'none' && isFlipped };
}
