import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { fakeContext } from './fixtures/fake.js';
import { main } from './program.js';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-'));
  for (const [name, background] of Object.entries({ red: '#f00', green: '#0f0', blue: '#00f' })) {
    await mkdir(join(folder, 'good'), { recursive: true });
    await sharp({ create: { width: 8, height: 6, channels: 3, background } })
      .png()
      .toFile(join(folder, 'good', `${name}.png`));
  }
  await manifest('good', [
    ['red', 'train', 'what color', 'red'],
    ['green', 'val', 'what color', 'green'],
    ['blue', 'test', 'is it blue', 'red'],
  ]);
});
after(() => rm(folder, { recursive: true }));

async function manifest(name: string, rows: readonly (readonly [string, string, string, string])[]): Promise<void> {
  const lines = rows.map(([image, split, question, answer]) =>
    JSON.stringify({ image: `../good/${image}.png`, caption: `it is ${image}`, question, answer, split }),
  );
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'manifest.jsonl'), lines.join('\n'));
}

async function check(...args: readonly string[]) {
  const { context, written } = fakeContext();
  const code = await main(['data', 'check', ...args], context, '0.0.0');
  return { code, ...written };
}

test('a good dataset ends with 0 and a readable report', async () => {
  const { code, out, err } = await check('--data', join(folder, 'good'), '--task', 'answering');
  assert.equal(code, 0, err);
  assert.match(out, / {13}train {2}val {2}test\n {2}items {10}1 {4}1 {5}1\n/);
  assert.match(out, /captions per item {2}1 … 1, 1 on average {2}█\n/);
  assert.match(out, /val answers {8}0 % of 1 questions can be answered from a list of 1; not in it: green \(1\)/);
  assert.match(out, /test answers {7}100 % of 1 questions/);
  assert.match(out, /^warning 1 split has most of its answers outside of the list\n {10}val: 0 of 1/m);
  assert.match(out, /Ready\. Warnings do not stop a run\.\n$/);
});

test('what makes a run fail ends with 1; --json has it all, --quick says what it left out', async () => {
  await manifest('bad', [
    ['red', 'train', 'what color', 'red'],
    ['grey', 'test', 'what color', 'grey'],
  ]);
  const text = await check('--data', join(folder, 'bad'), '--quick');
  assert.equal(text.code, 1);
  assert.match(text.out, /^error {3}1 file is missing\n {10}\S+good\/grey\.png \(test, entry 2\)$/m);
  assert.match(text.out, /Not ready\..*Files were not decoded, and not compared with each other \(--quick\)\.\n$/);
  const { code, out } = await check('--data', join(folder, 'bad'), '--json');
  assert.equal(code, 1);
  const { findings, splits, thorough } = JSON.parse(out);
  assert.deepEqual([findings[0].kind, splits.train.items, thorough], ['missing', 1, true]);
  assert.equal((await check('--data', join(folder, 'bad'), '--skip-bad', '--json')).code, 0);
});

async function entries(name: string, rows: readonly object[]): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  const lines = rows.map((row, i) => {
    const image = ['red', 'green', 'blue'][i % 3];
    return JSON.stringify({ id: `${i}`, image: `../good/${image}.png`, ...row });
  });
  await writeFile(join(folder, name, 'manifest.jsonl'), lines.join('\n'));
  return join(folder, name);
}

test('data with questions alone are for answering, and another task is told so', async () => {
  const asked = { question: 'what color', answer: 'red' };
  const data = await entries('asked', [
    { split: 'train', ...asked },
    { split: 'val', ...asked },
    { split: 'test', ...asked },
  ]);
  const chosen = await check('--data', data);
  assert.equal(chosen.code, 0, chosen.err);
  assert.match(chosen.out, /test answers {2,}100 % of 1 questions/);
  const wrong = await check('--data', data, '--task', 'retrieval');
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /holds no captions, which the task retrieval needs; choose --task answering, or add some/);
});

test('items that the task leaves out are counted', async () => {
  const data = await entries('mixed', [
    { split: 'train', caption: 'a red square' },
    { split: 'val', caption: 'a green square' },
    { split: 'train', question: 'what color', answer: 'red' },
  ]);
  const { out } = await check('--data', data, '--json', '--quick');
  const unread = JSON.parse(out).findings.filter(({ kind }: { kind: string }) => kind === 'unread');
  assert.deepEqual(
    [unread[0].count, unread[0].what],
    [1, 'item has no captions, which the task retrieval needs, and is left out'],
  );
});

test('test items alone are ready for evaluation', async () => {
  const data = await entries('tests', [{ split: 'test', caption: 'a red square' }]);
  const { code, out } = await check('--data', data);
  assert.equal(code, 0);
  assert.match(out, /warning 1 split is empty: there is nothing to train with/);
  assert.match(out, /Ready for evaluation\. There is nothing to train with\.\n$/);
});

test('words that the backbone does not know are told, by split, with examples', async () => {
  const data = await entries('vietnamese', [
    { split: 'train', caption: 'một con mèo đỏ trên ghế' },
    { split: 'val', caption: 'a red square' },
    { split: 'test', caption: 'a red square' },
  ]);
  const { code, out } = await check('--data', data, '--quick');
  assert.equal(code, 0);
  assert.match(out, /unknown words {6}\d+ % in train, 0 % in val, 0 % in test/);
  assert.match(
    out,
    /warning 1 split with words that the backbone does not know; .*\n {10}train: [\d.]+ % of 6 words: /,
  );
});

test('a recipe, a name and keys are taken as by train; help has examples', async () => {
  const recipe = join(folder, 'recipe.yaml');
  await writeFile(recipe, `data: { path: ${join(folder, 'good')} }\n`);
  assert.equal((await check(recipe, 'train.seed=2')).code, 0);
  const missing = await check('msrvtt', '--data', join(folder, 'good'), 'data.variant=7k');
  assert.equal(missing.code, 1);
  assert.match(missing.err, /good: files of MSR-VTT are missing: got none of its files/);
  assert.match((await check('--help')).out, /Usage: uniadapter data check [\s\S]*Examples:/);
  const usage = await check('--quik');
  assert.equal(usage.code, 2);
  assert.match(usage.err, /Did you mean --quick\?\)\n\(uniadapter data check --help shows how\)/);
});
