// What is done with a trained adapter, or with the backbone alone: evaluate, search, ask, caption.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type AdapterInfo, packAdapter } from '../format/index.js';
import { parseRecipe, type Recipe } from '../recipe/index.js';
import { given, commandLine as run, SCORES } from './fixtures/fake.js';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uniadapter-use-'));
});
after(() => rm(folder, { recursive: true }));

/** An adapter folder as far as commands look into it. */
async function adapter(task: Recipe['task'] = 'retrieval'): Promise<string> {
  const path = join(folder, task, 'adapter');
  await mkdir(path, { recursive: true });
  const recipe = parseRecipe({ task, data: { path: 'own.jsonl' }, train: { seed: 7 } }, 'test');
  await writeFile(join(path, 'adapter.json'), JSON.stringify({ format: 1, recipe }));
  return path;
}

interface Evaluation {
  readonly adapter: string | null;
  readonly split: string;
  readonly recipe: Recipe;
}

test('evaluate takes what it was trained with, and other data and keys if given', async () => {
  const path = await adapter();
  const own = await run('evaluate', join(folder, 'retrieval'));
  const { adapter: used, split, recipe } = given<Evaluation>(own.calls);
  assert.deepEqual([used, recipe.train.seed, split, recipe.data.path], [path, 7, 'test', 'own.jsonl']);
  assert.match(own.out, /^10 images and 20 captions, test split\n/);
  assert.match(own.out, /text → image {2}similarity only +50\.0[\s\S]*re-ranked +50\.0/);
  const other = await run('evaluate', path, '--data', 'new', '--split', 'val', 'retrieval.rerank=0', '--json');
  const changed = given<Evaluation>(other.calls);
  const { data, retrieval } = changed.recipe;
  assert.deepEqual([changed.split, data.path, retrieval.rerank], ['val', 'new', 0]);
  assert.deepEqual(JSON.parse(other.out), JSON.parse(JSON.stringify(SCORES.retrieval)));
  const none = await run('evaluate', 'none', '--backbone', 'tiny', '--data', 'new', '--task', 'captioning');
  const alone = given<Evaluation>(none.calls);
  assert.deepEqual([alone.adapter, alone.recipe.backbone, alone.recipe.task], [null, 'tiny', 'captioning']);
  assert.match(none.out, /^10 images with 50 captions to compare with, test split\n {11}test\n {2}CIDEr {3}101\.5\n/);
});

test('evaluate tells accuracies of answers by type', async () => {
  const { out, calls } = await run('evaluate', await adapter('answering'));
  assert.equal(given<Evaluation>(calls).recipe.task, 'answering');
  assert.equal(
    out,
    `30 questions about 10 images, answers chosen from a list, test split
                   test
  accuracy         61.3
  accuracy number  40.0
`,
  );
});

test('--results writes every answer or caption as one JSON list, as evaluation servers take it', async () => {
  const file = join(folder, 'results.json');
  for (const [task, results] of [
    ['answering', [{ question_id: 7, answer: 'red' }]],
    ['captioning', [{ image_id: 'a', caption: 'a cat' }]],
  ] as const) {
    const { code, err } = await run('evaluate', await adapter(task), '--results', file);
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), results);
    assert.match(err, /Results: .*results\.json\n/);
  }
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('.')),
    [],
    'nothing half-written is left',
  );
  const { code, err } = await run('evaluate', await adapter(), '--results', join(folder, 'none.json'));
  assert.equal(code, 0);
  assert.match(err, /Retrieval has no answers to write; --results is for answering and captioning\.\n/);
  await assert.rejects(readFile(join(folder, 'none.json')), { code: 'ENOENT' });
  const deep = join(folder, 'new', 'folder', 'a.json');
  assert.equal((await run('evaluate', await adapter('answering'), '--results', deep)).code, 0);
  assert.equal(JSON.parse(await readFile(deep, 'utf8')).length, 1);
  const lost = await run('evaluate', await adapter('answering'), '--results', join(file, 'a.json'));
  assert.deepEqual([lost.code, lost.calls], [1, []], 'refused before anything is answered');
});

test('a split whose answers only a server knows is answered and not scored', async () => {
  const file = join(folder, 'server.json');
  const args = ['evaluate', await adapter('answering'), '--data', 'unanswered'];
  const { code, out, err } = await run(...args, '--results', file);
  assert.deepEqual([code, out], [0, '']);
  assert.match(err, /The test split has no known answers to score\.\nResults: .*server\.json\n/);
  assert.match((await run(...args)).err, /no known answers to score\. --results FILE writes what was answered\.\n/);
  assert.equal(JSON.parse(await readFile(file, 'utf8')).length, 1);
  assert.equal((await run(...args, '--json')).out, 'null\n');
});

test('search reads the files once for all texts, and closes what it opened', async () => {
  const path = await adapter();
  const { calls, out } = await run('search', path, 'a cat', 'two dogs', '--in', 'photos', '-k', '1');
  assert.deepEqual(
    calls.map(({ name }) => name),
    ['openSearch', 'search', 'search', 'close'],
  );
  assert.deepEqual(given(calls), { adapter: path, media: 'photos' });
  assert.match(
    out,
    /^a cat\n {2}rank {2}file {3}match {2}similarity {2}rank by similarity\n {5}1 {2}a\.jpg {3}3\.00 {7}0\.500 {19}1\n/,
  );
  const json = await run('search', path, 'a cat', '--in', 'photos', '--json');
  assert.deepEqual(
    JSON.parse(json.out).hits.map(({ path }: { path: string }) => path),
    ['a.jpg', 'b.jpg'],
  );
});

