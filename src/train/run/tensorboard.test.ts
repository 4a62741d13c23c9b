// What TensorBoard is told of a run: the numbers of its events, each step once, whatever interrupted it.

import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { figuresOf } from '../../evaluate/index.js';
import { type ReadEvent, readEventFile } from '../../format/event-file.test-support.js';
import { eventsOf, runToy, temporaryFolder, toyBackbone, toyData, toyRecipe } from '../../node/toy.test-support.js';
import { runFolder } from '../../weights/store/run-folder.js';
import type { TrainEvent } from '../loop/index.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

/** The newest event file of a run; those of earlier starts are empty. */
async function boardOfRun(run: string): Promise<ReadEvent[]> {
  const { tensorboard } = runFolder(run);
  const names = (await readdir(tensorboard)).sort();
  for (const name of names) assert.match(name, /^events\.out\.tfevents\.\d{10}\.uniadapter$/);
  const contents = await Promise.all(names.map((name) => readFile(join(tensorboard, name))));
  for (const content of contents.slice(0, -1)) assert.equal(content.length, 0);
  return readEventFile(contents.at(-1) ?? assert.fail('no file'));
}

/** Steps and numbers, in the order of the file. */
const numbersIn = (board: readonly ReadEvent[]) =>
  board.flatMap(({ step, scalars }) => (scalars ? [{ step, scalars }] : []));

/** What an uninterrupted run should have told. */
function numbersOf(events: readonly TrainEvent[]) {
  let step = 0;
  return events.flatMap((event) => {
    if (event.type === 'step') {
      step = event.step;
      const losses = Object.entries(event.losses).map(([name, loss]) => [`loss/${name}`, Math.fround(loss)]);
      const rate = Math.fround(event.learningRate);
      return [{ step, scalars: Object.fromEntries([...losses, ['optimiser/learningRate', rate]]) }];
    }
    if (event.type !== 'evaluation' || !event.scores) return [];
    const figures = figuresOf(event.scores).map(([name, value]) => [`${event.split}/${name}`, Math.fround(value)]);
    return [{ step, scalars: Object.fromEntries(figures) }];
  });
}

test('every loss, the learning rate and all figures are there, by step', async () => {
  const out = join(folder, 'straight');
  const events = await runToy(toyRecipe(backbone, data), out);
  const board = await boardOfRun(out);
  assert.deepEqual(numbersIn(board), numbersOf(events));
  const tags = new Set(board.flatMap(({ scalars = {} }) => Object.keys(scalars)));
  for (const tag of ['loss/total', 'loss/itc', 'loss/itm', 'val/textToMedia R@1', 'test/mediaToText medianRank'])
    assert.ok(tags.has(tag), `${tag} is not among ${[...tags]}`);
  assert.equal(board[0]?.fileVersion, 'brain.Event:2');
  for (const { seconds } of board) assert.ok(Math.abs(Date.now() / 1000 - seconds) < 600, `${seconds}`);
});

test('a run that was stopped, killed and resumed tells the same as one that was not, in one file', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=4', 'train.checkpointEvery=3']);
  const [straight, broken] = [join(folder, 'whole'), join(folder, 'broken')];
  const expected = numbersOf(await runToy(recipe, straight));
  await runToy(recipe, broken, { stopAt: 2 });
  await runToy(recipe, broken, { resume: true, killAt: 5 }); // the checkpoint is of step 3, an evaluation of step 4
  assert.deepEqual(
    numbersIn(await boardOfRun(broken)),
    expected.filter(({ step }) => step <= 5),
    'what was done until then can be read',
  );
  await appendFile(runFolder(broken).events, '{"type":"step","st'); // the crash
  await runToy(recipe, broken, { resume: true });
  assert.deepEqual(numbersIn(await boardOfRun(broken)), expected);
  assert.deepEqual(numbersIn(await boardOfRun(straight)), expected);
});

test('a finished run that is resumed tells its test once', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=1']);
  const out = join(folder, 'finished');
  const expected = numbersOf(await runToy(recipe, out));
  const again = await runToy(recipe, out, { resume: true });
  assert.deepEqual(eventsOf(again, 'step'), []);
  assert.deepEqual(numbersIn(await boardOfRun(out)), expected);
});

test('a file that a crash cut off is replaced by one with a later name; files of others stay as they are', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=2']);
  const out = join(folder, 'cut off');
  await runToy(recipe, out, { stopAt: 2 });
  const { tensorboard } = runFolder(out);
  const [name = ''] = await readdir(tensorboard);
  const later = name.replace(/\d{10}/, (seconds) => `${Number(seconds) + 1000}`); // a clock that was wrong
  await rename(join(tensorboard, name), join(tensorboard, later));
  await appendFile(join(tensorboard, later), 'cut');
  await writeFile(join(tensorboard, 'events.out.tfevents.1.other'), 'others');
  await runToy(recipe, out, { resume: true });
  const [foreign = '', old, newest = '', ...rest] = (await readdir(tensorboard)).sort();
  assert.deepEqual([foreign, old, rest], ['events.out.tfevents.1.other', later, []]);
  assert.equal(await readFile(join(tensorboard, foreign), 'utf8'), 'others');
  const steps = numbersIn(readEventFile(await readFile(join(tensorboard, newest))));
  assert.deepEqual(
    steps.filter(({ scalars }) => 'loss/total' in scalars).map(({ step }) => step),
    [1, 2, 3, 4],
  );
});

test('without its folder a run goes on, and tells all of it', async () => {
  const recipe = toyRecipe(backbone, data, ['train.epochs=2']);
  const out = join(folder, 'removed');
  const first = await runToy(recipe, out, { stopAt: 2 });
  await rm(runFolder(out).tensorboard, { recursive: true });
  const second = await runToy(recipe, out, { resume: true });
  assert.deepEqual(numbersIn(await boardOfRun(out)), [...numbersOf(first), ...numbersOf(second)]);
});
