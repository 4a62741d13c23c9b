// What goes wrong before and during a run: found at the start where possible, and told so that it can be mended.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { takeLock } from '../../files/lock.js';
import {
  eventsOf,
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyData,
  toyEntries,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { trainRun } from '../../verbs/run.js';
import { runFolder } from '../../weights/store/run-folder.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

let runs = 0;
const newRun = () => join(folder, `run ${runs++}`);
/** A dataset with something wrong in it. */
const spoilt = async (name: string, entries: readonly (object | string)[], spoil: (path: string) => Promise<void>) => {
  const path = await toyData(join(folder, name), entries);
  await spoil(path);
  return path;
};
const nothing = async () => {};

test('a manifest with bad lines is refused with a table of all of them, before anything is written', async () => {
  const bad = ['{"image": "red-black.png"', { image: 'red-black.png', caption: ' ' }, { caption: 'no file' }];
  const path = await spoilt('bad lines', [...toyEntries, ...bad], nothing);
  const { code, message } = await refusal(runToy(toyRecipe(backbone, path), newRun()));
  assert.equal(code, 'data');
  assert.match(message, /manifest\.jsonl: 3 entries cannot be used\n/);
  assert.match(message, /17 .*is not a JSON object.*\n.*18 .*has an empty caption.*\n.*19 .*names no file/);
  assert.match(message, /\ncorrect them, or leave them out with --skip-bad$/);
});

test('missing and truncated files are all named at the start', async () => {
  const path = await spoilt('bad images', toyEntries, async (path) => {
    await rm(join(path, 'red-black.png'));
    await truncate(join(path, 'blue-pink.png'), 90);
  });
  const { code, message } = await refusal(runToy(toyRecipe(backbone, path), newRun()));
  assert.equal(code, 'data');
  assert.match(message, /2 entries cannot be used/);
  assert.match(message, /red-black\.png +is missing/);
  assert.match(message, /blue-pink\.png +cannot be decoded/);
});

test('the files are counted while they are looked at, before the first event', async () => {
  const { signal } = new AbortController();
  const seen: string[] = [];
  const onCheck = (done: number, all: number) => seen.push(`${done}/${all}`);
  const run = trainRun(toyRecipe(backbone, data, ['train.epochs=1']), {
    out: newRun(),
    resume: false,
    signal,
    onCheck,
  });
  for await (const event of run) {
    assert.equal(event.type, 'plan');
    break;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 16 }, (_, i) => `${i + 1}/16`),
  );
});

test('with skipBad a run reports what it leaves out, trains and evaluates without it, and is resumed bit-equal', async () => {
  const path = await spoilt('skipped images', [...toyEntries, '{"image": '], async (path) => {
    await rm(join(path, 'red-black.png'));
    await truncate(join(path, 'blue-pink.png'), 90);
  });
  const recipe = toyRecipe(backbone, path, ['data.skipBad=true']);
  const [straight, stopped] = [newRun(), newRun()];
  const events = await runToy(recipe, straight);
  assert.deepEqual(
    eventsOf(events, 'skipped').map(({ media }) => media),
    ['entry 17', 'red-black.png', 'blue-pink.png'],
  );
  const [plan] = eventsOf(events, 'plan');
  assert.deepEqual([plan?.items, plan?.samples], [{ train: 7, val: 3, test: 4 }, 7]);
  await runToy(recipe, stopped, { stopAt: 2 });
  await runToy(recipe, stopped, { resume: true });
  const [one, two] = await Promise.all(
    [straight, stopped].map((run) => readFile(join(runFolder(run).adapter, 'adapter.safetensors'))),
  );
  assert.deepEqual(one, two);
});

