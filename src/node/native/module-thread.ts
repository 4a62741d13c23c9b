// How a module becomes a thread: from JavaScript as it is, from the sources with the loader that the main thread has, since
// loaders do not reach threads.

import { Worker } from 'node:worker_threads';
import './native.js'; // sets what threads get a copy of

/**
 * Starts a module in a thread of its own.
 *
 * @param here  `import.meta.url` of who asks
 * @param name  of the module beside it, without extension
 * @param data  what it is given as `workerData`
 */
export function startModule(here: string, name: string, data?: unknown): Worker {
  const isSource = here.endsWith('.ts');
  const entry = new URL(`./${name}${isSource ? '.ts' : '.js'}`, here);
  if (!isSource) return new Worker(entry, { workerData: data });
  const [loader, worker] = [import.meta.resolve('tsx/esm/api'), entry.href].map((url) => JSON.stringify(url));
  const code = `import(${loader}).then(({ register }) => { register(); return import(${worker}); })`;
  return new Worker(code, { eval: true, workerData: data });
}
