// Whole runs on the toy: resumed runs equal uninterrupted ones bit by bit; every method trains, is saved and found again.

import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { saves } from '../../adapter/index.js';
import { captionsOf } from '../../data/index.js';
import { float32Of, readSafetensors } from '../../format/index.js';
import { createEncoder, createModel, declarationsOf, type LoadedModel, methodOf } from '../../model/index.js';
import type { TrainEvent } from '../../train/index.js';
import { openManifest } from '../data/dataset.js';
import { eventsOf, runToy, temporaryFolder, toyBackbone, toyData, toyMethods, toyRecipe } from '../toy.test-support.js';
import { runFolder } from './folder.js';
import { loadFresh, loadTrained } from './load.js';
import { evaluateRun, openSearch } from './run.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

const bytesOf = (run: string) => readFile(join(runFolder(run).adapter, 'adapter.safetensors'));

const onProgress = () => {};

/** What a run computed, without the times. */
const numbersOf = (events: readonly TrainEvent[], from = 0) => ({
  steps: eventsOf(events, 'step')
    .filter(({ step }) => step > from)
    .map(({ step, epoch, losses, learningRate }) => ({ step, epoch, losses, learningRate })),
  scores: eventsOf(events, 'done')[0]?.scores,
  best: eventsOf(events, 'evaluation').find(({ split }) => split === 'test')?.epoch,
});

test('an adapter trained without matching is evaluated and searched by similarity alone', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=1', 'retrieval.matching=0']);
  const out = join(folder, 'contrast');
  const [done] = eventsOf(await runToy(recipe, out), 'done');
  const { adapter } = runFolder(out);
  const { data: seen, retrieval } = toyRecipe(backbone, data);
  const scores = await evaluateRun({
    ...{ adapter, backbone, data: seen, seed: 1, retrieval, onProgress },
    split: 'test',
  });
  assert.deepEqual(scores, done?.scores);
  const search = await openSearch({ adapter, images: data, onProgress });
  for (const { rank, firstStageRank } of await search.search('red on black', 9)) assert.equal(rank, firstStageRank);
  await search.close();
});

test('the temperature is the backbone’s own, or the recipe’s', async () => {
  const temperatures = await Promise.all(
    ['null', '0.2'].map(async (temperature) => {
      const out = join(folder, `temperature ${temperature}`);
      await runToy(toyRecipe(backbone, data, ['train.epochs=1', `retrieval.temperature=${temperature}`]), out);
      return (await loadTrained(runFolder(out).adapter)).model.weights.temp;
    }),
  );
  assert.deepEqual(temperatures, [Float32Array.of(0.07), Float32Array.of(0.2)]);
});

const resumable: Readonly<Record<string, readonly string[]>> = {
  'momentum, a queue larger than the batch, augmentation': ['retrieval.queue=6', 'data.augment=release'],
  'a queue smaller than the batch, the official profile': ['retrieval.queue=3', 'profile=official'],
  'lora, no momentum, no queue, a learning temperature': [
    ...toyMethods.lora,
    ...['retrieval.momentum=0', 'retrieval.queue=0', 'retrieval.trainTemperature=true'],
  ],
  'everything training, warm-up, a rate that overshoots': [
    ...toyMethods.full,
    ...['optimiser.learningRate=0.02', 'optimiser.warmupSteps=3'],
  ],
};

for (const [name, changes] of Object.entries(resumable))
  test(`a run stopped twice and resumed equals one that was not: ${name}`, async () => {
    const recipe = toyRecipe(backbone, data, ['train.epochs=4', 'train.evaluateEvery=2', ...changes]);
    const [straight, stopped] = [join(folder, `straight ${name}`), join(folder, `stopped ${name}`)];
    const expected = await runToy(recipe, straight);
    const first = await runToy(recipe, stopped, { stopAt: 3 });
    assert.deepEqual(first.at(-1), { type: 'interrupted', step: 3, path: runFolder(stopped).checkpoint });
    const second = await runToy(recipe, stopped, { resume: true, stopAt: 4 }); // after an epoch and its evaluation
    assert.equal(eventsOf(second, 'plan')[0]?.resumedAt, 3);
    const third = await runToy(recipe, stopped, { resume: true });
    assert.deepEqual(numbersOf(third), numbersOf(expected, 4));
    assert.deepEqual(
      numbersOf([...first, ...second, ...third]).steps.map(({ losses }) => losses),
      numbersOf(expected).steps.map(({ losses }) => losses),
    );
    assert.deepEqual(await bytesOf(stopped), await bytesOf(straight));
  });

test('a run keeps the best evaluated epoch, also when that came before an interruption', async () => {
  const out = join(folder, 'best');
  const recipe = toyRecipe(backbone, data, ['train.epochs=6', 'optimiser.learningRate=0.02', ...toyMethods.lora]);
  const first = await runToy(recipe, out, { stopAt: 11 });
  const events = [...first, ...(await runToy(recipe, out, { resume: true }))];
  const validated = eventsOf(events, 'evaluation').filter(({ split }) => split === 'val');
  const found = validated.map(({ scores }) => (scores.textToMedia['R@1'] ?? 0) + (scores.mediaToText['R@1'] ?? 0));
  const best = found.indexOf(Math.max(...found));
  assert.ok(best > 0 && best < 5, `the toy is made for a best epoch in between, found ${found}`);
  assert.equal(numbersOf(events).best, best);
  const { arrays: state } = readSafetensors(await readFile(join(runFolder(out).checkpoint, 'state.safetensors')), out);
  for (const [path, saved] of readSafetensors(await bytesOf(out), out).arrays)
    if (path !== 'temp') assert.deepEqual(saved.bytes, state.get(`best.${path}`)?.bytes, path);
});

