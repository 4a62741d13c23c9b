// The dataset of a recipe, checked as the run would see it.

import type { Item } from '../../data/index.js';
import { UniAdapterError } from '../../error/index.js';
import type { Recipe } from '../../recipe/index.js';
import { checkData, type DataCheckOptions, type DataReport } from '../data/check.js';
import { type Dataset, eachSplit } from '../data/dataset.js';
import { unlisted } from '../data/unlisted.js';
import { openBackbone } from '../store/backbone.js';
import { candidatesOf, openData } from './data.js';
import { codecOf } from './load.js';

/** @throws as `openData`, when there is no dataset to look at */
export async function checkRunData(
  recipe: Recipe,
  options: Pick<DataCheckOptions, 'quick' | 'onProgress'>,
): Promise<DataReport> {
  const { task, answering, data, train } = recipe;
  const dataset = await openData(recipe, train.seed);
  const isChosen = task === 'answering' && answering.inference === 'rank';
  const answers = isChosen ? await candidatesOf(recipe, dataset) : null;
  const readings = await readingsOf(recipe, dataset);
  const leftOut = data.format === 'manifest' ? await unlisted(dataset) : [];
  return checkData(dataset, { ...options, answers, leftOut, readings, skipBad: data.skipBad });
}

/** What the backbone reads of the task's texts; null where the backbone is not here yet. */
async function readingsOf({ task, backbone, data }: Recipe, { splits }: Dataset): Promise<DataReport['readings']> {
  const opened = await openBackbone(backbone).catch((error: unknown) => {
    if (error instanceof UniAdapterError && error.code === 'file') return null;
    throw error;
  });
  if (opened === null) return null;
  const codec = codecOf(opened, data.maxWords);
  const kind = task === 'answering' ? 'questions' : 'captions';
  const textsOf = ({ captions, questions }: Item) =>
    kind === 'captions' ? captions : questions.map(({ question }) => question);
  return { kind, ...eachSplit((name) => codec.reading(kind, splits[name].items.flatMap(textsOf))) };
}
