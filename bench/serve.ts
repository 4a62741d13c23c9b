// Our side of the benchmark `peers`, as a process. The other side is bench/peers/uniadapter.py.
//   npx tsx bench/serve.ts WORKLOAD BACKBONE [float32]

import { fail } from '../src/error/index.js';
import { answerRuns } from './peer.js';
import { WORKLOADS } from './workloads.js';

const [name = '', folder = '', precision = 'float32'] = process.argv.slice(2);
const open =
  WORKLOADS[name] ??
  fail('recipe', { where: 'serve', what: 'no such workload', got: name, expected: Object.keys(WORKLOADS).join(', ') });
await answerRuns(await open({ folder, precision: precision as 'float32' | 'int8' }));