test('a run that was killed goes on from its last checkpoint and repeats what came after it', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=4', 'train.checkpointEvery=3']);
  const [straight, killed] = [join(folder, 'straight killed'), join(folder, 'killed')];
  const expected = await runToy(recipe, straight);
  await runToy(recipe, killed, { killAt: 5 });
  await appendFile(runFolder(killed).events, '{"type":"step","st'); // the crash
  const rest = await runToy(recipe, killed, { resume: true });
  assert.deepEqual(numbersOf(rest), numbersOf(expected, 3));
  assert.deepEqual(await bytesOf(killed), await bytesOf(straight));
  const lines = (await readFile(runFolder(killed).events, 'utf8')).trimEnd().split('\n');
  const cutOff = lines.filter((line) => !line.endsWith('}'));
  assert.deepEqual(cutOff, ['{"type":"step","st']);
  const steps = lines.filter((line) => line.endsWith('}') && line.startsWith('{"type":"step"'));
  assert.deepEqual(
    steps.map((line) => JSON.parse(line).step),
    [1, 2, 3, 4, 5, 4, 5, 6, 7, 8],
  );
});

test('a finished run that is resumed writes the same adapter again', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=1']);
  const out = join(folder, 'finished');
  const before = await runToy(recipe, out);
  const bytes = await bytesOf(out);
  const again = await runToy(recipe, out, { resume: true });
  assert.deepEqual(numbersOf(again), { ...numbersOf(before), steps: [] });
  assert.deepEqual(await bytesOf(out), bytes);
});

test('resuming where nothing was saved starts anew', async () => {
  const events = await runToy(toyRecipe(backbone, data, ['train.epochs=1']), join(folder, 'nothing'), { resume: true });
  assert.equal(eventsOf(events, 'plan')[0]?.resumedAt, 0);
  assert.equal(events.at(-1)?.type, 'done');
});

async function featuresOf(
  model: LoadedModel,
  ready: Pick<Parameters<typeof createEncoder>[1], 'preprocess' | 'encode'>,
) {
  const { test: set } = (await openManifest(data, { seed: 1 })).splits;
  const encoder = await createEncoder(model, { ...ready, batch: 4 });
  const { features } = await encoder.images(set);
  const texts = await encoder.texts(captionsOf(set).captions);
  await encoder.release();
  return { features, texts };
}

/** One batch after another that hardly differ, and nothing that softens the targets. */
const overfit = [
  ...['train.batch=8', 'train.epochs=24', 'train.evaluateEvery=0'],
  ...['retrieval.queue=0', 'retrieval.momentum=0', 'retrieval.alpha=0'],
];

for (const [name, changes] of Object.entries(toyMethods))
  test(`${name}: the loss goes down, the adapter holds what is declared and gives the trained features again`, async () => {
    const rate = `optimiser.learningRate=${name === 'full' ? 0.003 : 0.02}`;
    const recipe = toyRecipe(backbone, data, [...changes, ...overfit, rate]);
    const out = join(folder, name);
    const events = await runToy(recipe, out);
    const losses = eventsOf(events, 'step').map(({ losses }) => losses.itc as number);
    const last = losses.slice(-4).reduce((a, b) => a + b) / 4;
    assert.ok(last < 0.85 * Math.log(8), `${losses}`); // log 8: a guess among the batch

    const fresh = await loadFresh(recipe, methodOf(recipe));
    const declared = declarationsOf(createModel(fresh.backbone.config, methodOf(recipe)));
    const saved = readSafetensors(await bytesOf(out), out).arrays;
    assert.deepEqual(
      [...saved].map(([path, { shape, dtype }]) => ({ path, shape, dtype })).sort(byPath),
      declared
        .filter((declaration) => saves(fresh.model.method, declaration))
        .map(({ path, shape }) => ({ path, shape: [...shape], dtype: 'F32' }))
        .sort(byPath),
    );

    const state = readSafetensors(await readFile(join(runFolder(out).checkpoint, 'state.safetensors')), out).arrays;
    const best = [...state].filter(([key]) => key.startsWith('best.'));
    const trained = Object.fromEntries(best.map(([key, array]) => [key.slice('best.'.length), float32Of(array)]));
    const loaded = await loadTrained(runFolder(out).adapter);
    assert.deepEqual(
      await featuresOf(loaded.model, loaded),
      await featuresOf({ ...fresh.model, weights: { ...fresh.model.weights, ...trained } }, fresh),
    );

    const { retrieval, data: seen } = recipe;
    const common = { adapter: runFolder(out).adapter, backbone, data: seen, seed: 1, retrieval, onProgress };
    assert.deepEqual(await evaluateRun({ ...common, split: 'test' }), eventsOf(events, 'done')[0]?.scores);
    const search = await openSearch({ adapter: runFolder(out).adapter, images: data, onProgress });
    assert.equal((await search.search('a red square on black', 3)).length, 3);
    await search.close();
  });

const byPath = (a: { readonly path: string }, b: { readonly path: string }) => (a.path < b.path ? -1 : 1);
