import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import { type Calls, fakeContext, fakeRun } from './fixtures/fake.js';
import { main } from './program.js';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uniadapter-cli-'));
});
after(() => rm(folder, { recursive: true }));

/** One command line with a run that is not there. */
async function run(...args: readonly string[]) {
  const calls: Calls = [];
  const { context, written, listeners } = fakeContext(fakeRun(calls));
  const code = await main(args, context, '1.2.3');
  assert.equal(listeners.length, 0, 'nobody listens for Ctrl-C any more');
  return { code, calls, ...written };
}

/** What the first call of the run was given. */
const given = <T>(calls: Calls): T => calls[0]?.given as T;
const recipeIn = (calls: Calls): Recipe => given<{ recipe: Recipe }>(calls).recipe;

test('--help of the program and of every command shows examples, and goes to stdout', async () => {
  for (const command of [[], ['train'], ['evaluate'], ['search'], ['inspect'], ['report'], ['keys']]) {
    const { code, out, err } = await run(...command, '--help');
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, new RegExp(`Usage: uniadapter${command.map((name) => ` ${name}`).join('')}[\\s\\S]*Examples:\n`));
  }
  assert.equal((await run('--version')).out, '1.2.3\n');
});

test('the help of the program', async () => {
  assert.equal(
    (await run('--help')).out.split('Examples:')[0],
    `Usage: uniadapter [options] [command]

Adapt a frozen vision-language model to your images with a small trained file.

Options:
  --version                                    output the version number
  --debug                                      show where an error comes from
  -h, --help                                   display help for command

Commands:
  train [options] [recipe] [key=value...]      train an adapter on images with captions
  evaluate [options] <adapter> [key=value...]  measure recall on a split
  search [options] <adapter> <text...>         find images by text
  inspect [options] <path>                     list parameters, roles and sizes
  report [options] <run>                       write an HTML report of a run
  keys [options] [word]                        list what a recipe can say
  demo [options]                               adapt the shipped backbone to art it has never seen
  help [command]                               display help for command

`,
  );
});

for (const [args, message] of [
  [[], /Usage: uniadapter/],
  [['trian'], /unknown command 'trian'\n\(Did you mean train\?\)/],
  [['train', '--data', 'photos'], /required option '--out <folder>' not specified/],
  [['train', '--out', 'x', '--methd', 'lora'], /unknown option '--methd'\n\(Did you mean --method\?\)/],
  [['train', '--out', 'x'], /nothing to learn from; give --data FOLDER or a recipe/],
  [['train', 'a.yaml', 'b.yaml', '--out', 'x'], /one recipe at a time, got a\.yaml and b\.yaml/],
  [['search', 'runs/first', 'a cat', '--images', 'x', '-k', 'many'], /Expected a whole number above 0/],
] as const)
  test(`wrong usage ends with 2 and says how: uniadapter ${args.join(' ')}`, async () => {
    const { code, out, err, calls } = await run(...args);
    assert.deepEqual([code, out, calls], [2, '', []]);
    assert.match(err, message);
  });

test('train takes its recipe from a file, flags and key=value, the later ones winning', async () => {
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, 'data: { manifest: photos }\ntrain: { epochs: 3, batch: 4 }\n');
  const out = join(folder, 'new');
  const { code, calls, err } = await run(
    'train',
    file,
    'train.epochs=7',
    '--out',
    out,
    '--method',
    'lora',
    '--set',
    'method.rank=2',
    '--set',
    'train.epochs=5',
    '--skip-bad',
  );
  assert.equal(code, 0, err);
  const { train, method, data } = recipeIn(calls);
  assert.deepEqual([train.epochs, train.batch, data.skipBad, data.manifest], [7, 4, true, 'photos']);
  assert.deepEqual(method, { name: 'lora', rank: 2, alpha: 16 });
});

