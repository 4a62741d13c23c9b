import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Recipe } from '../recipe/index.js';
import { type Calls, given, commandLine as run } from './fixtures/fake.js';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uniadapter-cli-'));
});
after(() => rm(folder, { recursive: true }));

const recipeIn = (calls: Calls): Recipe => given<{ recipe: Recipe }>(calls).recipe;

test('--help of the program and of every command shows examples, and goes to stdout', async () => {
  for (const command of [
    [],
    ['train'],
    ['evaluate'],
    ['search'],
    ['index'],
    ['ask'],
    ['caption'],
    ['inspect'],
    ['pull'],
    ['push'],
    ['export'],
    ['checkpoint'],
    ['report'],
    ['serve'],
    ['keys'],
  ]) {
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

Adapt a frozen vision-language model to your images and videos with a small trained file.

Options:
  --version                                    output the version number
  --debug                                      show where an error comes from
  -h, --help                                   display help for command

Commands:
  train [options] [recipe] [key=value...]      train an adapter on images or clips
  data                                         check a dataset before training with it
  evaluate [options] <adapter> [key=value...]  measure recall, accuracy or captions on a split
  search [options] <adapter> <text...>         find images and clips by text
  index [options] <folder>                     embed a folder of images and clips, to search it
  ask [options] <file> <question...>           answer questions about an image or a clip
  caption [options] <file...>                  describe images and clips
  inspect [options] <path>                     list parameters, roles and sizes
  pull [options] <source>                      fetch a BLIP checkpoint or an adapter, or convert one
  push [options] <adapter> <repository>        put an adapter into a hub repository
  checkpoint                                   adapters to and from the PyTorch release
  export [options] <model> [key=value...]      write a model and its training step as ONNX
  report [options] <runs...>                   write an HTML report of a run, or compare several
  serve [options] [folder...]                  serve the studio and the API on this computer
  keys [options] [word]                        list what a recipe can say
  recipes [options] [name]                     list the recipes that ship, or print one
  world                                        draw scenes, clips or people to learn from
  demo [options]                               adapt the shipped backbone to art it has never seen
  help [command]                               display help for command

`,
  );
});

for (const [args, message] of [
  [[], /Usage: uniadapter/],
  [['trian'], /unknown command 'trian'\n\(Did you mean train\?\)/],
  [['train', '--resume'], /nothing to learn from; give --data FOLDER or a recipe/],
  [['train', '--out', 'x', '--methd', 'lora'], /unknown option '--methd'\n\(Did you mean --method\?\)/],
  [['train', '--out', 'x'], /nothing to learn from; give --data FOLDER or a recipe/],
  [['train', 'a.yaml', 'b.yaml', '--out', 'x'], /one recipe at a time, got a\.yaml and b\.yaml/],
  [['search', 'runs/first', 'a cat', '--in', 'x', '-k', 'many'], /Expected a whole number from 1 to 1000000/],
  [['search', 'runs/first', 'a cat'], /required option '--in <folder>' not specified/],
  [['index'], /missing required argument 'folder'/],
  [['index', 'photos', '--name', '../x'], /Expected letters, digits, dots and dashes, at most 64/],
  [['ask', 'a.jpg'], /missing required argument 'question'/],
  ...[
    ['ask', 'a.jpg', 'why'],
    ['caption', 'a.jpg'],
    ['search', 'runs/a', 'words'],
    ['world', 'write', 'a'],
  ].flatMap((args) =>
    ['0', '257', '1.5', '1e9'].map(
      (frames) => [[...args, '--frames', frames], /Expected a whole number from 1 to 256/] as const,
    ),
  ),
  [['world', 'write', 'a', '--size', '1e9'], /Expected a whole number from \d+ to \d+/],
  [['caption'], /missing required argument 'file'/],
  [['evaluate', 'runs/first', '--split', 'all'], /Allowed choices are train, val, test/],
  [['evaluate', 'none', 'a.yaml'], /only key=value may follow the adapter, got a\.yaml/],
  [['export', 'tiny'], /required option '--out <folder>' not specified/],
  [['export', 'tiny', 'big', '--out', 'x'], /only key=value may follow the model, got big/],
  [['export', 'tiny', '--out', 'x', '--task', 'juggling'], /Allowed choices are retrieval, answering, captioning/],
  [['serve', '--port', 'many'], /Expected a port: a whole number from 1 to 65535/],
  [['push', 'runs/first'], /missing required argument 'repository'/],
] as const)
  test(`wrong usage ends with 2 and says how: uniadapter ${args.join(' ')}`, async () => {
    const { code, out, err, calls } = await run(...args);
    assert.deepEqual([code, out, calls], [2, '', []]);
    assert.match(err, message);
  });

test('train takes its recipe from a file, flags and key=value, the later ones winning', async () => {
  const file = join(folder, 'recipe.yaml');
  await writeFile(file, 'data: { path: photos }\ntrain: { epochs: 3, batch: 4 }\n');
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
  assert.deepEqual([train.epochs, train.batch, data.skipBad, data.path], [7, 4, true, 'photos']);
  assert.deepEqual(method, { name: 'lora', rank: 2, alpha: 16, temporal: false });
});

test('train says in plain lines what is going on, and what to do next', async () => {
  const { out, err } = await run('train', '--data', 'photos', '--out', join(folder, 'new'));
  assert.match(
    err,
    new RegExp(
      '^retrieval, uniadapter: 4,784,640 of 228,500,000 parameters train \\(2\\.1 %\\)\n' +
        '80 images with 400 captions train, 10 validate, 10 test\n2 epochs, 10 steps of 16\n',
    ),
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

for (const [task, lines] of [
  ['retrieval', { plan: '80 images with 400 captions', use: 'search \\S+adapter "words" --in FOLDER' }],
  ['answering', { plan: '80 images with 400 questions', use: 'ask FILE "a question" --adapter \\S+adapter' }],
  ['captioning', { plan: '80 images with 400 captions', use: 'caption FILE --adapter \\S+adapter' }],
] as const)
  test(`train says what a run learns from, and what its adapter is for: ${task}`, async () => {
    const { out, err } = await run('train', '--data', 'photos', '--task', task, '--out', join(folder, 'new'));
    assert.match(err, new RegExp(`^${task}, uniadapter: .*\\n${lines.plan} train, 10 validate`));
    assert.match(err, new RegExp(`: \\S+adapter\\n {2}uniadapter ${lines.use}\\n {2}uniadapter report`));
    const [score, line] = { retrieval: ['50.0', 'R@1'], answering: ['61.3', 'VQA'], captioning: ['101.5', 'CIDEr'] }[
      task
    ];
    assert.match(out, new RegExp(`test[\\s\\S]*${score}`));
    assert.match(err, new RegExp(`epoch 2, validation: .*${line}`));
  });

test('train tells clips by their frames, a resumed run by its step, and a run without known answers as it is', async () => {
  const clips = await run('train', '--data', 'clips', '--out', join(folder, 'new'), '--resume');
  assert.match(
    clips.err,
    /\n80 clips of 2 frames with 400 captions train, .*\n2 epochs, 10 steps of 16, resumed at step 4\n/,
  );
  const args = ['train', '--data', 'unanswered', '--task', 'answering', '--out', join(folder, 'new')];
  const { code, out, err } = await run(...args);
  assert.deepEqual([code, out], [0, '']);
  assert.match(err, /epoch 2, validation: nothing to score \(2\.0 s\)\n/);
  assert.match(err, /: \S+adapter\n {2}uniadapter ask FILE .*\n {2}uniadapter report/);
});

test('a run without --out has the name of its recipe, or of its data', async () => {
  const outOf = async (...args: string[]) => given<{ out: string }>((await run('train', ...args)).calls).out;
  assert.equal(await outOf('msrvtt', '--data', 'videos-of-nobody'), join('runs', 'msrvtt'));
  assert.equal(await outOf('--data', 'photos-of-nobody/'), join('runs', 'photos-of-nobody'));
  assert.equal(await outOf('data.path=clips-of-nobody/clips-of-nobody.jsonl'), join('runs', 'clips-of-nobody'));
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
  assert.match(out, /retrieval:\n {2}queue: auto/);
});

test('a run that is there already is not overwritten, and resumed with the recipe it began with', async () => {
  const out = join(folder, 'old');
  await mkdir(out);
  await writeFile(join(out, 'events.jsonl'), '');
  await writeFile(join(out, 'recipe.json'), JSON.stringify({ data: { path: 'old' }, train: { epochs: 9 } }));
  const refused = await run('train', '--data', 'photos', '--out', out);
  assert.equal(refused.code, 1);
  assert.match(
    refused.err,
    /old: holds a run already; add --resume to continue it, --finish to end it here, or choose another --out/,
  );
  const { calls } = await run('train', '--out', out, '--resume');
  assert.deepEqual([recipeIn(calls).train.epochs, given<{ resume: boolean }>(calls).resume], [9, true]);
  const finishing = await run('train', '--out', out, '--finish');
  const asked = given<{ resume: boolean; finish: boolean }>(finishing.calls);
  assert.deepEqual([recipeIn(finishing.calls).train.epochs, asked.resume, asked.finish], [9, false, true]);
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
    /optimiser\.weightDecay = 0\.05 {2}number from 0 to 10\n {6}Decoupled/,
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
    processOf('./cli.ts', ['--version'], 0),
    processOf('./cli.ts', ['train'], 0),
    processOf('./cli.ts', [...train, 'train.epochs=none'], 0),
    processOf('fixtures/slow.ts', train, 1),
  ]);
  assert.deepEqual([ok.code, usage.code, problem.code, interrupted.code], [0, 2, 1, 130]);
  assert.match(problem.err, /got 'none', expected .*whole number.*\n$/);
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
