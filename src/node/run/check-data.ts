// The dataset of a recipe, checked as the run would see it.

import type { Recipe } from '../../recipe/index.js';
import { checkData, type DataCheckOptions, type DataReport } from '../data/check.js';
import { unlisted } from '../data/unlisted.js';
import { candidatesOf, openData } from './data.js';
import { readingsOf } from './readings.js';

/** @throws as `openData`, when there is no dataset to look at */
export async function checkRunData(
  recipe: Recipe,
  options: Pick<DataCheckOptions, 'quick' | 'onProgress'>,
): Promise<DataReport> {
  const { task, answering, data, train } = recipe;
  const dataset = await openData(recipe, train.seed);
  const isChosen = task === 'answering' && answering.inference === 'rank';
  const answers = isChosen ? await candidatesOf(recipe, dataset) : null;
  const readings = await readingsOf(recipe, dataset.splits);
  const leftOut = await unlisted(dataset);
  return checkData(dataset, { ...options, answers, leftOut, readings, skipBad: data.skipBad });
}