test('train says in plain lines what is going on, and what to do next', async () => {
  const { out, err } = await run('train', '--data', 'photos', '--out', join(folder, 'new'));
  assert.match(
    err,
    /^uniadapter: 4,784,640 of 228,500,000 parameters train \(2\.1 %\)\n80 images train, 10 validate, 10 test\n2 epochs, 10 steps of 16\n/,
  );
  assert.match(err, /epoch 1\/2 · 1\/10 · 10 % · 9 s left · itc 2\.000, itm 0\.500\n/);
  assert.match(err, /epoch 2, validation: R@1\/5\/10 text → image 50\.0 \/ 80\.0 \/ 90\.0, image → text/);
  assert.match(
    err,
    /Adapter of 1\.2 MB beside a backbone of 11\.7 MB, in 1 min: .*adapter\n {2}uniadapter search .*\n {2}uniadapter report/,
  );
  assert.match(out, /text → image {2}test {2}50\.0/);
  assert.ok(!`${out}${err}`.includes('\x1b'), 'no escape sequences in a pipe');
});

test('with --json stdout holds nothing but events', async () => {
  const { out } = await run('train', '--data', 'photos', '--out', join(folder, 'new'), '--json');
  const types = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  assert.deepEqual(types, ['plan', ...Array(10).fill('step'), 'evaluation', 'done']);
});

test('--print-recipe prints a complete recipe and trains nothing', async () => {
  const { out, calls } = await run('train', '--data', 'photos', '--out', 'x', '--print-recipe');
  assert.equal(calls.length, 0);
  assert.match(out, /retrieval:\n {2}queue: 57600/);
});

test('a run that is there already is not overwritten, and resumed with the recipe it began with', async () => {
  const out = join(folder, 'old');
  await mkdir(out);
  await writeFile(join(out, 'events.jsonl'), '');
  await writeFile(join(out, 'recipe.json'), JSON.stringify({ data: { manifest: 'old' }, train: { epochs: 9 } }));
  const refused = await run('train', '--data', 'photos', '--out', out);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /old: holds a run already; add --resume to continue it, or choose another --out/);
  const { calls } = await run('train', '--out', out, '--resume');
  assert.deepEqual([recipeIn(calls).train.epochs, given<{ resume: boolean }>(calls).resume], [9, true]);
});

test('a problem is one line and 1; --debug shows where it comes from', async () => {
  const args = ['train', '--data', 'photos', '--out', join(folder, 'new'), 'train.epoch=3'];
  const { code, err } = await run(...args);
  assert.deepEqual(
    [code, err],
    [1, 'error: command line, train.epoch: is not a key of a recipe; did you mean train.epochs?\n'],
  );
  assert.match((await run(...args, '--debug')).err, /\n {4}at /);
});

test('a recipe file that is not YAML, or not there, says so', async () => {
  const file = join(folder, 'broken.yaml');
  await writeFile(file, 'train: [1,\n');
  assert.match((await run('train', file, '--out', 'x')).err, /broken\.yaml: is neither YAML nor JSON: .* at line 2/);
  assert.match(
    (await run('train', join(folder, 'brokn.yaml'), '--out', 'x')).err,
    /does not exist; did you mean .*broken\.yaml\?/,
  );
});

/** An adapter folder as far as commands look into it. */
async function adapter(): Promise<string> {
  const path = join(folder, 'run', 'adapter');
  await mkdir(path, { recursive: true });
  const recipe = parseRecipe({ data: { manifest: 'own.jsonl' }, train: { seed: 7 } }, 'test');
  await writeFile(join(path, 'adapter.json'), JSON.stringify({ format: 1, recipe }));
  return path;
}

