// A worker thread: it does one thing after the other, as the main thread tells it, and says what came of it.

import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, Outcome, ToWorker, WorkerSettings } from './messages.js';
import { createWork } from './work.js';

const work = createWork(workerData as WorkerSettings);
let turn = Promise.resolve();

parentPort?.on('message', (message: ToWorker) => {
  turn = turn.then(() => answer(message));
});

async function answer(message: ToWorker): Promise<void> {
  const outcomes = await outcomesOf(message);
  const reply: FromWorker = { id: message.id, outcomes, loaded: work.models.loaded() };
  parentPort?.postMessage(reply, buffersOf(outcomes));
  if (message.does === 'close') parentPort?.close();
}

async function outcomesOf(message: ToWorker): Promise<readonly Outcome<unknown>[]> {
  switch (message.does) {
    case 'batch':
      return work.do(message.batch);
    case 'unload':
      await work.models.unload(message.adapter);
      return [];
    case 'close':
      await work.models.release();
      return [];
  }
}

/** Arrays that are handed over, not copied. */
const buffersOf = (outcomes: readonly Outcome<unknown>[]): ArrayBuffer[] =>
  outcomes.flatMap((outcome) =>
    'value' in outcome && outcome.value instanceof Float32Array ? [outcome.value.buffer as ArrayBuffer] : [],
  );
