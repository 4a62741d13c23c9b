// What an adapter's recipe says to a search: its backbone, and how the two scores of a hit are put together, as in evaluation.

import { join } from 'node:path';
import { z } from 'zod';
import type { Reranking } from '../evaluate/index.js';
import { adapterReranking, modelReranking } from '../evaluate/trained-reranking.js';
import { readBytes } from '../files/files.js';
import { readDescription, rerankingSchema } from '../format/index.js';
import type { AdapterChoice } from '../predict/local/types.js';
import { parseRecipe } from '../recipe/index.js';
import { readBackbone } from '../weights/store/backbone.js';

const infoSchema = z.looseObject({ recipe: z.unknown(), reranking: rerankingSchema.exactOptional() });

export interface Ranking {
  /** Whether the nearest are scored again where nobody says, and why; never where the matching head was not trained. */
  readonly reranking: Reranking;
  /** Whether the matching head was trained; else it is not asked. */
  readonly hasMatching: boolean;
  /** β in matching + β · similarity. */
  readonly similarityWeight: number;
}

/** @param backbone  by name, which says it where there is no adapter */
export async function rankingOf(adapter: AdapterChoice, backbone: string): Promise<Ranking> {
  if (adapter === null)
    return {
      hasMatching: true,
      similarityWeight: 0,
      reranking: modelReranking({ adapter, backbone: await readBackbone(backbone) }),
    };
  const { info, recipe } = await describedBy(adapter);
  const { matching, similarityWeight } = recipe.retrieval;
  return { hasMatching: matching > 0, similarityWeight, reranking: adapterReranking({ info, recipe }) };
}

/** The backbone that an adapter was trained with, by name; `tiny` for none. */
export async function backboneFor(adapter: AdapterChoice): Promise<string> {
  return adapter === null ? 'tiny' : (await describedBy(adapter)).recipe.backbone;
}

/** What an adapter says of itself; its tensors are not read. @throws file, format or recipe  when the folder is no adapter */
async function describedBy(folder: string) {
  const where = join(folder, 'adapter.json');
  const info = readDescription(infoSchema, await readBytes(where), where);
  return { info, recipe: parseRecipe(info.recipe, where) };
}
