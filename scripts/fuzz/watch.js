// JavaScript, since a thread knows nothing of TypeScript. It stands beside a reader, and ends the process when that is at one
// input for too long or takes too much memory.

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Longer than any reader takes on a machine that is busy with other things. */
const MOST_MS = 300_000;
const MOST_BYTES = 2 ** 31;
const LOOK_MS = 250;

/** @param {Int32Array} alive  [1], another number for each input */
function watchOver(alive) {
  let [last, since] = [-1, Date.now()];
  setInterval(() => {
    const now = Atomics.load(alive, 0);
    if (now !== last) [last, since] = [now, Date.now()];
    const isHung = Date.now() - since > MOST_MS;
    if (!isHung && process.memoryUsage.rss() < MOST_BYTES) return;
    writeSync(2, isHung ? 'hangs' : 'takes too much memory');
    process.kill(process.pid, 'SIGKILL');
  }, LOOK_MS);
}

watchOver(workerData);