test('an image that breaks while a run goes on is replaced by the next one, reported once', async () => {
  const path = await toyData(join(folder, 'breaking'));
  const recipe = toyRecipe(backbone, path, ['data.skipBad=true', 'train.batch=2', 'train.epochs=3']);
  const events = await runToy(recipe, newRun(), {
    onEvent: async (event) => {
      if (event.type === 'plan') await truncate(join(path, 'red-black.png'), 90);
    },
  });
  assert.deepEqual(
    eventsOf(events, 'skipped').map(({ media }) => media.replace(/ \(.*/, '')),
    [join(path, 'red-black.png')],
  );
  assert.equal(eventsOf(events, 'step').length, 12);
});

const refused: Readonly<Record<string, { changes: readonly string[]; code: string; message: RegExp }>> = {
  'a backbone that is not there': {
    changes: ['backbone=tyni'],
    code: 'file',
    message:
      /^backbone tyni: there is no such backbone: expected .*a folder with backbone\.safetensors, backbone\.json/,
  },
  'a manifest that is not there': {
    changes: ['data.path=/nowhere/captions.jsonl'],
    code: 'file',
    message: /^\/nowhere\/captions\.jsonl: cannot be opened: got ENOENT; give a \.jsonl or \.csv manifest/,
  },
  'an image size that is no multiple of the patch': {
    changes: ['data.imageSize=36'],
    code: 'recipe',
    message: /^data\.imageSize: does not fit the backbone toy: got 36, expected a multiple of its patch, 8/,
  },
  'no loss at all': {
    changes: ['retrieval.contrastive=0', 'retrieval.matching=0'],
    code: 'recipe',
    message: /no loss has a weight/,
  },
};
for (const [name, { changes, code, message }] of Object.entries(refused))
  test(`${name} is refused`, async () => {
    const error = await refusal(runToy(toyRecipe(backbone, data, changes), newRun()));
    assert.equal(error.code, code);
    assert.match(error.message, message);
  });

test('a manifest without a training split is refused, one without the others is not', async () => {
  const only = (split: string) => toyEntries.filter((entry) => entry.split === split);
  const untrained = await toyData(join(folder, 'untrained'), only('test'));
  const error = await refusal(runToy(toyRecipe(backbone, untrained), newRun()));
  assert.equal(error.code, 'data');
  assert.match(error.message, /manifest\.jsonl: nothing is left to train with; change data\.split/);
  const trained = await toyData(join(folder, 'trained'), only('train'));
  const events = await runToy(toyRecipe(backbone, trained), newRun());
  assert.equal(eventsOf(events, 'evaluation').length, 0);
  assert.equal(eventsOf(events, 'done')[0]?.scores, null);
});

test('data without the texts of a task, or without a single answer to learn, is refused', async () => {
  const only = (keys: (entry: (typeof toyEntries)[number]) => object) =>
    toyEntries.map(({ image, split, ...entry }) => ({ image, split, ...keys({ image, split, ...entry }) }));
  const captioned = await toyData(
    join(folder, 'captioned'),
    only(({ captions }) => ({ captions })),
  );
  const asked = await toyData(
    join(folder, 'asked'),
    only(({ questions }) => ({ questions })),
  );
  const unanswered = await toyData(
    join(folder, 'unanswered'),
    only(({ questions }) => ({ questions: questions.map(({ question }) => question) })),
  );
  for (const [path, task, message] of [
    [
      captioned,
      'answering',
      /holds no questions, which the task answering needs; choose --task retrieval or --task captioning, or add some$/,
    ],
    [asked, 'retrieval', /holds no captions, which the task retrieval needs; choose --task answering, or add some$/],
    [asked, 'captioning', /manifest\.jsonl: holds no captions/],
    [unanswered, 'answering', /manifest\.jsonl: no training question has an answer; add answers/],
  ] as const) {
    const { code, message: found } = await refusal(runToy(toyRecipe(backbone, path, [`task=${task}`]), newRun()));
    assert.equal(code, 'data');
    assert.match(found, message);
  }
});

test('items without texts of the task are left out, and said to be', async () => {
  const entries = toyEntries.map(({ questions, captions, ...entry }, i) =>
    i % 2 ? { ...entry, captions } : { ...entry, questions, captions },
  );
  const path = await toyData(join(folder, 'mixed'), entries);
  const events = await runToy(toyRecipe(backbone, path, ['task=answering', 'train.epochs=1']), newRun());
  const [plan] = eventsOf(events, 'plan');
  assert.deepEqual([plan?.items, plan?.samples], [{ train: 4, val: 4, test: 0 }, 12]);
  const [skipped, ...others] = eventsOf(events, 'skipped');
  assert.match(
    skipped?.problem ?? '',
    /^8 items have no questions, which the task answering needs, and are left out: /,
  );
  assert.deepEqual(others, []);
  assert.equal(eventsOf(events, 'done')[0]?.scores, null);
});

test('an out folder that cannot be made is refused before the files are looked at', async () => {
  const file = join(folder, 'a file');
  await writeFile(file, '');
  for (const [out, what] of [
    [file, /a file: is a file, expected a folder/],
    [join(file, 'run'), /a part of the path is a file, expected a folder/],
  ] as const) {
    const { code, message } = await refusal(runToy(toyRecipe(backbone, data), out));
    assert.equal(code, 'file');
    assert.match(message, what);
  }
});

test('a folder that holds a run is not used for a second one', async () => {
  const out = newRun();
  await mkdir(out);
  await writeFile(runFolder(out).events, '');
  const { code, message } = await refusal(runToy(toyRecipe(backbone, data), out));
  assert.equal(code, 'file');
  assert.match(message, /holds a run already; resume it, or choose another folder/);
  await rm(runFolder(out).events);
  await symlink('events.jsonl', runFolder(out).events);
  await refusal(runToy(toyRecipe(backbone, data), out)); // what is there cannot be told
  assert.deepEqual(await readdir(out), ['events.jsonl'], 'and the folder is free again');
});

test('a folder in which another process trains is refused, also to resume or finish; afterwards it is free', async () => {
  const [out, recipe] = [newRun(), toyRecipe(backbone, data, ['train.epochs=1'])];
  await mkdir(out);
  const other = await takeLock(runFolder(out).lock);
  for (const options of [{}, { resume: true }, { finish: true }]) {
    const { code, message } = await refusal(runToy(recipe, out, options));
    assert.equal(code, 'file');
    assert.match(message, /another process trains there: got process \d+ on .*, since .*; wait for it, stop it, or/);
  }
  assert.deepEqual(await readdir(out), ['lock']);
  await other?.[Symbol.asyncDispose]();
  assert.equal((await runToy(recipe, out)).at(-1)?.type, 'done');
  assert.ok(!(await readdir(out)).includes('lock'));
});

test('a batch larger than the set trains on repetitions', async () => {
  const events = await runToy(toyRecipe(backbone, data, ['train.batch=12', 'train.epochs=2']), newRun());
  assert.deepEqual(
    eventsOf(events, 'step').map(({ step, epoch }) => [step, epoch]),
    [
      [1, 0],
      [2, 1],
    ],
  );
});

test('another image size than the backbone’s trains, on interpolated positions', async () => {
  const events = await runToy(toyRecipe(backbone, data, ['data.imageSize=48', 'train.epochs=1']), newRun());
  assert.equal(events.at(-1)?.type, 'done');
});

test('a run whose loss is no number any more stops', async () => {
  const out = newRun();
  const changes = ['method.name=full', 'optimiser.learningRate=10', 'optimiser.weightDecay=10', 'train.epochs=20'];
  const validated = await refusal(runToy(toyRecipe(backbone, data, changes), newRun()));
  assert.equal(validated.code, 'runtime');
  assert.match(
    validated.message,
    /^step \d+: the (loss is not a number|model computes no numbers) any more.*lower optimiser\.learningRate/,
  );
  const error = await refusal(runToy(toyRecipe(backbone, data, [...changes, 'train.evaluateEvery=0']), out));
  assert.equal(error.code, 'runtime');
  assert.match(
    error.message,
    /^step \d+: the loss is not a number any more: got total NaN.*lower optimiser\.learningRate/,
  );
});
