import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeContext, fakeRun, given, commandLine as run } from './fixtures/fake.js';
import { main } from './program.js';

const PLAN = '1,204 images and clips, 0 captions: 2 new, 1 moved, 1,200 unchanged, 1 unreadable\n';
const PROBLEMS = 'unreadable broken.jpg: is empty\nskipped manifest.jsonl, line 2: is blank\n';

test('index says what is new, how far it is, and what can be searched', async () => {
  const { code, out, err, calls } = await run('index', 'photos');
  assert.equal(code, 0);
  assert.deepEqual(given(calls), { folder: 'photos', adapter: null });
  assert.equal(
    out,
    '1,203 images and clips and 0 captions can be searched, in 1 min 10 s: 2 new, 1 moved, 1,200 unchanged, 1 unreadable\n',
  );
  assert.ok(err.startsWith(`reading files · 3/3 · 100 %\n${PROBLEMS}${PLAN}`), err);
});

test('index takes adapter, backbone, store and name; a check prints the plan', async () => {
  const args = ['--backbone', 'b', '--store', 'postgres://x/y', '--name', 'mine', '--adapter', 'none'];
  const { code, out, err, calls } = await run('index', 'photos', ...args, '--check', '--retry');
  assert.deepEqual([code, out], [0, PLAN]);
  assert.ok(err.endsWith(PROBLEMS), err);
  assert.deepEqual(given(calls), {
    ...{ folder: 'photos', adapter: null, backbone: 'b', store: 'postgres://x/y', name: 'mine' },
    ...{ check: true, retry: true },
  });
});

test('with --json stdout holds nothing but events', async () => {
  const { out } = await run('index', 'photos', '--json');
  const types = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  assert.deepEqual(types, ['progress', 'unreadable', 'plan', 'progress', 'done']);
});

test('Ctrl-C keeps what is embedded, ends with 130, and says how to go on', async () => {
  const { context, written, interrupt, listeners } = fakeContext(fakeRun([], 20));
  const ended = main(['index', 'photos'], context, '1.2.3');
  const pressed = setInterval(() => {
    if (!written.err.includes(PLAN)) return;
    clearInterval(pressed);
    interrupt();
  }, 1);
  assert.equal(await ended, 130);
  assert.match(written.err, /Stopping; what is embedded so far is kept/);
  assert.match(written.err, /Stopped\. Nothing is lost: the same command goes on from here\.\n$/);
  assert.deepEqual([written.out, listeners.length], ['', 0]);
});

test('search can use the index instead of reading the folder', async () => {
  const args = ['search', 'none', 'a cat', '--in', 'photos', '--index'];
  const { out, calls } = await run(...args, '--store', 'vectors', '--backbone', 'b', '--name', 'mine');
  assert.deepEqual(
    calls.map(({ name }) => name),
    ['openIndexedSearch', 'close'],
  );
  const expected = { folder: 'photos', adapter: null, backbone: 'b', store: 'vectors', name: 'mine' };
  assert.deepEqual(given(calls), expected);
  assert.match(out, /1 {2}a\.jpg +– +0\.500 +1\n/);
  const both = await run(...args, '--cache', 'features');
  assert.deepEqual([both.code, both.calls], [2, []]);
  assert.match(both.err, /option '--index' cannot be used with option '--cache <folder>'/);
  for (const flag of ['--store', '--name']) {
    const without = await run('search', 'none', 'a cat', '--in', 'photos', flag, 'mine');
    assert.deepEqual([without.code, without.calls], [1, []]);
    assert.match(without.err, new RegExp(`${flag}: says which index, but none is searched; add --index`));
  }
});
