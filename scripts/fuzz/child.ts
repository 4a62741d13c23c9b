// Reads runs of inputs in a process of its own. Which one it is at is in a file, for when the process is no more; a
// thread watches time and memory, which a reader that hangs cannot.

import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UniAdapterError } from '../../src/error/index.js';
import { type Batch, type BatchResult, inputAmong } from './inputs.js';
import { fuzzReaders } from './readers.js';

const alive = new Int32Array(new SharedArrayBuffer(4));
new Worker(new URL('watch.js', import.meta.url), { workerData: alive, execArgv: [] }).unref();

async function run(batch: Batch): Promise<BatchResult> {
  const { reader, from, to, folder } = batch;
  const { seeds, read } =
    fuzzReaders.get(reader) ??
    (() => {
      throw new Error(`no reader ${reader}`);
    })();
  const valid = await seeds();
  const own = join(folder, 'input');
  const at = openSync(join(folder, 'at'), 'w');
  const result = { read: 0, refused: 0, slowestMs: 0, failures: [] as [number, string][], largestBytes: 0 };
  let index = from;
  process
    .removeAllListeners('uncaughtException')
    .on('uncaughtException', (error, origin) => result.failures.push([index, `${origin}: ${error?.stack ?? error}`]));
  for (; index < to; index++) {
    writeSync(at, `${index}`.padEnd(12), 0);
    Atomics.add(alive, 0, 1);
    const input = inputAmong(valid, batch, index);
    mkdirSync(own, { recursive: true });
    const start = performance.now();
    try {
      await read(input, own);
      result.read++;
    } catch (error) {
      if (error instanceof UniAdapterError && error.code !== 'internal') result.refused++;
      else result.failures.push([index, (error as Error)?.stack ?? String(error)]);
    }
    result.slowestMs = Math.max(result.slowestMs, performance.now() - start);
    if (index % 256 === 0) {
      result.largestBytes = Math.max(result.largestBytes, process.memoryUsage.rss());
      rmSync(own, { recursive: true, force: true });
    }
  }
  result.largestBytes = Math.max(result.largestBytes, process.memoryUsage.rss());
  closeSync(at);
  return result;
}

process.on('disconnect', () => process.exit());
process.on('message', async (batch: Batch) => process.send?.(await run(batch)));
