// The runner itself, run on small projects in a temporary folder: what it counts, prints and returns.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const IMPORT = "import { describe, test } from 'node:test';";

test('passing and skipped tests are counted, nested ones too, and the run succeeds', () => {
  const { code, lines } = runProject({
    'a.test.ts': `${IMPORT} test('one', () => {}); describe('suite', () => { test('two', () => {}); });`,
    'b.test.ts': `${IMPORT} test('three', () => {}); test('four', { skip: 'not here' }, () => {});`,
  });
  assert.deepEqual(lines.slice(-2), ['1 skipped', '3 passed, 0 failed']);
  assert.equal(code, 0);
  assert.equal(lines.filter((line) => line.startsWith('✓ src/')).length, 2);
});

test('a failure is told in full: file, path of names, values; and the run fails', () => {
  const { code, lines } = runProject({
    'a.test.ts': `${IMPORT} import assert from 'node:assert/strict';
      describe('suite', () => { test('adds', () => assert.equal(1 + 1, 3)); });
      test('works', () => {});`,
  });
  assert.ok(lines.includes('✗ src/a.test.ts › suite › adds'), lines.join('\n'));
  assert.match(lines.join('\n'), /2 !== 3/);
  assert.equal(lines.at(-1), '1 passed, 1 failed');
  assert.equal(code, 1);
});

test('a file that cannot be loaded is a failure, told with what it printed', () => {
  const { code, lines } = runProject({ 'a.test.ts': `${IMPORT} import './missing.js'; test('never', () => {});` });
  assert.match(lines.join('\n'), /missing\.js/);
  assert.equal(lines.at(-1), '0 passed, 1 failed');
  assert.equal(code, 1);
});

test('a process that dies after its tests is a failure', () => {
  const { code, lines } = runProject({
    'a.test.ts': `${IMPORT} test('fine', () => {}); setTimeout(() => process.exit(3), 20);`,
  });
  assert.equal(lines.at(-1), '1 passed, 1 failed');
  assert.equal(code, 1);
});

test('filters choose files by a part of their path, and a run without a test fails', () => {
  const sources = { 'a.test.ts': `${IMPORT} test('one', () => {});`, 'b.test.ts': `${IMPORT} test('two', () => {});` };
  assert.equal(runProject(sources, ['src/b']).lines.at(-1), '1 passed, 0 failed');
  const { code, lines } = runProject(sources, ['nothing']);
  assert.equal(lines.at(-1), '0 passed, 0 failed');
  assert.equal(code, 1);
});

/** Runs scripts/test.ts in a new folder whose src holds these files. */
function runProject(sources: Readonly<Record<string, string>>, filters: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), 'uniadapter-test-'));
  try {
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, 'src', name), text);
    const loader = import.meta.resolve('tsx');
    const { NODE_TEST_CONTEXT: _, ...env } = process.env; // or node:test takes this run for a part of its own
    const run = spawnSync(process.execPath, ['--import', loader, resolve('scripts/test.ts'), ...filters], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    return { code: run.status, lines: run.stdout.trimEnd().split('\n') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
