// The layers: imports go down only, no cycles, one door into each folder, platforms at the rim.
// LAYERS is the architecture; every import of src is read and held against it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

interface Layer {
  readonly level: number;
  /** Folders that may be imported, beside those of level 0, which everything may import. */
  readonly may: readonly string[];
  /** Folders of which only types may be imported. */
  readonly mayTypes?: readonly string[];
}

const LEVELS_1_TO_2 = ['tensor', 'format', 'text', 'image', 'autodiff', 'onnx', 'nn', 'metric', 'video'];
const LEVEL_3 = ['blip', 'adapter', 'optim', 'runtime'];
const LEVELS_1_TO_4 = [...LEVELS_1_TO_2, ...LEVEL_3, 'task', 'data', 'world', 'recipe'];
const LEVELS_1_TO_5 = [...LEVELS_1_TO_4, 'model'];
const LEVELS_1_TO_6 = [...LEVELS_1_TO_5, 'train', 'evaluate', 'server'];

const LAYERS: Readonly<Record<string, Layer>> = {
  error: { level: 0, may: [] }, // one error class with codes
  random: { level: 0, may: [] }, // (seed, purpose, index) → numbers
  json: { level: 0, may: [] }, // texts of strangers → values, no deeper than a stack

  tensor: { level: 1, may: [] }, // dtype, shape, operators, the traced value
  format: { level: 1, may: [] }, // bytes ↔ named arrays
  text: { level: 1, may: [] }, // captions → token ids
  image: { level: 1, may: [] }, // pixels → pixels

  autodiff: { level: 2, may: ['tensor'] }, // the reverse walk
  onnx: { level: 2, may: ['tensor'] }, // graph → bytes
  nn: { level: 2, may: ['tensor'] }, // layers and the scope of parameters
  metric: { level: 2, may: [] }, // arrays in, numbers out
  video: { level: 2, may: ['image'] }, // which frames of a clip, and who decodes them

  blip: { level: 3, may: ['nn', 'tensor'] }, // the backbone
  adapter: { level: 3, may: ['nn', 'tensor'] }, // one file per method
  optim: { level: 3, may: ['tensor', 'nn'] }, // AdamW and schedules
  runtime: { level: 3, may: ['format', 'onnx', 'tensor'] }, // compiled programs

  task: { level: 4, may: ['blip', 'adapter', 'nn', 'tensor', 'text'] }, // one file per objective
  data: { level: 4, may: ['text', 'image', 'video'] }, // one file per dataset format, batching
  world: { level: 4, may: ['text', 'image'] }, // scenes drawn for pre-training and the demo
  recipe: { level: 4, may: [], mayTypes: [...LEVEL_3, 'task', 'data', 'world'] }, // the schema of a run

  model: { level: 5, may: LEVELS_1_TO_4 }, // a backbone, a method, their numbers and their programs

  train: { level: 7, may: [...LEVELS_1_TO_5, 'evaluate'] }, // the loop and its checkpoints
  evaluate: { level: 6, may: LEVELS_1_TO_5 }, // a task over a split

  server: { level: 8, may: ['format'] }, // Request → Response, and the schemas of both
  client: { level: 9, may: [], mayTypes: ['server'] }, // the server's API, typed

  node: { level: 9, may: LEVELS_1_TO_6 }, // Node's files, decoders, runtime, command line
  web: { level: 9, may: LEVELS_1_TO_6 }, // the browser's
};

/** src itself: index.ts, the browser-safe entry point. */
const ENTRY: Layer = { level: 10, may: [...LEVELS_1_TO_6, 'client'] };

/** Packages that belong to a platform, and the folders that may use them. Node's own modules belong to `node`. */
const PLATFORM_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  hono: ['server'],
  '@hono/node-server': ['node'],
  'prom-client': ['node'],
  pino: ['node'],
  sharp: ['node'],
  'node-av': ['node'],
  'fs-native-extensions': ['node'],
  'onnxruntime-node': ['node'],
  'onnxruntime-web': ['web'],
  'onnxruntime-common': ['node', 'web'],
  '@lancedb/lancedb': ['node'],
  'apache-arrow': ['node'],
  pg: ['node'],
};

/** Packages with native code, and the one file that loads them: when they are needed, with an error that says how to get them. */
const NATIVE_PACKAGES = ['onnxruntime-node', 'sharp', '@lancedb/lancedb', 'fs-native-extensions'];
const LOADER = 'node/native.ts';

