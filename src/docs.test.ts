// The documents are true: the blocks of README and guide and all examples run, quotes are in the files they quote, printed programs are
// what is printed, links lead somewhere. Everything runs in one process on the toy backbone, in a temporary folder.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, cp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, mock, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fakeContext } from './cli/fixtures/fake.js';
import { main } from './cli/program.js';
import { adapter, blip, gradients, model, nn, recipe, tensor as t, task } from './index.js';
import { temporaryFolder, toyBackbone, toyClipData, toyData } from './node/toy.test-support.js';
import * as run from './verbs/run.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const documents = ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => `docs/${name}`)];
/** Run one after the other, in one folder. */
const RUN = ['README.md', 'docs/guide.md', 'docs/how-it-works.md', 'docs/architecture.md', 'CONTRIBUTING.md'];
const tour = read('docs/tour.md');

interface Block {
  /** What follows the fence: a language and, for quotes, the file. */
  readonly info: string;
  readonly text: string;
}

const blocksOf = (markdown: string): Block[] =>
  [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({ info, text }));

const folder = temporaryFolder();
const home = process.cwd();
let backbone = '';
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  const photos = await toyData(join(folder, 'photos'));
  const clips = await toyClipData(join(folder, 'clips'));
  await copyFile(join(photos, 'red-black.png'), join(photos, 'beach.jpg')); // what a file is, its first bytes say
  await copyFile(join(clips, 'red-green.gif'), join(clips, 'cat.mp4'));
  await pulledBefore('models--Salesforce--blip-itm-base-coco');
  process.chdir(folder);
});

/** A small checkpoint in the cache, and no network: what was pulled before is used. */
async function pulledBefore(repo: string): Promise<void> {
  const cache = join(folder, 'hub');
  const snapshot = join(cache, repo, 'snapshots', 'main');
  await cp(join(ROOT, 'src/weights/checkpoint/fixtures/itm-float32'), snapshot, { recursive: true });
  Object.assign(process.env, { HF_HUB_CACHE: cache, HF_ENDPOINT: 'http://127.0.0.1:1' });
}
after(() => process.chdir(home));

for (const [i, { document, info, text }] of RUN.flatMap((document) =>
  blocksOf(read(document)).map((block) => ({ document, ...block })),
).entries()) {
  const title = `${document}, block ${i + 1} (${info})`;
  if (info === 'sh')
    test(`${title}: every command ends well`, async () => {
      for (const line of text.trim().split('\n')) await command(line);
    });
  if (info === 'yaml')
    test(`${title}: is a recipe`, async () => {
      const [, name = ''] = /^# (\S+)$/m.exec(text) ?? [];
      await writeFile(join(folder, name), text);
    });
  if (info === 'ts')
    test(`${title}: runs`, async () => {
      assert.match(text, /'tiny'/);
      const said = await module(`block-${i}`, text.replaceAll("'tiny'", JSON.stringify(backbone)), []);
      assert.match(said, /^1 \d.*^R@1 \d.*^5 \S+\.png$/ms);
    });
  if (info === 'tree') test(`${title}: lists what is there`, () => checkTree(text));
  if (info === 'program')
    test(`${title}: is what examples/compiler.ts prints`, async () => {
      const said = await module('printed', read('examples/compiler.ts'), []);
      assert.ok(said.startsWith(text), said);
    });
}

