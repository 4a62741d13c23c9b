// The recipe of a run whose task nobody named: data that hold questions and no captions leave one choice.

import { openDataset } from '../../data/dataset/dataset.js';
import { type Item, SPLIT_NAMES } from '../../data/items/index.js';
import { UniAdapterError } from '../../error/index.js';
import { parseRecipe, type Recipe } from '../../recipe/index.js';

/** A recipe as {@link parseRecipe} makes it, with the task that its data leave where it names none. @throws recipe */
export const recipeForData = async (given: unknown, where: string): Promise<Recipe> =>
  withTask(parseRecipe(given, where), given);

/** @param given  what the recipe was made of */
export async function withTask(recipe: Recipe, given: unknown): Promise<Recipe> {
  const isNamed = typeof given === 'object' && given !== null && 'task' in given;
  return isNamed || !(await asksOnly(recipe)) ? recipe : { ...recipe, task: 'answering' };
}

/** Whether there are questions and no captions. What is wrong with the data is said when they are opened for the run. */
async function asksOnly({ data, train }: Recipe): Promise<boolean> {
  try {
    const { splits } = await openDataset(data.path, { ...data, fractions: data.split, seed: train.seed });
    const items = SPLIT_NAMES.flatMap((name) => splits[name].items);
    const some = (texts: 'captions' | 'questions') => items.some((item: Item) => item[texts].length > 0);
    return some('questions') && !some('captions');
  } catch (error) {
    if (error instanceof UniAdapterError) return false;
    throw error;
  }
}
