// The recipe of a training that somebody asks for: names instead of paths, the server's backbone, no files of the server.

import { totalmem } from 'node:os';
import { fail } from '../../error/index.js';
import { withTask } from '../../predict/programs/task.js';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import type { Place } from '../libraries/libraries.js';

export interface TrainingRecipes {
  /** @throws recipe or missing  naming what is wrong with it */
  resolve(given: Readonly<Record<string, unknown>>): Promise<Recipe>;
}

/** Keys that name files or folders, beside `data.path`. */
const FILE_KEYS: readonly (readonly [string, (recipe: Recipe) => unknown])[] = [
  ['data.mediaRoot', ({ data }) => data.mediaRoot],
  ['data.cache', ({ data }) => data.cache],
  ['answering.answerList', ({ answering }) => answering.answerList],
];

/** @param datasets  folders that may be trained on @param backbone  as it is opened */
export function trainingRecipes(datasets: readonly Place[], backbone: string): TrainingRecipes {
  return {
    async resolve(given) {
      const recipe = parseRecipe({ backbone, ...given }, 'recipe');
      refuseFiles(recipe);
      refuseGreedy(recipe);
      if (recipe.backbone !== backbone)
        fail('recipe', {
          where: 'backbone',
          what: 'is not the one of this server',
          got: recipe.backbone,
          expected: backbone,
        });
      const { folder } = datasetNamed(recipe.data.path, datasets);
      return withTask({ ...recipe, data: { ...recipe.data, path: folder } }, given);
    },
  };
}

function refuseFiles(recipe: Recipe): void {
  for (const [where, named] of FILE_KEYS)
    if (named(recipe) !== null)
      fail('recipe', { where, what: 'names a file of the server', expected: 'null', fix: 'leave it out' });
}

/** The server would end when the system has none left. */
function refuseGreedy({ train: { memory } }: Recipe): void {
  const all = totalmem();
  if (memory !== 'auto' && memory > all)
    fail('recipe', {
      where: 'train.memory',
      what: 'is more than the server’s machine has',
      got: `${memory}`,
      expected: `auto, or at most ${all}`,
    });
}

/** @throws missing */
export function datasetNamed(name: string, datasets: readonly Place[]): Place {
  const names = datasets.map((dataset) => dataset.name);
  return (
    datasets.find((dataset) => dataset.name === name) ??
    fail('missing', {
      where: `dataset ${name}`,
      what: 'there is no such dataset',
      expected: names.join(', ') || 'none',
    })
  );
}
