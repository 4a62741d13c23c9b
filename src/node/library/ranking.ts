// What an adapter's recipe says to a search: its backbone, and how the two scores of a hit are put together, as in evaluation.

import { join } from 'node:path';
import { z } from 'zod';
import { readDescription } from '../../format/index.js';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import type { AdapterChoice } from '../engine/types.js';
import { readBytes } from '../files.js';

const infoSchema = z.looseObject({ recipe: z.unknown() });

export interface Ranking {
  /** Whether the matching head was trained; else it is not asked. */
  readonly hasMatching: boolean;
  /** β in matching + β · similarity. */
  readonly similarityWeight: number;
}

export async function rankingOf(adapter: AdapterChoice): Promise<Ranking> {
  if (adapter === null) return { hasMatching: true, similarityWeight: 0 };
  const { matching, similarityWeight } = (await recipeOf(adapter)).retrieval;
  return { hasMatching: matching > 0, similarityWeight };
}

/** The backbone that an adapter was trained with, by name; `tiny` for none. */
export async function backboneFor(adapter: AdapterChoice): Promise<string> {
  return adapter === null ? 'tiny' : (await recipeOf(adapter)).backbone;
}

/** What an adapter was trained with; its tensors are not read. @throws file or recipe  when the folder is no adapter */
async function recipeOf(folder: string): Promise<Recipe> {
  const where = join(folder, 'adapter.json');
  const info = readDescription(infoSchema, await readBytes(where), where);
  return parseRecipe(info.recipe, where);
}
