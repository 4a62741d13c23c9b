// Workers that die, and two that work at the same time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../node/thread.js';
import { refusal, temporaryFolder, toyBackbone } from '../../node/toy.test-support.js';
import type { Batch } from '../local/messages.js';
import { createWorkerPool } from './worker-pool.js';

const folder = temporaryFolder();
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
});

const never = new AbortController().signal;
const batch: Batch<'text'> = { kind: 'text', items: ['a red square'], adapters: [null] };

/** A pool, and the threads that it has started. */
function open(workers: number) {
  const threads: Worker[] = [];
  const settings = { backbone, workers, adapterBytes: 2 ** 20, tokenBytes: 2 ** 20 };
  const pool = createWorkerPool(settings, (given) => {
    const thread = startThread(given);
    threads.push(thread);
    return thread;
  });
  return { pool, threads };
}

test('a worker that dies takes its batch with it, and another takes its place', async () => {
  const { pool, threads } = open(1);
  const [first] = await pool.run(batch, never);
  const lost = pool.run(batch, never);
  assert.equal(pool.idle(), 0);
  await threads[0]?.terminate();
  const error = await refusal(lost);
  assert.equal(error.code, 'runtime');
  assert.match(error.message, /the worker that computed this died.*ask again/);
  assert.equal(pool.idle(), 1);
  assert.deepEqual(await pool.run(batch, never), [first]);
  assert.equal(threads.length, 2);
  await pool.close();
});

test('a backbone that is not there is an error of what was asked, each time', async () => {
  const settings = { backbone: join(folder, 'nowhere'), workers: 1, adapterBytes: 0, tokenBytes: 0 };
  const pool = createWorkerPool(settings);
  for (let i = 0; i < 2; i++) {
    const [outcome] = await pool.run(batch, never);
    assert.ok(outcome && 'error' in outcome && outcome.error.code === 'file');
  }
  await pool.close();
});

test('workers start when there is something to do, and as many batches are computed at a time', async () => {
  const { pool, threads } = open(2);
  assert.deepEqual([pool.idle(), threads.length], [2, 0]);
  const both = [pool.run(batch, never), pool.run(batch, never)];
  assert.deepEqual([pool.idle(), threads.length], [0, 2]);
  const [one, other] = await Promise.all(both);
  assert.deepEqual(one, other);
  await pool.close();
});
