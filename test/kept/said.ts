// What the command line and the server say of the files of an earlier version, in a folder of their own.

import { execFile } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startProcess } from '../../src/node/serve/process.test-support.js';

const CLI = fileURLToPath(new URL('../../src/cli/cli.ts', import.meta.url));
const TEXT = 'a red square on grey';
const NAME = 'red-grey.png';
const PICTURE = `squares/${NAME}`;

/** One answer each: of a command its JSON lines, of the server its JSON. */
export type Said = Readonly<Record<string, unknown>>;

/** Where the files were made, and have to be: an index knows its library by the absolute path of the folder. */
export const PLACE = '/tmp/uniadapter-kept';

/** Puts the files of a version where they were made, and works there. */
export async function unpack(version: string): Promise<void> {
  await rm(PLACE, { recursive: true, force: true });
  await cp(new URL(`versions/${version}`, import.meta.url), PLACE, { recursive: true });
  process.chdir(PLACE);
}

/** Runs the command line in the working folder. @returns what it wrote to stdout */
export async function command(...args: readonly string[]): Promise<string> {
  const node = ['--import', import.meta.resolve('tsx'), CLI, ...args];
  return (await promisify(execFile)(process.execPath, node)).stdout;
}

/** A command that reads what an earlier version wrote. */
const COMMANDS = [
  'inspect backbone --json',
  'inspect runs/search --json',
  'inspect runs/answers --json',
  'evaluate runs/search --json',
  'evaluate runs/answers --json',
  'evaluate runs/captions --json',
  ['search', 'runs/search', TEXT, '--in', 'squares', '-k', '3', '--json'],
  ['search', 'runs/search', TEXT, '--in', 'squares', '-k', '3', '--cache', 'features', '--json'],
  ['search', 'runs/search', TEXT, '--in', 'squares', '-k', '3', '--index', '--store', 'store', '--json'],
  'index squares --adapter runs/search --store store --check --json'.split(' '),
  ['ask', PICTURE, 'what color is the square', '--adapter', 'runs/answers', '--json'],
  `caption ${PICTURE} --adapter runs/captions --json`,
  'train recipes/search.json --out runs/stopped --resume --json',
  'evaluate runs/stopped --json',
].map((args) => (typeof args === 'string' ? args.split(' ') : args));

/** Arguments of the server: its state is in the working folder. */
export const SERVE = [
  'squares',
  '--adapters',
  'runs',
  '--data',
  'squares',
  '--state',
  'state',
  '--backbone',
  'backbone',
];

/** What is trained on the server. */
export const TRAIN = {
  task: 'retrieval',
  data: { path: 'squares' },
  train: { batch: 4, epochs: 1 },
  method: { bottleneck: 4 },
};

/** Paths, and what is posted there. @param IMAGE  a picture of the library */
const requests = (IMAGE: object): readonly (readonly [string, object?])[] => [
  ['/v1/info'],
  ['/v1/libraries'],
  ['/v1/libraries/squares/items?limit=3'],
  ['/v1/adapters'],
  ['/v1/adapters/search'],
  ['/v1/adapters/uploaded'],
  ['/v1/adapters/trained'],
  ['/v1/datasets'],
  ['/v1/jobs'],
  ['/v1/search', { library: 'squares', adapter: 'search', query: { text: TEXT }, limit: 3 }],
  ['/v1/search', { library: 'squares', adapter: 'uploaded', query: { media: IMAGE }, limit: 3 }],
  ['/v1/ask', { adapter: 'answers', media: IMAGE, questions: ['what color is the square'] }],
  ['/v1/caption', { adapter: 'captions', media: [IMAGE] }],
  ['/v1/embed', { adapter: 'search', texts: [TEXT], media: [IMAGE] }],
  ['/v1/train/plan', { name: 'another', recipe: TRAIN }],
];

/** What is said of the files in the working folder. */
export async function said(): Promise<Said> {
  const answers: Record<string, unknown> = {};
  for (const args of COMMANDS) {
    const out = await command(...args);
    answers[args.join(' ')] = out.trimEnd().split('\n').map(parsed);
  }
  const server = await startProcess([...SERVE, '--port', '0']);
  const ask = (path: string, body?: object) => answer(`${server.url}${path}`, body);
  try {
    const { body } = await ask('/v1/libraries/squares/items?limit=100');
    const { items } = body as { readonly items: readonly { readonly id: string; readonly path: string }[] };
    const item = items.find(({ path }) => path === NAME)?.id;
    for (const [path, body] of requests({ library: 'squares', item }))
      answers[body ? `${path} ${JSON.stringify(body)}` : path] = await ask(path, body);
  } finally {
    await server.end('SIGTERM');
  }
  return answers;
}

async function answer(url: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, body && { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: parsed(await response.text()) };
}

/** JSON as its value, other text as it is; paths in the working folder are relative to it. */
function parsed(text: string): unknown {
  const relative = text.replaceAll(`${process.cwd()}/`, '');
  try {
    return JSON.parse(relative);
  } catch {
    return relative;
  }
}
