// The rooms: imports go down only, files have no cycles, rooms with an index are entered through it, platforms are at the rim.
// ROOMS is the architecture (docs/architecture.md); every import of src is read and held against it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A room: what it may import beside the rooms that everything may, each with all rooms below its name. */
interface Room {
  readonly may: readonly string[];
  /** Rooms of which only types may be imported. */
  readonly mayTypes?: readonly string[];
}

const PURE = ['format', 'recipe', 'compiler', 'data/text', 'data/image', 'model'];
const DATA = ['files', 'format', 'data'];
const MODELS = [...PURE, ...DATA, 'weights', 'node/native'];
const SCORED = [...MODELS, 'predict', 'evaluate'];
const DONE = [...SCORED, 'search', 'train', 'export', 'report'];

/** Every folder of src that holds a file, from the ground up: a room imports rooms above it in this table only. */
const ROOMS: Readonly<Record<string, Room>> = {
  error: { may: [] }, // one error class with codes
  random: { may: [] }, // (seed, purpose, index) → numbers
  json: { may: [] }, // texts of strangers → values, no deeper than a stack

  'node/native': { may: [] }, // packages with native code, loaded when they are needed; modules in threads
  format: { may: [] }, // bytes ↔ named arrays and small JSON
  files: { may: ['node/native'] }, // files that are complete or not there, opened once, locked
  recipe: { may: [] }, // the schema of a run

  'compiler/tensor': { may: [] }, // dtype, shape, operators, the traced value
  'compiler/autodiff': { may: ['compiler/tensor'] }, // the reverse walk
  'compiler/onnx': { may: ['compiler/tensor'] }, // graph → bytes
  'compiler/runtime': { may: ['format', 'compiler'] }, // compiled programs

  'data/text': { may: ['format'] }, // captions → token ids
  'data/image': { may: [] }, // pixels → pixels

  'model/nn': { may: ['compiler'] }, // layers and the scope of parameters
  'model/blip': { may: ['compiler', 'model/nn'] }, // the backbone
  'model/adapter': { may: ['compiler', 'model/nn', 'recipe'] }, // one file per method
  'model/task': { may: ['compiler', 'data/text', 'model'] }, // one file per objective
  model: { may: [...PURE] }, // a backbone, a method and their numbers

  'data/video': { may: ['data/image'] }, // which frames of a clip, and who decodes them
  'data/items': { may: ['format', 'data'] }, // items with texts, in batches
  'data/media': { may: DATA }, // which files are images and clips, what they hold
  'data/formats': { may: ['data'] }, // the published datasets
  'data/dataset': { may: [...PURE, ...DATA] }, // a folder or a manifest → items
  data: { may: ['data'] }, // the namespace of the package
  world: { may: ['data'] }, // scenes drawn for pre-training and the demo

  'weights/tensors': { may: ['files', 'format'] }, // files of arrays, memory-mapped, and their checksums
  'weights/checkpoint': { may: MODELS }, // others' checkpoints → ours
  'weights/hub': { may: MODELS }, // repositories
  'weights/store': { may: MODELS }, // backbones and adapters by name
  weights: { may: MODELS }, // pull and push

  'predict/programs': { may: MODELS }, // a model that runs: encode, match, answer, caption
  predict: { may: [...MODELS, 'predict'] }, // questions and captions of files
  'predict/local': { may: [...MODELS, 'predict'] }, // the same on one thread, batched
  'predict/engine': { may: [...MODELS, 'predict'] }, // for many users at once

  'evaluate/metric': { may: [] }, // arrays in, numbers out
  evaluate: { may: SCORED }, // a task over a split
  'data/check': { may: SCORED }, // what is wrong with a dataset
  search: { may: SCORED }, // a library as rows of vectors

  'train/optim': { may: ['compiler', 'model/nn'] }, // AdamW and schedules
  'train/loop': { may: [...PURE, 'data', 'predict', 'evaluate', 'train'] }, // a step, the loop
  'train/run': { may: [...SCORED, 'train'] }, // a run in a folder

  'export/release': { may: DONE }, // a checkpoint of the official release
  'export/programs': { may: DONE }, // ONNX files for others to run

  'report/page': { may: DONE }, // charts, tables and style of a page
  'report/run': { may: DONE }, // what a run did
  'report/comparison': { may: DONE }, // several runs side by side
  report: { may: DONE },

  'world/art': { may: [...DATA, 'world', 'node/native'] }, // drawings of packages → scenes

  verbs: { may: DONE }, // train, evaluate, search, ask, caption, index, inspect, export, report, push, pull
  parity: { may: [...DONE, 'verbs'] }, // the official release's numbers

  'server/schema': { may: ['format'] }, // what is asked and answered
  'server/http': { may: ['format', 'server'] }, // bodies, events, files, who may ask
  'server/routes': { may: ['format', 'server'] }, // one file per part of the API
  server: { may: ['format', 'server'] }, // Request → Response
  client: { may: [], mayTypes: ['server'] }, // the server's API, typed

  'service/files': { may: [...DONE, 'verbs', 'server'] }, // uploads, pictures, files as they are sent
  'service/adapters': { may: [...DONE, 'verbs', 'server', 'service'] }, // which there are, taking in new ones
  'service/libraries': { may: [...DONE, 'verbs', 'server', 'service'] }, // folders that are searched and trained on
  'service/jobs': { may: [...DONE, 'verbs', 'server', 'service'] }, // trainings and indexing, one after the other
  service: { may: [...DONE, 'verbs', 'server', 'service', 'world'] }, // what the server asks of the machine

  'cli/terminal': { may: DONE }, // progress, tables, colours

  'node/media/picture': { may: MODELS }, // pictures and animations, decoded
  'node/media/video': { may: [...MODELS, 'node/media'] }, // clips, decoded
  'node/media': { may: [...MODELS, 'node/media'] }, // whichever it is, by its first bytes
  'node/vectors': { may: [...MODELS, 'search'] }, // LanceDB and PostgreSQL
  'node/serve': { may: [...DONE, 'verbs', 'server', 'service', 'node', 'cli/terminal'] }, // sockets, processes, logs
  node: { may: [...DONE, 'verbs', 'parity', 'service', 'node'] }, // `uniadapter/node`, ONNX Runtime, threads

  'world/demo': { may: [...DONE, 'verbs', 'world', 'cli'] }, // trainings to watch
  cli: { may: [...DONE, 'verbs', 'server', 'service', 'node', 'world', 'cli'] }, // arguments → verbs → text

  '': { may: [...DONE, 'client'] }, // the browser-safe entry point
};