test('search shows how much each frame of a clip was looked at', async () => {
  const { out, calls } = await run('search', 'none', 'a cat', '--in', 'clips', '--frames', '2', '--backbone', 'tiny');
  assert.deepEqual(given(calls), { adapter: null, media: 'clips', frames: 2, backbone: 'tiny' });
  assert.match(out, /rank by similarity {2}frames\n.* 1 {6}▃▆\n/);
});

test('ask shows the answers of each question with their probabilities, and closes what it opened', async () => {
  const path = await adapter('answering');
  const { code, out, calls } = await run(
    'ask',
    'a.jpg',
    'what',
    'is it',
    '--adapter',
    path,
    '-k',
    '2',
    '--frames',
    '3',
  );
  assert.equal(code, 0);
  assert.deepEqual(calls, [
    { name: 'openAsking', given: { adapter: path, media: ['a.jpg'], k: 2, frames: 3 } },
    { name: 'ask', given: { path: 'a.jpg', questions: ['what', 'is it'] } },
    { name: 'close', given: null },
  ]);
  const answers = '\n  answer  probability\n  red            75 %\n  green          25 %\n\n';
  assert.equal(out, `what${answers}is it${answers}`);
});

test('ask takes the backbone alone unless told otherwise, and five answers', async () => {
  const { calls, out } = await run('ask', 'clip.mp4', 'what');
  assert.deepEqual(given(calls), { adapter: null, media: ['clip.mp4'], k: 5 });
  assert.match(out, /green +25 %\n {2}frames {2}▃▆\n/);
  const json = await run('ask', 'clip.mp4', 'what', 'why', '--json', '--backbone', 'tiny');
  const lines = json.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ question, answers, frameWeights }) => [question, answers[0].answer, frameWeights]),
    [
      ['what', 'red', [0.5, 1.5]],
      ['why', 'red', [0.5, 1.5]],
    ],
  );
});

test('blank texts and questions are refused before anything is loaded', async () => {
  for (const args of [
    ['ask', 'a.jpg', 'what', ' '],
    ['search', 'none', '', '--in', 'photos'],
  ]) {
    const { code, err, calls } = await run(...args);
    assert.deepEqual([code, calls], [1, []]);
    assert.match(err, /(question 2|text): is blank: got " ?"/);
  }
});

test('what is open is closed when a question fails, and a failure that is no user’s fault says so', async () => {
  const { code, err, calls } = await run('ask', 'broken.jpg', 'what');
  assert.equal(code, 1);
  assert.match(err, /TypeError: bug[\s\S]*This is a bug in uniadapter/);
  assert.equal(calls.at(-1)?.name, 'close');
});

test('caption writes a line per file', async () => {
  const path = await adapter('captioning');
  const { out, calls, err } = await run('caption', 'a.jpg', 'long/b.jpg', '--adapter', join(folder, 'captioning'));
  assert.deepEqual(given(calls), { adapter: path, media: ['a.jpg', 'long/b.jpg'] });
  assert.equal(out, '  file        caption\n  a.jpg       a caption 0\n  long/b.jpg  a caption 1\n');
  assert.match(err, /captioning · 1\/2/);
  const json = await run('caption', 'a.jpg', '--json', '--frames', '4', '--backbone', 'tiny');
  assert.deepEqual(given(json.calls), { adapter: null, media: ['a.jpg'], frames: 4, backbone: 'tiny' });
  assert.equal(json.out, '{"path":"a.jpg","caption":"a caption 0"}\n');
});

test('caption describes what can be read, names the other files and ends with 1', async () => {
  const { code, out, err } = await run('caption', 'broken.jpg', 'a.jpg');
  assert.equal(code, 1);
  assert.equal(out, '  file   caption\n  a.jpg  a caption 0\n');
  assert.match(err, /skipped broken\.jpg: is damaged\n$/);
  const none = await run('caption', 'broken.jpg');
  assert.deepEqual([none.code, none.out], [1, '']);
});

test('the commands on an adapter’s card are commands', async () => {
  for (const task of ['retrieval', 'answering', 'captioning'] as const) {
    const path = await adapter(task);
    const [, ...commands] = cardOf(task).match(/npx uniadapter .*/g) ?? [];
    assert.equal(commands.length, 1);
    for (const command of commands) {
      const words = command.match(/"[^"]*"|\S+/g)?.slice(2) ?? [];
      const args = words.map((word) => word.replaceAll('"', '').replace('my-adapter', path));
      const { code, err, calls } = await run(...args);
      assert.equal(code, 0, `${command}: ${err}`);
      assert.equal(given<{ adapter: string }>(calls).adapter, path);
    }
  }
});

/** The README.md of an adapter. */
function cardOf(task: Recipe['task']): string {
  const info: AdapterInfo = {
    ...{ format: 1, packageVersion: '0', task, method: { name: 'lora', options: {} } },
    ...{ sizes: { bottleneck: 1, layers: 1, width: 1 }, parameters: { trainable: 1, all: 2 } },
    ...{ backbone: { name: 'toy', sha256: 'a'.repeat(64), parameters: 1, bytes: 4 }, recipe: {}, scores: {} },
    ...{ created: '2026-01-01T00:00:00Z', seed: 1 },
  };
  return new TextDecoder().decode(packAdapter({ info, arrays: new Map() }).get('README.md'));
}

test('an adapter that is not there is refused before anything is loaded', async () => {
  for (const args of [
    ['ask', 'a.jpg', 'what', '--adapter', join(folder, 'nowhere')],
    ['caption', 'a.jpg', '--adapter', join(folder, 'nowhere')],
  ]) {
    const { code, err, calls } = await run(...args);
    assert.deepEqual([code, calls], [1, []]);
    assert.match(err, /nowhere: does not exist/);
  }
});
