// Workers that die, and two that work at the same time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../node/thread.js';
import { refusal, temporaryFolder, toyBackbone } from '../../node/toy.test-support.js';
import type { Batch } from '../local/messages.js';
import { createCrew } from './crew.js';

const folder = temporaryFolder();
let backbone: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
});

const never = new AbortController().signal;
const batch: Batch<'text'> = { kind: 'text', items: ['a red square'], adapters: [null] };

/** A crew, and the threads that it has started. */
function open(workers: number) {
  const threads: Worker[] = [];
  const settings = { backbone, workers, adapterBytes: 2 ** 20, tokenBytes: 2 ** 20 };
  const crew = createCrew(settings, (given) => {
    const thread = startThread(given);
    threads.push(thread);
    return thread;
  });
  return { crew, threads };
}

test('a worker that dies takes its batch with it, and another takes its place', async () => {
  const { crew, threads } = open(1);
  const [first] = await crew.run(batch, never);
  const lost = crew.run(batch, never);
  assert.equal(crew.idle(), 0);
  await threads[0]?.terminate();
  const error = await refusal(lost);
  assert.equal(error.code, 'runtime');
  assert.match(error.message, /the worker that computed this died.*ask again/);
  assert.equal(crew.idle(), 1);
  assert.deepEqual(await crew.run(batch, never), [first]);
  assert.equal(threads.length, 2);
  await crew.close();
});

test('a backbone that is not there is an error of what was asked, each time', async () => {
  const settings = { backbone: join(folder, 'nowhere'), workers: 1, adapterBytes: 0, tokenBytes: 0 };
  const crew = createCrew(settings);
  for (let i = 0; i < 2; i++) {
    const [outcome] = await crew.run(batch, never);
    assert.ok(outcome && 'error' in outcome && outcome.error.code === 'file');
  }
  await crew.close();
});

test('workers start when there is something to do, and as many batches are computed at a time', async () => {
  const { crew, threads } = open(2);
  assert.deepEqual([crew.idle(), threads.length], [2, 0]);
  const both = [crew.run(batch, never), crew.run(batch, never)];
  assert.deepEqual([crew.idle(), threads.length], [0, 2]);
  const [one, other] = await Promise.all(both);
  assert.deepEqual(one, other);
  await crew.close();
});
