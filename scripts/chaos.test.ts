// A small chaos, so that what docs/reliability.md promises is tried each time; `npm run chaos` is the long one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos } from './chaos/chaos.js';

test('killed commands leave what they leave without a kill, and nothing else', async () => {
  const { faults, line } = await chaos({
    ...{ seed: 1, kills: 1, processes: 2, disks: 1 },
    only: ['train'],
    tell: () => {},
  });
  assert.deepEqual(faults, [], line);
  assert.match(line, /^chaos, seed 1: kills that hit train \d\/1; 1 races of 2; \d full disks: 0 faults in \d+ s$/);
});
