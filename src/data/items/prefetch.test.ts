import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prefetch } from './prefetch.js';

test('prefetching keeps order and errors in place, works ahead, and closes its source', async () => {
  const made: number[] = [];
  let closed = false;
  async function* source(failAt = -1) {
    try {
      for (let i = 0; i < 6; i++) {
        if (i === failAt) throw new Error(`at ${i}`);
        made.push(i);
        yield i;
      }
    } finally {
      closed = true;
    }
  }
  const seen: number[] = [];
  for await (const value of prefetch(source(), 2)) seen.push(value);
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5]);
  made.length = 0;
  closed = false;
  for await (const value of prefetch(source(), 2)) {
    await new Promise((done) => setTimeout(done, 5));
    assert.deepEqual(made, [0, 1, 2], `while ${value} is used, two more are made`);
    break;
  }
  assert.ok(closed);
  const beforeError: number[] = [];
  await assert.rejects(async () => {
    for await (const value of prefetch(source(2), 4)) beforeError.push(value);
  }, /at 2/);
  assert.deepEqual(beforeError, [0, 1]);
});
