// A worker thread: it does one thing after the other, as the main thread tells it, and says what came of it.

import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, Reply, ToWorker, WorkerSettings } from '../predict/local/messages.js';
import { createWork } from '../predict/local/work.js';

const work = createWork(workerData as WorkerSettings);
let turn = Promise.resolve();

parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(() => answer(message));
});

async function answer(message: ToWorker): Promise<void> {
  const replies = await repliesTo(message);
  const answered: FromWorker = { id: message.id, replies, loaded: work.models.loaded() };
  parentPort?.postMessage(answered, buffersOf(replies));
  if (message.does === 'close') parentPort?.close();
}

async function repliesTo(message: ToWorker): Promise<readonly Reply<unknown>[]> {
  switch (message.does) {
    case 'batch':
      return work.do(message.batch, () => Atomics.load(message.flag, 0) === 0);
    case 'unload':
      await work.models.unload(message.adapter);
      return [];
    case 'close':
      await work.models.release();
      return [];
  }
}

/** Arrays that are handed over, not copied. */
const buffersOf = (replies: readonly Reply<unknown>[]): ArrayBuffer[] =>
  replies.flatMap((reply) =>
    'value' in reply && reply.value instanceof Float32Array ? [reply.value.buffer as ArrayBuffer] : [],
  );
