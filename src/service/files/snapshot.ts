// A training that is under way as an adapter: the parameters of its last checkpoint.

import { join } from 'node:path';
import { framesOf } from '../../data/dataset/open.js';
import { readBytes } from '../../files/files.js';
import { float32Of, type NamedArray, readSafetensors } from '../../format/index.js';
import { loadFresh } from '../../predict/programs/load.js';
import type { Recipe } from '../../recipe/index.js';
import { writeAdapter } from '../../train/run/adapter-writer.js';
import { runFolder } from '../../weights/store/run-folder.js';

/** Tensors of a checkpoint that train, among moments and averages. */
const PREFIX = 'parameter.';

/**
 * Writes an adapter folder.
 *
 * @param recipe  with frames decided
 * @param answers  to choose from, for adapters that answer
 */
export async function writeSnapshot(
  folder: string,
  run: string,
  { recipe, answers }: { readonly recipe: Recipe; readonly answers: readonly string[] },
): Promise<void> {
  const file = join(runFolder(run).checkpoint, 'state.safetensors');
  const { arrays } = readSafetensors(await readBytes(file), file);
  const parameters = Object.fromEntries(
    [...arrays].flatMap(([name, array]: [string, NamedArray]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), float32Of(array)]] : [],
    ),
  );
  const { frames } = framesOf(recipe.data, []);
  const { model, backbone } = await loadFresh(recipe, frames);
  await writeAdapter(folder, {
    model: { ...model, weights: { ...model.weights, ...parameters } },
    purpose: { task: recipe.task, frames },
    ...{ backbone, recipe, answers, scores: null, created: new Date() },
    trainable: Object.values(parameters).reduce((sum, { length }) => sum + length, 0),
  });
}
