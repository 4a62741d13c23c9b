// Whole runs on the toy: every method learns every task, is saved, found again and used.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import { captionsOf } from '../data/items/index.js';
import { float32Of, readSafetensors } from '../format/index.js';
import { saves } from '../model/adapter/index.js';
import { createModel, declarationsOf, methodOf, type TaskName } from '../model/index.js';
import {
  eventsOf,
  runToy,
  TASKS,
  temporaryFolder,
  toyBackbone,
  toyData,
  toyMethods,
  toyRecipe,
} from '../node/toy.test-support.js';
import { createMediaEncoder, createTextEncoder } from '../predict/programs/index.js';
import { loadFresh, loadTrained, type Ready } from '../predict/programs/load.js';
import type { Recipe } from '../recipe/index.js';
import { runFolder } from '../weights/store/run-folder.js';
import * as api from './api.js';
import { evaluateRun, openSearch } from './run.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

const onProgress = () => {};

test('an adapter trained without matching is evaluated and searched by similarity alone', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=1', 'retrieval.matching=0']);
  const out = join(folder, 'contrast');
  const [done] = eventsOf(await runToy(recipe, out), 'done');
  const { adapter } = runFolder(out);
  const asking = toyRecipe(backbone, data); // which would match, if it could
  assert.deepEqual((await evaluateRun({ adapter, recipe: asking, split: 'test', onProgress })).scores, done?.scores);
  const search = await openSearch({ adapter, media: data, onProgress });
  for (const { rank, firstStageRank } of await search.search('red on black', 9)) assert.equal(rank, firstStageRank);
  await search.close();
});

test('the temperature is the backbone’s own, or the recipe’s', async () => {
  const temperatures = await Promise.all(
    ['null', '0.2'].map(async (temperature) => {
      const out = join(folder, `temperature ${temperature}`);
      await runToy(toyRecipe(backbone, data, ['train.epochs=1', `retrieval.temperature=${temperature}`]), out);
      return (await loadTrained({ adapter: runFolder(out).adapter, task: 'retrieval' })).model.weights.temp;
    }),
  );
  assert.deepEqual(temperatures, [Float32Array.of(0.07), Float32Array.of(0.2)]);
});

const rates: Partial<Record<Recipe['method']['name'], number>> = { uniadapter: 0.03, full: 0.003 };

/** Recipes that overfit: one batch after another that hardly differ, and nothing that softens the targets. */
const overfit: Readonly<Record<TaskName, readonly string[]>> = {
  retrieval: ['train.epochs=24', 'retrieval.queue=0', 'retrieval.momentum=0', 'retrieval.alpha=0'],
  answering: ['train.epochs=8'],
  captioning: ['train.epochs=24'],
};

/** The loss that goes down, on average over the first or the last steps. */
const average = (losses: readonly number[]) => losses.reduce((a, b) => a + b) / losses.length;

for (const task of TASKS)
  for (const [name, changes] of Object.entries(toyMethods))
    test(`${name}, ${task}: the loss goes down, the adapter holds what is declared and is the trained model again`, async () => {
      const rate = rates[name as keyof typeof toyMethods] ?? (task === 'retrieval' ? 0.02 : 0.01);
      const common = [`task=${task}`, 'train.batch=8', 'train.evaluateEvery=0', `optimiser.learningRate=${rate}`];
      const recipe = toyRecipe(backbone, data, [...changes, ...common, ...overfit[task]]);
      const out = join(folder, `${name} ${task}`);
      const events = await runToy(recipe, out);
      const losses = eventsOf(events, 'step').map(({ losses }) => losses.itc ?? losses.total ?? Number.NaN);
      const [first, last] = [average(losses.slice(0, 4)), average(losses.slice(-4))];
      const expected = task === 'retrieval' ? 0.85 * Math.log(8) : 0.92 * first; // log 8: a guess among the batch
      assert.ok(last < expected, `${losses}`);

      const fresh = await loadFresh(recipe, null);
      const declared = declarationsOf(createModel(fresh.backbone.config, methodOf(recipe, 'training')), {
        ...{ task, frames: null },
      });
      const { adapter, checkpoint } = runFolder(out);
      const saved = readSafetensors(await readFile(join(adapter, 'adapter.safetensors')), out).arrays;
      assert.deepEqual(
        [...saved].map(([path, { shape, dtype }]) => ({ path, shape, dtype })).sort(byPath),
        declared
          .filter((declaration) => saves(fresh.model.method, declaration))
          .map(({ path, shape }) => ({ path, shape: [...shape], dtype: 'F32' }))
          .sort(byPath),
      );

      const state = readSafetensors(await readFile(join(checkpoint, 'state.safetensors')), out).arrays;
      const best = [...state].filter(([key]) => key.startsWith('best.'));
      const trained = Object.fromEntries(best.map(([key, array]) => [key.slice('best.'.length), float32Of(array)]));
      const loaded = await loadTrained({ adapter, task });
      assert.deepEqual(loaded.model.weights, { ...fresh.model.weights, ...trained });

      const scores = eventsOf(events, 'done')[0]?.scores;
      assert.deepEqual((await evaluateRun({ adapter, recipe, split: 'test', onProgress })).scores, scores);
      const again = { ...fresh, model: { ...fresh.model, weights: { ...fresh.model.weights, ...trained } } };
      if (task === 'retrieval') assert.deepEqual(await featuresOf(loaded), await featuresOf(again));
      await use[task](adapter);
    });

const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1);

/** What an adapter of each task is for. */
const use: Readonly<Record<TaskName, (adapter: string) => Promise<void>>> = {
  async retrieval(adapter) {
    const search = await api.openSearch(adapter, { media: data });
    assert.equal((await search.search('a red square on black', 3)).length, 3);
    await search.close();
  },
  async answering(adapter) {
    const answered = await api.ask(adapter, join(data, 'red-black.png'), ['what color is the square'], { k: 3 });
    assert.deepEqual(
      answered.map(({ answers }) => answers.length),
      [3],
    );
  },
  async captioning(adapter) {
    const [first] = await api.caption(adapter, [join(data, 'red-black.png')]);
    assert.match(first?.caption ?? '', /^[a-z]/);
  },
};

async function featuresOf({ model, codec, preprocess }: Ready) {
  const { test: set } = (await openDataset(data, { seed: 1 })).splits;
  const media = await createMediaEncoder(model, { preprocess, frames: null, batch: 4 });
  const texts = await createTextEncoder(model, { codec, batch: 4 });
  const { features } = await media.encode(set);
  const found = { features, texts: await texts.features(captionsOf(set).captions) };
  await Promise.all([media.release(), texts.release()]);
  return found;
}
