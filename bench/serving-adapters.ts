// Adapter folders that nobody has trained: as large and as slow as those that somebody has.

import { join } from 'node:path';
import { makeFolder } from '../src/files/files.js';
import { loadFresh } from '../src/predict/programs/load.js';
import { parseRecipe } from '../src/recipe/index.js';
import { writeAdapter } from '../src/train/run/adapter-writer.js';

/** Writes adapters of the paper's method for a backbone into a folder, which is made. @returns their folders, and bytes of the tensors of each */
export async function writeAdapters(folder: string, backbone: string, count: number) {
  await makeFolder(folder);
  const folders: string[] = [];
  let bytes = 0;
  for (let seed = 0; seed < count; seed++) {
    const recipe = parseRecipe({ backbone, data: { path: '.' }, train: { seed } }, 'bench');
    const { model, backbone: opened } = await loadFresh(recipe);
    const path = join(folder, `adapter-${seed}`);
    bytes = await writeAdapter(path, {
      ...{ model, backbone: opened, recipe, purpose: { task: 'retrieval', frames: null } },
      ...{ scores: null, answers: [], trainable: 0, created: new Date(0) },
    });
    folders.push(path);
  }
  return { folders, bytes };
}
