import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../node/toy.test-support.js';
import { commandLine as run } from './fixtures/fake.js';

process.env.XDG_DATA_HOME = temporaryFolder();
delete process.env.UNIADAPTER_TOKEN;

for (const [args, message] of [
  [['--host', '0.0.0.0'], /--host 0\.0\.0\.0: others can reach this address.*expected --token, or UNIADAPTER_TOKEN/],
  [['--host', '192.168.1.7', '--token', 'short'], /--token: is too short.*got 5 characters, expected 16 or more/],
  [['/no/such/folder'], /does not exist/],
  [['--backbone', 'tinny'], /backbone tinny: there is no such backbone/],
] as const)
  test(`what is wrong is said before anything is served: serve ${args.join(' ')}`, async () => {
    const { code, out, err } = await run('serve', ...args);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, message);
  });
