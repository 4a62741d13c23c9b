import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { parseManifest } from '../data/items/index.js';
import { fakeContext, fakeRun } from './fixtures/fake.js';
import { main } from './program.js';

const folder = await mkdtemp(join(tmpdir(), 'uniadapter-world-'));
after(() => rm(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const { context, written, listeners } = fakeContext(fakeRun([]));
  const code = await main(['world', ...args], context, '1.2.3');
  assert.equal(listeners.length, 0, 'nobody listens for Ctrl-C any more');
  return { code, ...written };
}

const people = ['--domain', 'people', '--size', '24'];

test('--help of world and of its two commands shows examples', async () => {
  for (const command of [[], ['sheet'], ['write']]) {
    const { code, out, err } = await run(...command, '--help');
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, new RegExp(`Usage: uniadapter ${['world', ...command].join(' ')} [\\s\\S]*Examples:\n`));
  }
});

test('write leaves a dataset that our own reader reads, and says how to train on it', async () => {
  const target = join(folder, 'faces');
  const { code, out, err } = await run('write', target, ...people, '--train', '5', '--test', '2', '--captions', '2');
  assert.equal(code, 0, err);
  assert.match(out, /faces: images, 5 train, 2 test\n {2}uniadapter train --data .*faces --out runs\/world\n$/);
  assert.match(err, /drawing images · \d\/7/);
  const { items, flaws } = parseManifest(await readFile(join(target, 'manifest.jsonl'), 'utf8'), 'jsonl');
  assert.deepEqual([items.length, flaws.length], [7, 0]);
  assert.ok(items.every(({ captions, questions }) => captions.length === 2 && questions.length === 3));
});

test('write with --json says what it made, and nothing else on stdout', async () => {
  const target = join(folder, 'moods');
  const clips = ['--what', 'clips', '--frames', '4', '--twins', '--questions', '0'];
  const { out } = await run('write', target, ...people, ...clips, '--test', '2', '--json');
  const counts = { train: 0, val: 0, test: 2 };
  assert.deepEqual(JSON.parse(out), {
    manifest: join(target, 'manifest.jsonl'),
    domain: 'people',
    what: 'clips',
    counts,
  });
  const { items } = parseManifest(await readFile(join(target, 'manifest.jsonl'), 'utf8'), 'jsonl');
  assert.deepEqual(
    items.map(({ kind, questions }) => [kind, questions.length]),
    Array(4).fill(['video', 0]),
  );
});

test('Ctrl-C ends with 130 and leaves nothing', async () => {
  const { context, written, interrupt } = fakeContext(fakeRun([]));
  const args = ['world', 'write', join(folder, 'stopped'), ...people, '--train', '5000'];
  const ended = main(args, context, '1.2.3');
  while (!written.err.includes('drawing')) await new Promise((resolve) => setTimeout(resolve, 5));
  interrupt();
  assert.equal(await ended, 130);
  assert.match(written.err, /Stopped\. Nothing is left of it\.\n$/);
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith('stopped')));
});

test('sheet draws one PNG', async () => {
  const file = join(folder, 'sheet.png');
  const { code, out, err } = await run('sheet', file, ...people, '--count', '3', '--columns', '2', '--edge', '60');
  assert.equal(code, 0, err);
  assert.match(out, /sheet\.png: 3 images, [\d.]+ kB\n$/);
  assert.equal((await sharp(file).metadata()).width, 10 + 2 * 70);
});

for (const [args, code, message] of [
  [['write', 'x'], 2, /nothing to write; give --train, --val or --test/],
  [
    ['write', 'x', '--test', '0'],
    2,
    /Expected a whole number from 1 to 1000000\.\n\(uniadapter world write --help shows how\)/,
  ],
  [['write', 'x', '--domain', 'cats', '--test', '1'], 2, /Allowed choices are noto, fluent3d, people, animations/],
  [['write', 'x', '--domain', 'animations', '--test', '1'], 1, /world animations: has clips only/],
  [['write', 'x', ...people, '--mode', 'composition', '--test', '1'], 1, /no pairs of noun and color to hold out/],
  [['write', 'x', ...people, '--what', 'clips', '--noise', '2', '--test', '1'], 1, /has no noise frames/],
  [['write', 'x', ...people, '--what', 'clips', '--frames', '2', '--test', '1'], 1, /is too short: got 2 frames/],
  [['sheet', 'x.png', ...people, '--twins'], 1, /world people: has no twins; leave them out/],
] as const)
  test(`what cannot be is refused, and nothing is left: uniadapter world ${args.join(' ')}`, async () => {
    const [command = '', file = '', ...rest] = args;
    const result = await run(command, join(folder, file), ...rest);
    assert.equal(result.code, code, result.err);
    assert.match(result.err, message);
    assert.ok(!(await readdir(folder)).some((name) => name.startsWith('x')));
  });