const ORDER = Object.keys(ROOMS);
/** What everything may import. */
const GROUND = ['error', 'random', 'json'];

/**
 * Imports that go up, to be handed in or moved: who imports what. The list may only become shorter, and a file that no longer
 * offends has to be struck.
 */
const DEBTS: readonly (readonly [string, string])[] = [
  ['data/dataset/dataset', 'node/media/decoder'],
  ['data/dataset/open', 'node/media/decoder'],
  ['predict/programs/library', 'node/media/decoder'],
  ['export/release/release', 'node/ort'],
  ['predict/programs/load', 'node/ort'],
  ['predict/local/models', 'node/ort'],
  ['predict/local/session-pool', 'node/ort'],
  ['predict/engine/worker-pool', 'node/thread'],
  ['search/tools', 'node/vectors/open-store'],
];

/** Rooms that may use Node's own modules. */
const NODE = ['node', 'cli', 'world/art', 'world/demo'];
/** Rooms that do, and should be handed what they need instead. The list may only become shorter. */
const TIED_TO_NODE = [
  'files',
  ...['data/media', 'data/dataset', 'data/check', 'weights', 'predict', 'evaluate', 'search', 'train/run', 'export'],
  ...['report', 'verbs', 'parity', 'service'],
];

/** Packages that belong to a platform, and the rooms that may use them. */
const PLATFORM_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  hono: ['server'],
  '@hono/node-server': ['node'],
  'prom-client': ['node'],
  pino: ['node'],
  sharp: ['node', 'world/art', 'report', 'service'],
  'node-av': ['node'],
  'fs-native-extensions': ['node', 'files'],
  'onnxruntime-node': ['node'],
  'onnxruntime-web': ['web'],
  'onnxruntime-common': ['node', 'web'],
  '@lancedb/lancedb': ['node'],
  'apache-arrow': ['node', 'search'],
  pg: ['node'],
};

/** Packages with native code, and the one file that loads them: when they are needed, with an error that says how to get them. */
const NATIVE_PACKAGES = ['onnxruntime-node', 'sharp', '@lancedb/lancedb', 'fs-native-extensions'];
const LOADER = 'node/native/native.ts';

