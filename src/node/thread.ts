// How a worker thread is started.

import type { Worker } from 'node:worker_threads';
import type { WorkerSettings } from '../predict/local/messages.js';
import { startModule } from './native/module-thread.js';

/** Starts worker.ts. */
export const startThread = (settings: WorkerSettings): Worker => startModule(import.meta.url, 'worker', settings);
