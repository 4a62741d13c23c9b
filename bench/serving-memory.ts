// One process of bench/serving.ts: an engine that reads texts with more and more adapters. Prints a line of JSON for each
// number of adapters; memory is the kernel's account of this process, without mapped files.
//   npx tsx bench/serving-memory.ts BACKBONE ADAPTER …

import { readFileSync } from 'node:fs';
import { openEngine } from '../src/predict/engine/index.js';

export interface Held {
  readonly adapters: number;
  /** MB */
  readonly memory: number;
}

const [backbone = '', ...adapters] = process.argv.slice(2);
const engine = await openEngine({ backbone });
try {
  for (const [i, adapter] of [null, ...adapters].entries()) {
    await readWith(adapter);
    tell(i);
  }
} finally {
  await engine.close();
}

/** Twice: the second run still meets memory that the system has yet to give. */
async function readWith(adapter: string | null): Promise<void> {
  for (let i = 0; i < 2; i++) await engine.textFeatures(adapter, ['a photo of a dog']);
}

function tell(count: number): void {
  const own = Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
  console.log(JSON.stringify({ adapters: count, memory: own } satisfies Held));
}