interface Import {
  /** Path from src, e.g. `nn/linear.ts`. */
  readonly from: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Source text by path from src. */
type Sources = Readonly<Record<string, string>>;

test('every import of src goes down the table of rooms, but for debts', () => {
  assert.deepEqual(violations(readSources(), DEBTS), []);
});

test('rows name rooms that there are', () => {
  const folders = new Set(Object.keys(readSources()).map(roomOf));
  for (const [room, { may, mayTypes = [] }] of Object.entries(ROOMS)) {
    assert.ok(folders.has(room), `${room} has a row and no file`);
    for (const name of [...may, ...mayTypes])
      assert.ok(
        ORDER.some((other) => isIn(other, [name])),
        `${room} may import ${name}, which is no room`,
      );
  }
});

test('a debt that is paid has to be struck', () => {
  assert.deepEqual(violations({ 'format/a.ts': '' }, [['format/a', 'cli/b']]), [
    'format/a → cli/b is paid: strike it from DEBTS (src/imports.test.ts)',
  ]);
});

test('no room holds more than 15 % of src', () => {
  const lines = new Map<string, number>();
  for (const [path, text] of Object.entries(readSources()))
    lines.set(topOf(path), (lines.get(topOf(path)) ?? 0) + text.split('\n').length);
  const all = [...lines.values()].reduce((sum, count) => sum + count, 0);
  const large = [...lines].filter(([, count]) => count / all > LARGEST);
  assert.deepEqual(large, []);
  assert.ok((lines.get('node') ?? 0) / all < LARGEST_NODE, 'node only lends what a machine has');
});

/** Of the lines of src. */
const [LARGEST, LARGEST_NODE] = [0.15, 0.1];

const FORBIDDEN: Readonly<Record<string, { sources: Sources; message: RegExp }>> = {
  'an import up the layers': {
    sources: { 'compiler/tensor/shape.ts': "import { linear } from '../../model/nn/index.js';" },
    message:
      /^compiler\/tensor\/shape\.ts imports '\.\.\/\.\.\/model\/nn\/index\.js': room 'compiler\/tensor' may not import model\/nn$/,
  },
  'a value where only types are allowed': {
    sources: { 'client/call.ts': "import { type Task, retrieval } from '../server/index.js';" },
    message: /room 'client' may import only types of server$/,
  },
  'a folder without a row, at any depth': {
    sources: { 'data/misc/a.ts': '' },
    message: /^data\/misc\/a\.ts: no row 'data\/misc' in ROOMS/,
  },
  'going around a folder’s index': {
    sources: {
      'model/nn/linear.ts': "export * from '../../compiler/tensor/shape.js';",
      'compiler/tensor/index.ts': '',
    },
    message: /through '\.\.\/\.\.\/compiler\/tensor\/index\.js'/,
  },
  'a Node module in the core': {
    sources: { 'format/file.ts': "const fs = await import('node:fs');" },
    message: /^format\/file\.ts imports 'node:fs': room 'format' is of no platform$/,
  },
  'a runtime in the core': {
    sources: { 'compiler/runtime/run.ts': "import type { Tensor } from 'onnxruntime-common';" },
    message: /only node, web may/,
  },
  'a package of one platform in another': {
    sources: { 'compiler/runtime/decode.ts': "import sharp from 'sharp';" },
    message: /only node, world\/art, report, service may/,
  },
  'native code that is loaded before it is needed': {
    sources: { 'node/ort.ts': "import * as ort from 'onnxruntime-node';" },
    message: /only types of it; src\/node\/native\/native\.ts loads it$/,
  },
  'two files that import each other': {
    sources: { 'model/nn/a.ts': "import './b.js';", 'model/nn/b.ts': "export { a } from './a.js';" },
    message: /^cycle of files: model\/nn\/a\.ts → model\/nn\/b\.ts → model\/nn\/a\.ts$/,
  },
};

for (const [what, { sources, message }] of Object.entries(FORBIDDEN))
  test(`the check refuses ${what}`, () => {
    const found = violations(sources);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', message);
  });

test('the check finds a cycle of folders that no row forbids', () => {
  assert.deepEqual(
    cycles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
    ['b → c → b'],
  );
});

test('the check accepts what the table allows', () => {
  const sources = {
    'index.ts': "export * from './train/loop/index.js';",
    'client/call.ts': "import type { Task } from '../server/index.js';\nimport { z } from 'zod';",
    'train/loop/loop.ts':
      "import { fail } from '../../error/index.js';\nimport { tasks } from '../../model/task/index.js';",
    'node/disk.ts': "import { open } from 'node:fs/promises';\nimport type sharp from 'sharp';",
  };
  assert.deepEqual(violations(sources), []);
});

/** One sentence for every import that should not be, empty when all is well. */
function violations(sources: Sources, debts: typeof DEBTS = []): string[] {
  const imports = Object.entries(sources).flatMap(([path, text]) => importsOf(path, text));
  const rowless = Object.keys(sources)
    .filter((path) => !(roomOf(path) in ROOMS))
    .map((path) => `${path}: no row '${roomOf(path)}' in ROOMS (src/imports.test.ts); add one or move the file`);
  const unpaid = new Set<string>();
  const found = imports.map((one) => {
    const sentence = violation(one, sources);
    const debt = debtOf(one);
    if (sentence !== undefined && debts.some((known) => known.join() === debt)) unpaid.add(debt);
    return unpaid.has(debt) ? undefined : sentence;
  });
  return [
    ...rowless,
    ...found.filter((sentence) => sentence !== undefined),
    ...cycles(graph(imports)).map((cycle) => `cycle of files: ${cycle}`),
    ...debts
      .filter((debt) => !unpaid.has(debt.join()))
      .map(([from, to]) => `${from} → ${to} is paid: strike it from DEBTS (src/imports.test.ts)`),
  ];
}

function violation({ from, specifier, typeOnly }: Import, sources: Sources): string | undefined {
  const what = `${from} imports '${specifier}'`;
  const room = roomOf(from);
  if (!specifier.startsWith('.')) {
    if (NATIVE_PACKAGES.includes(specifier) && !typeOnly && topOf(from) === 'node')
      return `${what}: only types of it; src/${LOADER} loads it`;
    if (specifier.startsWith('node:') || builtinModules.includes(specifier))
      return isIn(room, [...NODE, ...TIED_TO_NODE]) ? undefined : `${what}: room '${room}' is of no platform`;
    const owners = PLATFORM_PACKAGES[packageOf(specifier)];
    return owners === undefined || isIn(room, owners) ? undefined : `${what}: only ${owners.join(', ')} may`;
  }
  const path = resolved(from, specifier);
  const target = roomOf(path);
  if (target === room) return undefined;
  const { may, mayTypes = [] } = ROOMS[room] ?? { may: [] };
  const isDown = ORDER.indexOf(target) < ORDER.indexOf(room);
  if (!(isIn(target, [...GROUND, ...may]) && isDown)) {
    if (!isIn(target, mayTypes)) return `${what}: room '${room}' may not import ${target}`;
    if (!typeOnly) return `${what}: room '${room}' may import only types of ${mayTypes.join(', ')}`;
  }
  const index = `${target}/index.ts`;
  const isNeighbour = topOf(path) === topOf(from);
  if (path === index || !(index in sources) || isNeighbour || isIn(target, [...NODE, ...TIED_TO_NODE]))
    return undefined;
  const door = posix.relative(posix.dirname(from), `${target}/index.js`);
  return `${what}: the room has a door: import it through '${door.startsWith('.') ? door : `./${door}`}'`;
}

/** Whether a room is one of some, or below one. */
const isIn = (room: string, rooms: readonly string[]): boolean =>
  rooms.some((name) => room === name || room.startsWith(`${name}/`));

/** `@scope/name/file` → `@scope/name` */
const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Who imports what, without extensions. */
const debtOf = ({ from, specifier }: Import): string =>
  [from, resolved(from, specifier)].map((path) => path.replace(/\.ts$/, '')).join();

/** The folder of a path from src; '' for files of src itself. */
const roomOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** The first folder of a path from src. */
const topOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '');

/** `nn/linear.ts`, `../tensor/index.js` → `tensor/index.ts` */
function resolved(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** Which file imports which. */
function graph(imports: readonly Import[]): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const { from, specifier } of imports)
    if (specifier.startsWith('.')) edges.set(from, [...(edges.get(from) ?? []), resolved(from, specifier)]);
  return edges;
}

/** Each cycle that a depth-first walk closes, as `a → b → a`. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]) => {
    if (path.includes(node)) found.push([...path.slice(path.indexOf(node)), node].join(' → '));
    else if (!done.has(node)) for (const next of edges.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  };
  for (const node of edges.keys()) walk(node, []);
  return found;
}

/** Static imports, re-exports, `import()` and `import('…').Type`, each with whether it vanishes when compiled. */
function importsOf(from: string, text: string): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean) => {
    if (node && ts.isStringLiteral(node)) imports.push({ from, specifier: node.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(from, text, ts.ScriptTarget.ES2022));
  return imports;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
}

function readSources(): Sources {
  const src = fileURLToPath(new URL('.', import.meta.url));
  const paths = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !/\.test(-support)?\.ts$|\/fixtures\//.test(path));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(src, path), 'utf8')]));
}