/** A line of a shell: our own program is called, scripts of npm have to exist, anything else fails. */
async function command(line: string): Promise<void> {
  const words = [...line.matchAll(/"([^"]*)"|(#.*)|(\S+)/g)].flatMap(([, quoted, comment, word]) =>
    comment ? [] : [quoted ?? word ?? ''],
  );
  const [program, name = '', ...rest] = words;
  if (program === 'npx' && name === 'uniadapter') return uniadapter(rest);
  const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;
  const wanted = [...line.replace(/#.*/, '').matchAll(/npm (?:run )?(\w+)/g)].flatMap(([, script = '']) => script);
  assert.equal(program, 'npm', line);
  for (const script of wanted) assert.ok(script === 'ci' || scripts[script], `${line}: there is no script ${script}`);
}

/** With the toy in the place of `tiny`, and fewer epochs. */
async function uniadapter(args: readonly string[]): Promise<void> {
  const isNew = args[0] === 'train' && !args.includes('--resume');
  const isBare = ['ask', 'caption'].includes(args[0] as string) && !args.includes('--adapter');
  const toy = [
    ...(isNew ? ['train.epochs=2'] : []),
    ...(isNew && !args.includes('--backbone') ? [`backbone=${backbone}`] : []),
    ...(isBare ? ['--backbone', backbone] : []),
  ];
  const { context, written, interrupt } = fakeContext(run);
  const isServer = args[0] === 'serve';
  if (isServer) toy.push('--backbone', backbone, '--state', join(folder, 'state'));
  const ending = main([...args, ...toy], context, '0.0.0');
  while (isServer && !written.out.includes('Studio')) await Promise.race([ending, setTimeout(50)]);
  if (isServer) interrupt();
  const code = await ending;
  assert.equal(code, 0, `uniadapter ${args.join(' ')}: ${written.err}`);
}

/** Runs TypeScript that imports the package as users do. @returns what it logged */
async function module(name: string, source: string, args: readonly string[]): Promise<string> {
  const path = join(folder, `${name}.mts`);
  const entry = (name: string) => pathToFileURL(join(ROOT, 'src', name)).href;
  const entries: Record<string, string> = { uniadapter: entry('index.ts'), 'uniadapter/node': entry('node/index.ts') };
  await writeFile(
    path,
    source.replaceAll(/(?<=from ')uniadapter(\/node)?(?=')/g, (name) => entries[name] as string),
  );
  const lines: string[] = [];
  const log = mock.method(console, 'log', (...words: unknown[]) => lines.push(words.join(' ')));
  const argv = process.argv;
  process.argv = [process.execPath, path, ...args];
  try {
    await import(pathToFileURL(path).href);
  } finally {
    process.argv = argv;
    log.mock.restore();
  }
  return lines.join('\n');
}

const EXAMPLES: Readonly<Record<string, { readonly args: () => readonly string[]; readonly says: RegExp }>> = {
  'compiler.ts': { args: () => [], says: /slope by down\.weight (\S+) [\s\S]*^measured: \1$/m },
  'train-and-search.ts': {
    args: () => ['photos', 'a red square on grey', backbone],
    says: /parameters train\nstep 1\/[\s\S]*R@1: \d.* before, \d.* after\n1 \S+\n2 \S+\n3 \S+\.png$/,
  },
  'evaluate-two-stages.ts': {
    args: () => ['runs/example'],
    says: /adapter: \d+ parameters[\s\S]*best 64 of 4 .*: R@1/,
  },
  'write-your-own-method.ts': { args: () => ['photos', backbone], says: /scale and shift: \d+ parameters train/ },
};

for (const [file, { args, says }] of Object.entries(EXAMPLES))
  test(`examples/${file} runs`, async () => {
    const said = await module(`example-${file}`, read(`examples/${file}`), args());
    assert.match(said, says);
    const losses = [...said.matchAll(/^step .*: loss (\S+)$/gm)].map(([, loss]) => Number(loss));
    if (losses.length > 0) assert.ok((losses.at(-1) as number) < (losses[0] as number), said);
  });

test('every example is run here, and is short', () => {
  const files = readdirSync(join(ROOT, 'examples'));
  assert.deepEqual(files.sort(), Object.keys(EXAMPLES).sort());
  for (const file of files) assert.ok(read(`examples/${file}`).split('\n').length <= 65, file);
});

test('the guide counts what trains as the models do', () => {
  for (const name of ['uniadapter', 'lora', 'bottleneck', 'heads', 'full'] as const) {
    const counts = (['retrieval', 'answering'] as const).map((task) => {
      const given = recipe.parseRecipe({ task, data: { path: 'photos' }, method: { name } }, name);
      const method = model.methodOf(given, 'training');
      const trained = model
        .declarationsOf(model.createModel(blip.blipBase, method), { task, frames: null })
        .filter((declaration) => adapter.trains(method, declaration));
      return trained.reduce((n, { shape }) => n + t.sizeOf(shape), 0).toLocaleString('en-US');
    });
    assert.match(read('docs/guide.md'), new RegExp(`\\| \`${name}\` \\|.*\\| ${counts.join(' \\| ')} \\|`));
  }
});

function checkTree(tree: string): void {
  const paths: string[] = [];
  let parent = '';
  for (const line of tree.trimEnd().split('\n')) {
    const [, indent = '', path = ''] = /^( *)(\S+)/.exec(line) ?? [];
    if (indent === '') parent = path;
    paths.push(indent === '' ? path : parent + path);
  }
  for (const path of paths) assert.ok(path === 'models/' || existsSync(join(ROOT, path)), path);
}

test('the page of the architecture names every room, and no file that is not there', () => {
  const page = read('docs/architecture.md');
  const names = [...page.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name ?? '');
  for (const { name } of readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    assert.ok(names.includes(name), `${name} is not in docs/architecture.md`);
  for (const name of names.filter((name) => /^[a-z/-]+\/[a-z-]+\.ts$/.test(name)))
    assert.ok(existsSync(join(ROOT, 'src', name)), `${name} is in docs/architecture.md and not in src`);
});

for (const document of documents)
  test(`${document}: every link to a file leads to one`, () => {
    for (const [, target = ''] of read(document).matchAll(/\]\(([^)#]+)[^)]*\)/g))
      if (!target.includes('://')) assert.ok(existsSync(join(ROOT, dirname(document), target)), target);
  });

for (const { info, text } of blocksOf(tour).filter(({ info }) => info.startsWith('ts ')))
  test(`the tour quotes ${info.slice(3)} as it is`, () => {
    assert.ok(read(info.slice(3)).includes(text), text);
  });

test('every name in the tour is a name of the sources', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && path !== 'docs.test.ts')
    .map((path) => read(join('src', path)))
    .join('\n');
  const known = new Set(sources.match(/[\w$]+/g));
  const prose = tour.replaceAll(/^```[\s\S]*?^```$/gm, '');
  for (const [, code = ''] of prose.matchAll(/`([^`]+)`/g))
    for (const [word] of code.matchAll(/[A-Za-z_]\w+/g)) assert.ok(known.has(word), `${code} is not in src`);
});

test('the programs in the tour are what the toy prints', () => {
  // the numbers of values change with every new node, what is computed from what does not
  const plain = (line: string) => line.replaceAll(/%\d+/g, '%');
  const printed = toyProgram().split('\n').map(plain);
  const below = printed.filter((line) => /∇visual_encoder\.blocks\.0\.(attn|mlp|norm)/.test(line));
  assert.deepEqual(below, [], 'the tour says that nothing below the first adapter has a gradient');
  for (const { text } of blocksOf(tour).filter(({ info }) => info === 'program')) {
    let from = 0;
    for (const line of text
      .trim()
      .split('\n')
      .filter((line) => line !== '…')) {
      const at = printed.indexOf(plain(line), from);
      assert.ok(at >= 0, `not printed after the lines before it: ${line}`);
      from = at + 1;
    }
  }
});

function toyProgram(): string {
  const tower = { width: 32, layers: 2, heads: 2, mlp: 64 };
  const config: blip.BlipConfig = {
    vision: { ...tower, imageSize: 32, patch: 8, eps: 1e-6 },
    text: { ...tower, vocabulary: 18, positions: 12, eps: 1e-12 },
    projection: 16,
    encodeToken: 17,
  };
  const toy = model.createModel(config, adapter.uniadapter({ bottleneck: 4 }));
  return t.trace(() => {
    const step = task.retrievalStep(toy, { batch: 4, tokens: 8 }, { queue: 6 });
    const gradient = gradients(step.total, step.trained.map(nn.parameter));
    const named = step.trained.map(({ path }, i) => [`gradient/${path}`, gradient[i] as t.Tensor] as const);
    return t.print({ total: step.total, ...Object.fromEntries(named) });
  });
}
