// The log of a run is read whatever a crash left of it.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../node/toy.test-support.js';
import { latest, readLog } from './log.js';

const folder = temporaryFolder();
const LINE = '{"type":"checkpoint","step":3,"path":"c","time":"2026-01-02T03:04:05.678Z"}';

test('lines that a crash cut off are left out, wherever they stand', async () => {
  const path = join(folder, 'events.jsonl');
  for (const text of [`${LINE}\n{"type":"st`, `{"type":"st\n${LINE}\n`]) {
    await writeFile(path, text);
    assert.deepEqual(await readLog(path), [JSON.parse(LINE)]);
  }
});

test('a folder without a log is said to be no run', async () => {
  await assert.rejects(
    readLog(join(folder, 'nowhere', 'events.jsonl')),
    /nowhere: is no run: expected a folder with events\.jsonl, which training writes$/,
  );
});

test('of what happened twice, the later counts', () => {
  const events = [1, 2, 3, 2].map((step, at) => ({ step, at }));
  assert.deepEqual(
    latest(events, ({ step }) => step).map(({ at }) => at),
    [0, 3, 2],
  );
});
