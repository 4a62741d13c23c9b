// Whatever changes embeddings changes their identity, and nothing else does.

import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { runToy, temporaryFolder, toyBackbone, toyData, toyRecipe } from '../../node/toy.test-support.js';
import { loadTrained } from '../programs/load.js';
import { identify } from './identity.js';
import { type ServedModel, serve } from './model.js';
import { createShape } from './programs.js';

const folder = temporaryFolder();
let model: ServedModel;
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  const data = await toyData(join(folder, 'data'));
  await runToy(toyRecipe(backbone, data, ['train.epochs=1', 'train.batch=8']), join(folder, 'run'));
  model = await served(join(folder, 'run', 'adapter'));
});

async function served(adapter: string | null): Promise<ServedModel> {
  const trained = await loadTrained({ adapter, backbone, task: 'retrieval' });
  return serve(trained, '1:', createShape(trained));
}

test('what changes embeddings changes the key', async () => {
  const adapter = model.adapter as NonNullable<ServedModel['adapter']>;
  const { recipe } = adapter;
  const withRecipe = (change: object) => ({ ...model, adapter: { ...adapter, recipe: { ...recipe, ...change } } });
  const others: readonly ServedModel[] = [
    await served(null),
    { ...model, backbone: { ...model.backbone, sha256: 'another' } },
    { ...model, preprocess: { ...model.preprocess, size: 64 } },
    { ...model, preprocess: { ...model.preprocess, mean: [0, 0, 0] } },
    { ...model, model: { ...model.model, int8: { names: new Set(), feeds: () => ({}) } } },
    withRecipe({ method: { ...recipe.method, bottleneck: 5 } }),
    withRecipe({ profile: 'official' }),
    withRecipe({ data: { ...recipe.data, maxWords: 3 } }),
    withRecipe({ data: { ...recipe.data, frames: 4 } }),
  ];
  const keys = await Promise.all([model, ...others].map(async (one) => (await identify(one)).key));
  assert.equal(new Set(keys).size, keys.length);
  for (const key of keys) assert.match(key, /^[0-9a-f]{64}$/);
});

test('where an adapter is, and how it was trained, does not', async () => {
  const elsewhere = join(folder, 'elsewhere');
  await cp(join(folder, 'run', 'adapter'), elsewhere, { recursive: true });
  const moved = await served(elsewhere);
  const adapter = moved.adapter as NonNullable<ServedModel['adapter']>;
  const recipe = { ...adapter.recipe, train: { ...adapter.recipe.train, seed: 9 } };
  assert.deepEqual(await identify({ ...moved, adapter: { ...adapter, recipe } }), await identify(model));
});
