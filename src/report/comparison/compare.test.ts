// From run folders to a comparison: which runs may be compared, what is asked of the models, what is refused.

import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { type Calls, fakeContext, fakeRun } from '../../cli/fixtures/fake.js';
import { main } from '../../cli/program.js';
import {
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyData,
  toyEntries,
  toyMethods,
  toyRecipe,
} from '../../node/toy.test-support.js';
import * as run from '../../verbs/run.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { readRecord } from '../run/record.js';
import { compareRuns } from './compare.js';
import { grouped } from './groups.js';
import { nameRuns } from './names.js';

const folder = temporaryFolder();
const runOf = (name: string) => join(folder, name);
before(async () => {
  const backbone = await toyBackbone(runOf('backbone'));
  const [data, clips] = [await toyData(runOf('data')), await toyClipData(runOf('clips'))];
  const train = (name: string, path: string, changes: readonly string[] = [], stopAt?: number) =>
    runToy(toyRecipe(backbone, path, ['train.epochs=2', ...changes]), runOf(name), stopAt ? { stopAt } : {});
  await train('first', data);
  await train('lora', data, toyMethods.lora);
  await train('stopped', data, ['train.seed=2'], 2);
  await train(
    'untested',
    await toyData(
      runOf('few'),
      toyEntries.filter(({ split }) => split !== 'test'),
    ),
  );
  await train('answers', data, ['task=answering', 'train.batch=12']);
  await train('clips', clips, ['data.frames=2', 'train.batch=3']);
});

const quiet = { run, examples: 2, gallery: 10, onProgress: () => {} };

/** What may be compared, by the names of the runs. */
async function groupsOf(...names: readonly string[]): Promise<readonly (readonly string[])[]> {
  const runs = nameRuns(await Promise.all(names.map((name) => readRecord(runOf(name)))));
  return (await grouped(runs)).map((group) => group.runs.map(({ name }) => name));
}

test('trained runs are compared on one page, each answering the same', async () => {
  const out = runOf('page.html');
  assert.equal(await compareRuns(['first', 'lora', 'stopped'].map(runOf), { ...quiet, out }), out);
  const html = await readFile(out, 'utf8');
  assert.match(html, /<h1>3 runs compared<\/h1>/);
  assert.match(html, /<code>method\.name<\/code>.*<td class="">uniadapter<\/td><td class="other">lora<\/td>/);
  assert.match(html, /not finished: step 2 of 4/);
  assert.equal(html.match(/<blockquote>“/g)?.length, 2);
  assert.equal(html.match(/<div class="label">/g)?.length, 2 * 3, 'the backbone alone, and two finished runs');
  assert.doesNotMatch(html.replaceAll(/data:image\/[^"]*/g, ''), /undefined|NaN/);
});

test('backbones that share a name are told apart by their folders', async () => {
  const [backbone, data] = [await toyBackbone(runOf('other/backbone')), runOf('data')];
  await runToy(toyRecipe(backbone, data, ['train.epochs=2']), runOf('twin'));
  const html = await readFile(
    await compareRuns(['first', 'twin'].map(runOf), { ...quiet, out: runOf('twins.html') }),
    'utf8',
  );
  for (const path of ['backbone', 'other/backbone'].map(runOf)) assert.ok(html.includes(`${path} alone`), path);
});

test('runs of one task that were tested on the same items may be compared, others may not', async () => {
  assert.deepEqual(await groupsOf('first', 'answers', 'lora', 'clips', 'stopped', 'untested'), [
    ['first', 'lora', 'stopped'],
    ['answers'],
    ['clips'],
    ['untested'],
  ]);
});

test('runs whose data has changed since, or is gone, are compared with those that saw the same', async () => {
  const manifest = join(runOf('data'), 'manifest.jsonl');
  const text = await readFile(manifest, 'utf8');
  await writeFile(manifest, text.replace('a red square on grey', 'another one'));
  try {
    assert.deepEqual(await groupsOf('first', 'lora', 'answers'), [['first', 'lora'], ['answers']]);
    const out = runOf('changed.html');
    await compareRuns(['first', 'lora'].map(runOf), { ...quiet, out });
    assert.match(await readFile(out, 'utf8'), /manifest\.jsonl: has changed since training/);
    await rename(manifest, `${manifest}.away`);
    assert.deepEqual(await groupsOf('first', 'lora', 'answers'), [['first', 'lora'], ['answers']]);
    await compareRuns(['first', 'lora'].map(runOf), { ...quiet, out });
    const html = await readFile(out, 'utf8');
    assert.match(html, /No examples and no backbone alone, since the data cannot be used any more\. .*data/);
    assert.match(html, /<h2>Scores<\/h2>/);
  } finally {
    await writeFile(manifest, text);
  }
});

test('uniadapter report with several folders asks every model the same, and writes comparison.html', async () => {
  const calls: Calls = [];
  const { context, written } = fakeContext(fakeRun(calls));
  const here = process.cwd();
  process.chdir(folder);
  try {
    assert.equal(await main(['report', 'first', 'lora', '--examples', '3'], context, '0'), 0, written.err);
  } finally {
    process.chdir(here);
  }
  assert.equal(written.out, 'comparison.html\n');
  assert.match(await readFile(runOf('comparison.html'), 'utf8'), /2 runs compared/);
  const adaptersOf = (name: string) =>
    calls.flatMap((call) => (call.name === name ? [(call.given as { adapter: string | null }).adapter] : []));
  assert.deepEqual(adaptersOf('evaluateRun'), [], 'the backbone was measured when the runs began');
  assert.deepEqual(adaptersOf('openSearch'), [null, runFolder('first').adapter, runFolder('lora').adapter]);
  const searched = calls.flatMap(({ name, given }) => (name === 'search' ? [given] : []));
  assert.deepEqual(searched.slice(3, 6), searched.slice(0, 3));
  assert.deepEqual(searched.slice(6), searched.slice(0, 3));
});

test('a folder that is no run is named, and so is one that is given twice', async () => {
  const refused = {
    'backbone: is no run: expected a folder with events.jsonl': ['first', 'backbone'],
    'nowhere: is no run: expected a folder with events.jsonl': ['nowhere', 'first'],
    'first: is given twice; name each run once': ['first', 'lora', './first'],
  };
  for (const [message, names] of Object.entries(refused))
    await assert.rejects(compareRuns(names.map(runOf), quiet), (error: Error) => error.message.includes(message));
  await assert.rejects(compareRuns([], quiet), /no run to compare/);
});

test('names are the ends of paths that no other run shares', async () => {
  const record = await readRecord(runOf('first'));
  const namesOf = (...folders: string[]) =>
    nameRuns(folders.map((folder) => ({ ...record, folder }))).map(({ name, letter }) => `${letter} ${name}`);
  assert.deepEqual(namesOf('/a/x', '/b/x', '/a/y'), ['A a/x', 'B b/x', 'C y']);
  assert.deepEqual(namesOf('/x', '/a/x'), ['A /x', 'B a/x']);
  assert.equal(namesOf(...Array.from({ length: 28 }, (_, i) => `/r${i}`)).at(-1), 'B2 r27');
});
