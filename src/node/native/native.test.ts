// Without its native packages the project says which is missing, and does what it can without it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { tooOld } from '../node-version.js';
import { temporaryFolder } from '../toy.test-support.js';
import { failNative, load, NATIVE, type NativeName } from './native.js';

const folder = temporaryFolder();
const picture = join(folder, 'red.png');
await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } }).toFile(picture);
const blocker = join(folder, 'blocker.cjs');
writeFileSync(
  blocker,
  `const Module = require('node:module');
  const { _load } = Module;
  Module._load = function (request, ...more) {
    if (process.env.MISSING.split(',').includes(request)) throw new Error('Cannot find module');
    return _load.call(this, request, ...more);
  };`,
);

/** Runs Node without some packages. */
function without(missing: readonly NativeName[], ...args: readonly string[]) {
  const env = { ...process.env, MISSING: missing.join(',') };
  return spawnSync(process.execPath, ['--require', blocker, '--import', 'tsx', ...args], { encoding: 'utf8', env });
}

const cli = fileURLToPath(new URL('../../cli/cli.ts', import.meta.url));
const store = join(folder, 'store');
const NEEDING: readonly (readonly [NativeName, ...string[]])[] = [
  ['onnxruntime-node', 'ask', picture, 'what color'],
  ['onnxruntime-node', 'serve', folder, '--state', join(folder, 'state'), '--port', '0'],
  ['sharp', 'ask', picture, 'what color'],
  ['sharp', 'data', 'check', '--data', folder],
  ['@lancedb/lancedb', 'index', folder, '--store', store],
];
for (const [missing, ...args] of NEEDING)
  test(`without ${missing}, ${args[0]} says so and how to get it`, () => {
    const { status, stdout, stderr } = without([missing], cli, ...args);
    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
    const [last = ''] = stderr.trim().split('\n').slice(-1);
    assert.match(
      last,
      /^error: .*: needs the package .*, which cannot be loaded: got Cannot find module; npm install /,
    );
    assert.ok(last.includes(`${missing}@`), last);
    assert.doesNotMatch(stderr, /bug in uniadapter|\n {4}at /);
  });

const ALL = Object.keys(NATIVE) as NativeName[];

test('without fs-native-extensions no file is written, and it says so', () => {
  const files = JSON.stringify(new URL('../../files/files.ts', import.meta.url).href);
  const code = `import { writeAtomically } from ${files};
    await writeAtomically(${JSON.stringify(join(folder, 'new'))}, 'new').catch(({ message }) => console.log(message));`;
  const { stdout } = without(['fs-native-extensions'], '--input-type=module', '-e', code);
  assert.match(stdout, /^locking a file: needs the package fs-native-extensions, .*npm install /);
  assert.ok(!existsSync(join(folder, 'new')));
});

test('without any of them the library can be imported, and what needs one rejects', () => {
  const index = JSON.stringify(new URL('../index.ts', import.meta.url).href);
  const code = `import { ask, inspect } from ${index};
    console.log((await inspect('tiny')).kind);
    await ask(null, ${JSON.stringify(picture)}, ['what'], { backbone: 'tiny' }).catch((error) => console.log(error.name, error.code));`;
  const { stdout, stderr } = without(ALL, '--input-type=module', '-e', code);
  assert.deepEqual({ stdout, stderr }, { stdout: 'backbone\nUniAdapterError runtime\n', stderr: '' });
});

test('on a platform that a package has no build for, the error lists those it has, and what else can be done', () => {
  const on = (name: NativeName, platform: string) => () => failNative(name, new Error('no'), { platform });
  assert.throws(on('@lancedb/lancedb', 'darwin-x64'), {
    code: 'runtime',
    message:
      /which does not exist for this platform: got darwin-x64, expected linux-x64, .*; keep it in PostgreSQL instead: --store postgres/,
  });
  assert.throws(on('onnxruntime-node', 'linux-x64-musl'), /got linux-x64-musl, .*Debian’s instead of Alpine’s/);
  assert.throws(on('sharp', 'linux-x64-musl'), /npm install --include=optional sharp@\d/);
});

test('what is there is given', () => {
  assert.equal(
    load('sharp', (name) => name.length),
    5,
  );
});

test('the platforms are those that the packages of this version have', () => {
  const lock = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'));
  const built = (start: string): readonly string[] =>
    Object.keys(lock.packages)
      .filter((path) => path.startsWith(`node_modules/${start}`))
      .map((path) => path.slice(`node_modules/${start}`.length).replace(/-(gnu|msvc|mingw)$/, ''))
      .map((platform) => platform.replace(/^linuxmusl-(.*)/, 'linux-$1-musl'))
      .filter((platform) => !/^libvips|wasm32/.test(platform));
  const sorted = (platforms: readonly string[]) => [...new Set(platforms)].sort();
  const stated = (name: NativeName) => sorted(NATIVE[name].builds);
  assert.deepEqual(stated('sharp'), sorted(built('@img/sharp-')));
  assert.deepEqual(stated('@lancedb/lancedb'), sorted(built('@lancedb/lancedb-')));
  assert.deepEqual(stated('node-av'), sorted(built('@seydx/node-av-')));
  const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
  for (const platform of ['linux', 'darwin', 'win32'])
    for (const processor of ['x64', 'arm64']) {
      const holds = (folder: string) => existsSync(join(modules, folder));
      const [runtime, locks] = [`bin/napi-v6/${platform}/${processor}`, `prebuilds/${platform}-${processor}`];
      const isStated = (name: NativeName) => stated(name).includes(`${platform}-${processor}`);
      assert.equal(holds(`onnxruntime-node/${runtime}`), isStated('onnxruntime-node'), runtime);
      assert.equal(holds(`fs-native-extensions/${locks}`), isStated('fs-native-extensions'), locks);
    }
});

test('in a thread that was not given what keeps ONNX Runtime from reporting, it is not loaded', async () => {
  const native = JSON.stringify(new URL('./native.ts', import.meta.url).href);
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import(${native}); })
    .then(({ onnxRuntime }) => onnxRuntime()).catch(({ message }) => require('node:worker_threads').parentPort.postMessage(message));`;
  const said = await new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, env: {} });
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('it was loaded')));
  });
  assert.match(String(said), /would report that it is used.*set ORT_DISABLE_TELEMETRY=1 before the process starts/);
});

test('an older Node is refused with a sentence', () => {
  assert.match(tooOld('>=20.10', '20.9.0') ?? '', /^Node\.js: is too old: got 20\.9\.0, expected 20\.10 or newer$/);
  assert.match(tooOld('>=20.10', '18.20.1') ?? '', /18\.20\.1/);
  for (const version of ['20.10.0', '20.20.2', '22.0.0', '30.1.0']) assert.equal(tooOld('>=20.10', version), undefined);
});
