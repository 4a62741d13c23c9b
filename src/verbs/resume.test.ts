// Resumed runs equal uninterrupted ones bit by bit.

import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { headlineOf } from '../evaluate/index.js';
import { readSafetensors } from '../format/index.js';
import {
  eventsOf,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyData,
  toyMethods,
  toyRecipe,
} from '../node/toy.test-support.js';
import type { TrainEvent } from '../train/loop/index.js';
import { runFolder } from '../weights/store/run-folder.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
let clips: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
  clips = await toyClipData(join(folder, 'clips'));
});

const bytesOf = (run: string) => readFile(join(runFolder(run).adapter, 'adapter.safetensors'));

/** What a run computed, without the times. */
const numbersOf = (events: readonly TrainEvent[], from = 0) => ({
  steps: eventsOf(events, 'step')
    .filter(({ step }) => step > from)
    .map(({ step, epoch, losses, learningRate }) => ({ step, epoch, losses, learningRate })),
  scores: eventsOf(events, 'done')[0]?.scores,
  best: eventsOf(events, 'evaluation').find(({ split }) => split === 'test')?.epoch,
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
  'answering, augmentation, answers that are written': [
    ...['task=answering', 'data.augment=release', 'train.batch=12', 'answering.inference=generate'],
  ],
  'captioning, the official profile': ['task=captioning', 'profile=official'],
};
const resumableClips: Readonly<Record<string, readonly string[]>> = {
  'clips, frames drawn, augmentation': ['data.frames=2', 'data.augment=release', 'train.batch=3'],
  'clips, questions, frames drawn': ['task=answering', 'data.frames=3', 'train.batch=6'],
};

for (const [name, changes] of Object.entries({ ...resumable, ...resumableClips }))
  test(`a run stopped twice and resumed equals one that was not: ${name}`, async () => {
    const path = name in resumableClips ? clips : data;
    const recipe = toyRecipe(backbone, path, ['train.epochs=4', 'train.evaluateEvery=2', ...changes]);
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
  const found = validated.map(({ scores }) => headlineOf(scores ?? assert.fail()));
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
