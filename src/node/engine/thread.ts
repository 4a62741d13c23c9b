// How a worker thread is started: from JavaScript as it is, from the sources with the loader that the main thread has, since
// loaders do not reach threads.

import { Worker } from 'node:worker_threads';
import type { WorkerSettings } from './messages.js';

/** Starts worker.ts. */
export function startThread(settings: WorkerSettings): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url);
  if (!isSource) return new Worker(entry, { workerData: settings });
  const [loader, worker] = [import.meta.resolve('tsx/esm/api'), entry.href].map((url) => JSON.stringify(url));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${worker}); })`;
  return new Worker(code, { eval: true, workerData: settings });
}
