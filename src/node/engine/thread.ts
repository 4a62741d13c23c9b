// How a worker thread is started.

import type { Worker } from 'node:worker_threads';
import { startModule } from '../module-thread.js';
import type { WorkerSettings } from './messages.js';

/** Starts worker.ts. */
export const startThread = (settings: WorkerSettings): Worker => startModule(import.meta.url, 'worker', settings);
