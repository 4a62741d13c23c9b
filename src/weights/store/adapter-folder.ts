// Adapters on disk, read.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readSome } from '../../files/files.js';
import { type AdapterInfo, checkBackbone, type NamedArrays, unpackAdapter } from '../../format/index.js';
import { methodOf, type Phase } from '../../model/index.js';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import type { Backbone } from './backbone.js';

export const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

export interface Adapter {
  readonly folder: string;
  readonly info: AdapterInfo;
  readonly recipe: Recipe;
  readonly arrays: NamedArrays;
  /** What questions are answered with; empty for adapters that do not choose. */
  readonly answers: readonly string[];
}

/** Reads an adapter folder. @throws file, format or recipe */
export async function openAdapter(folder: string): Promise<Adapter> {
  const files = await readSome(folder, ['adapter.json', 'adapter.safetensors'], ['answers.json']);
  const { info, arrays, answers = [] } = unpackAdapter(files, folder);
  const recipe = parseRecipe(info.recipe, join(folder, 'adapter.json'));
  return { folder, info, recipe, arrays, answers };
}

/** The method an adapter was made with, once it is sure that it belongs to `backbone`. */
export function methodFor(adapter: Adapter, backbone: Backbone, phase: Phase) {
  checkBackbone(adapter.info, { name: backbone.info.name, sha256: backbone.sha256 }, adapter.folder);
  return methodOf(adapter.recipe, phase);
}
