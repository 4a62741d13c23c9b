// JavaScript, since a thread knows nothing of TypeScript. It stands beside a reader, and ends the process when that is at one
// input for too long or takes too much memory.

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Of one input: what it computes, however busy the machine is, and how long it may wait for something. */
const MOST_CPU_MS = 20_000;
const MOST_MS = 60_000;
const MOST_BYTES = 2 ** 31;
const LOOK_MS = 250;

/** @param {Int32Array} alive  [1], another number for each input */
function watchOver(alive) {
  let [last, since, cpu] = [-1, Date.now(), cpuMs()];
  setInterval(() => {
    const now = Atomics.load(alive, 0);
    if (now !== last) [last, since, cpu] = [now, Date.now(), cpuMs()];
    const isHung = cpuMs() - cpu > MOST_CPU_MS || Date.now() - since > MOST_MS;
    if (!isHung && process.memoryUsage.rss() < MOST_BYTES) return;
    writeSync(2, isHung ? 'hangs' : 'takes too much memory');
    process.kill(process.pid, 'SIGKILL');
  }, LOOK_MS);
}

/** Of the whole process. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

watchOver(workerData);
