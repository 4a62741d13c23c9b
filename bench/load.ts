// The real server as a process under load: users who search and ask over several adapters, and beside them broken bodies and
// files, slow and endless clients, and those who go away. It must live, keep its memory, and finish every job it took.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadReport, putLoad, quantile } from '../src/node/serve/load.test-support.js';
import { startProcess } from '../src/node/serve/process.test-support.js';
import { type Benchmark, type Row, row } from './benchmark.js';

const SECONDS_A_ROUND = 12;
const USERS = 8;

export const load: Benchmark = {
  name: 'load',
  about: `uniadapter serve with its samples: ${USERS} users over four adapters, and those who do not mean well`,
  async *run({ rounds }) {
    const state = await mkdtemp(join(tmpdir(), 'uniadapter-load-'));
    const server = await startProcess(['--state', state, '--port', '0']);
    try {
      const seconds = rounds * SECONDS_A_ROUND;
      const report = await putLoad({
        ...{ url: server.url, pid: server.child.pid, seconds, users: USERS, library: 'scenes' },
        ...{ searching: ['none', 'scene-search', 'clip-search'], asking: ['none', 'scene-answers'] },
      });
      yield* rowsOf(report, seconds);
      yield row('lives at its end', server.child.exitCode === null ? 1 : 0, '');
      yield row('exit code after SIGTERM', (await server.end('SIGTERM')) ?? -1, '');
    } finally {
      server.child.kill('SIGKILL');
      await rm(state, { recursive: true, force: true });
    }
  },
};

function* rowsOf({ counts, searches, questions, memory, jobs }: LoadReport, seconds: number): Generator<Row> {
  yield row('searches answered', searches.length / seconds, '1/s');
  for (const share of [0.5, 0.95]) yield row(`search, p${share * 100}`, quantile(searches, share), 'ms');
  yield row('questions answered, two each', questions.length / seconds, '1/s');
  for (const share of [0.5, 0.95]) yield row(`two questions, p${share * 100}`, quantile(questions, share), 'ms');
  for (const [what, bytes] of Object.entries(memory))
    yield row(`memory of the process, ${what}`, bytes / 2 ** 20, 'MiB');
  yield row('jobs accepted', jobs.length, '');
  yield row('jobs done', jobs.filter((state) => state === 'done').length, '');
  for (const [what, times] of Object.entries(counts).sort()) yield row(what, times, '×');
}