test('evaluate takes what it was trained with, and other data and keys if given', async () => {
  const path = await adapter();
  const own = await run('evaluate', join(folder, 'run'));
  const {
    adapter: used,
    seed,
    split,
    data,
  } = given<{ adapter: string; seed: number; split: string; data: Recipe['data'] }>(own.calls);
  assert.deepEqual([used, seed, split, data.manifest], [path, 7, 'test', 'own.jsonl']);
  assert.match(own.out, /10 images and 20 captions of the test split\n/);
  const other = await run('evaluate', path, '--data', 'new', '--split', 'val', 'retrieval.rerank=0', '--json');
  const changed = given<{ split: string; data: Recipe['data']; retrieval: Recipe['retrieval'] }>(other.calls);
  assert.deepEqual([changed.split, changed.data.manifest, changed.retrieval.rerank], ['val', 'new', 0]);
  assert.equal(JSON.parse(other.out).textToMedia['R@1'], 50);
  const none = await run('evaluate', 'none', '--backbone', 'tiny', '--data', 'new');
  assert.equal(given<{ adapter: null }>(none.calls).adapter, null);
});

test('search reads the images once for all texts, and closes what it opened', async () => {
  const path = await adapter();
  const { calls, out } = await run('search', path, 'a cat', 'two dogs', '--images', 'photos', '-k', '1');
  assert.deepEqual(
    calls.map(({ name }) => name),
    ['openSearch', 'search', 'search', 'close'],
  );
  assert.match(
    out,
    /^a cat\n {2}rank {2}image {2}match {2}similarity {2}rank by similarity\n {5}1 {2}a\.jpg {3}3\.00 {7}0\.500 {19}1\n/,
  );
  const json = await run('search', path, 'a cat', '--images', 'photos', '--json');
  assert.deepEqual(
    JSON.parse(json.out).hits.map(({ image }: { image: string }) => image),
    ['a.jpg', 'b.jpg'],
  );
});

test('a path without an adapter says what is expected there', async () => {
  await mkdir(join(folder, 'unfinished', 'checkpoint'), { recursive: true });
  const { code, err } = await run('evaluate', join(folder, 'unfinished'));
  assert.equal(code, 1);
  assert.match(
    err,
    /is no adapter: .*; its training is not finished; continue with uniadapter train --out .*unfinished --resume/,
  );
});

test('inspect and keys print tables', async () => {
  const inspected = await run('inspect', 'tiny');
  assert.match(
    inspected.out,
    /a, adapter, 4\.1 kB\n {2}method: lora\n {2}sha256: f+\n\n {2}module .*\n {2}adapters\.0 {2}adapter {8}2 {7}1,000 {2}100 % {2}4\.0 kB\n/,
  );
  assert.match(
    (await run('keys', 'weightdecay')).out,
    /optimiser\.weightDecay = 0\.05 {2}number from 0\n {6}Decoupled/,
  );
});

/** A process of its own. @param ms when to press Ctrl-C, after the first line of progress */
async function processOf(script: string, args: readonly string[], interrupts: number) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  let left = interrupts;
  child.stderr.on('data', (data: Buffer) => {
    err += data;
    if (left > 0 && /steps of|Saving/.test(`${data}`)) {
      left--;
      child.kill('SIGINT');
    }
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, err };
}

test('the process ends with 0, 1 or 2, and 130 after Ctrl-C with a checkpoint', async () => {
  const train = ['train', '--data', 'x', '--out', join(folder, 'new')];
  const [ok, usage, problem, interrupted] = await Promise.all([
    processOf('../cli.ts', ['--version'], 0),
    processOf('../cli.ts', ['train'], 0),
    processOf('../cli.ts', [...train, 'train.epochs=none'], 0),
    processOf('fixtures/slow.ts', train, 1),
  ]);
  assert.deepEqual([ok.code, usage.code, problem.code, interrupted.code], [0, 2, 1, 130]);
  assert.match(problem.err, /got 'none', expected whole number above 0\n$/);
  assert.match(
    interrupted.err,
    /Saving a checkpoint[\s\S]*Stopped at step 1\. Nothing is lost: uniadapter train --out .* --resume goes on/,
  );
});

test('a second Ctrl-C does not wait for the checkpoint', async () => {
  const twice = await processOf('fixtures/slow.ts', ['train', '--data', 'x', '--out', join(folder, 'new')], 2);
  assert.equal(twice.code, 130);
  assert.ok(!twice.err.includes('Stopped at step'));
});
