// Our side of the benchmark `peers`, as a process: {"ready"} once the workload is open; then, for each line of input, one
// run: {"seconds", "peakBytes"}. The other side is bench/peers/uniadapter.py.
//   npx tsx bench/serve.ts WORKLOAD BACKBONE [float32]

import { createInterface } from 'node:readline';
import { fail } from '../src/error/index.js';
import type { Answer } from './peer.js';
import { secondsOf } from './timing.js';
import { WORKLOADS } from './workloads.js';

const [name = '', folder = '', precision = 'float32'] = process.argv.slice(2);
const open =
  WORKLOADS[name] ??
  fail('recipe', { where: 'serve', what: 'no such workload', got: name, expected: Object.keys(WORKLOADS).join(', ') });
const run = await open({ folder, precision: precision as 'float32' | 'int8' });
console.log(JSON.stringify({ ready: true }));
for await (const _ of createInterface({ input: process.stdin })) {
  const seconds = await secondsOf(run);
  const answer: Answer = { seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
  console.log(JSON.stringify(answer));
}