interface Import {
  /** Path from src, e.g. `nn/linear.ts`. */
  readonly from: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Source text by path from src. */
type Sources = Readonly<Record<string, string>>;

test('every import of src goes down the table of layers', () => {
  assert.deepEqual(violations(readSources()), []);
});

test('the table itself goes down: values from lower levels only, types at most from the same one', () => {
  const levelOf = (folder: string) => LAYERS[folder]?.level ?? Infinity;
  for (const [folder, { level, may, mayTypes = [] }] of Object.entries(LAYERS)) {
    for (const other of may) assert.ok(levelOf(other) < level, `${folder} (level ${level}) may import ${other}`);
    for (const other of mayTypes) assert.ok(levelOf(other) <= level, `${folder} (level ${level}) sees ${other}`);
  }
});

const FORBIDDEN: Readonly<Record<string, { sources: Sources; message: RegExp }>> = {
  'an import up the layers': {
    sources: { 'tensor/shape.ts': "import { linear } from '../nn/index.js';" },
    message:
      /^tensor\/shape\.ts imports '\.\.\/nn\/index\.js': row 'tensor' \(level 1\) may import error, random, json, not nn$/,
  },
  'a value where only types are allowed': {
    sources: { 'recipe/schema.ts': "import { type Task, retrieval } from '../task/index.js';" },
    message: /row 'recipe' .* only types of .*task/,
  },
  'a folder without a row': {
    sources: { 'misc/a.ts': '' },
    message: /^misc\/a\.ts: no row 'misc' in LAYERS/,
  },
  'going around a folder’s index': {
    sources: { 'nn/linear.ts': "export * from '../tensor/shape.js';" },
    message: /through '\.\.\/tensor\/index\.js'/,
  },
  'a Node module in the core': {
    sources: { 'format/file.ts': "const fs = await import('node:fs');" },
    message: /^format\/file\.ts imports 'node:fs': only src\/node may/,
  },
  'a runtime in the core': {
    sources: { 'runtime/run.ts': "import type { Tensor } from 'onnxruntime-common';" },
    message: /only src\/node, src\/web may/,
  },
  'a package of one platform in another': {
    sources: { 'web/decode.ts': "import sharp from 'sharp';" },
    message: /only src\/node may/,
  },
  'native code that is loaded before it is needed': {
    sources: { 'node/ort.ts': "import * as ort from 'onnxruntime-node';" },
    message: /only types of it; src\/node\/native\.ts loads it$/,
  },
  'two files that import each other': {
    sources: { 'nn/a.ts': "import './b.js';", 'nn/b.ts': "export { a } from './a.js';" },
    message: /^cycle of files: nn\/a\.ts → nn\/b\.ts → nn\/a\.ts$/,
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
    'recipe/schema.ts': "import type { Task } from '../task/index.js';\nimport { z } from 'zod';",
    'train/loop.ts': "import { fail } from '../error/index.js';\nimport { tasks } from '../task/index.js';",
    'node/disk.ts': "import { open } from 'node:fs/promises';\nimport type sharp from 'sharp';",
  };
  assert.deepEqual(violations(sources), []);
});

/** One sentence for every import that should not be, empty when all is well. */
function violations(sources: Sources): string[] {
  const imports = Object.entries(sources).flatMap(([path, text]) => importsOf(path, text));
  const rowless = Object.keys(sources)
    .filter((path) => folderOf(path) !== '' && !(folderOf(path) in LAYERS))
    .map((path) => `${path}: no row '${folderOf(path)}' in LAYERS (src/imports.test.ts); add one or move the file`);
  return [
    ...rowless,
    ...imports.map(violation).filter((sentence) => sentence !== undefined),
    ...cycles(graph(imports, (path) => path)).map((cycle) => `cycle of files: ${cycle}`),
    ...cycles(graph(imports, folderOf)).map((cycle) => `cycle of folders: ${cycle}`),
  ];
}

function violation({ from, specifier, typeOnly }: Import): string | undefined {
  const what = `${from} imports '${specifier}'`;
  const folder = folderOf(from);
  if (!specifier.startsWith('.')) {
    if (NATIVE_PACKAGES.includes(specifier) && !typeOnly && folder === 'node')
      return `${what}: only types of it; src/${LOADER} loads it`;
    const owners = platformOf(specifier);
    if (owners === undefined || owners.includes(folder)) return undefined;
    return `${what}: only ${owners.map((owner) => `src/${owner}`).join(', ')} may`;
  }
  const target = folderOf(resolved(from, specifier));
  if (target === folder) return undefined;
  const { level, may, mayTypes = [] } = folder === '' ? ENTRY : (LAYERS[folder] ?? ENTRY);
  const row = `row '${folder}' (level ${level})`;
  const allowed = [...Object.keys(LAYERS).filter((name) => level > 0 && LAYERS[name]?.level === 0), ...may];
  if (!allowed.includes(target)) {
    if (mayTypes.includes(target) && !typeOnly)
      return `${what}: ${row} may import only types of ${mayTypes.join(', ')}`;
    if (!mayTypes.includes(target))
      return `${what}: ${row} may import ${allowed.join(', ') || 'nothing'}, not ${target}`;
  }
  const door = posix.relative(posix.dirname(from), `${target}/index.js`);
  const expected = door.startsWith('.') ? door : `./${door}`;
  return specifier === expected ? undefined : `${what}: folders import each other only through '${expected}'`;
}

/** The folders that may import a package, undefined when any may. */
function platformOf(specifier: string): readonly string[] | undefined {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return ['node'];
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return PLATFORM_PACKAGES[name];
}

/** The folder of a path from src; '' for files of src itself. */
function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}

/** `nn/linear.ts`, `../tensor/index.js` → `tensor/index.ts` */
function resolved(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
}

/** Who imports whom, after files have been gathered into nodes. */
function graph(imports: readonly Import[], nodeOf: (path: string) => string): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const { from, specifier } of imports) {
    if (!specifier.startsWith('.')) continue;
    const [source, target] = [nodeOf(from), nodeOf(resolved(from, specifier))];
    const isOneFolder = source === target && source !== from;
    if (!isOneFolder) edges.set(source, [...(edges.get(source) ?? []), target]);
  }
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
    .filter((path) => path.endsWith('.ts') && !/\.test(-support)?\.ts$/.test(path));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(src, path), 'utf8')]));
}
