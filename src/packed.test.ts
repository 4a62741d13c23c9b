// The package as its users get it: packed from a copy, unpacked, every entry point imported, nothing on stderr.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly bin: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const entries = Object.entries(manifest.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [{ entry: entry.replace('.', 'uniadapter'), ...target }],
);

const folder = mkdtempSync(join(tmpdir(), 'uniadapter-packed-'));
after(() => rmSync(folder, { recursive: true }));
const installed = install();

for (const { entry, types } of entries)
  test(`import '${entry}' works from the packed package, silently and with types`, () => {
    const { status, stdout, stderr } = node(
      '--input-type=module',
      '-e',
      `console.log(typeof await import('${entry}'))`,
    );
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'object\n', stderr: '' });
    assert.ok(existsSync(join(installed, types)), `${types} is missing from the package`);
  });

for (const [name, path] of Object.entries(manifest.bin))
  test(`the packed ${name} prints its help`, () => {
    const { status, stdout, stderr } = node(join(installed, path), '--help');
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.match(stdout, /Usage: uniadapter/);
  });

test('the package carries the licence and notices, and neither tests nor sources', () => {
  for (const file of ['LICENSE', 'NOTICE', 'CHANGELOG.md']) assert.ok(existsSync(join(installed, file)), file);
  assert.ok(!existsSync(join(installed, 'src')));
  assert.ok(!existsSync(join(installed, 'dist', 'packed.test.js')));
});

test('the package carries the studio, the page of the API, and the licences of what is bundled in them', () => {
  const files = {
    studio: ['index.html', 'icon.svg', 'licenses.md'],
    docs: ['swagger-ui.css', 'swagger-ui-bundle.js', 'LICENSE'],
  };
  for (const [place, names] of Object.entries(files))
    for (const name of names) assert.ok(existsSync(join(installed, 'dist', place, name)), `${place}/${name}`);
  const page = readFileSync(join(installed, 'dist/studio/index.html'), 'utf8');
  const [, script = ''] = /src="([^"]+)"/.exec(page) ?? [];
  assert.ok(existsSync(join(installed, 'dist/studio', script)), script);
  assert.match(readFileSync(join(installed, 'dist/studio/licenses.md'), 'utf8'), /@mantine\/core/);
});

/** Builds and packs a copy of the project and unpacks it where `import 'uniadapter'` finds it; returns that place. */
function install(): string {
  const copy = join(folder, 'copy');
  // the weights are left out: nothing is imported from them and they take long to compress
  for (const name of [
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'src',
    'studio',
    'scripts/build.ts',
    'LICENSE',
    'NOTICE',
    'CHANGELOG.md',
  ])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const place = join(folder, 'node_modules', 'uniadapter');
  mkdirSync(place, { recursive: true });
  run('npm', ['pack', '--silent', '--pack-destination', folder], copy);
  run('tar', ['-xzf', join(folder, `uniadapter-${version()}.tgz`), '--strip-components=1', '-C', place], folder);
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  return place;
}

function version(): string {
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: plainEnv() });
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: 'utf8', env: plainEnv() });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}${stdout}`);
}

/** The environment of a user: without what the test runner and the loader of TypeScript leave in it. */
function plainEnv() {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  return env;
}
