// The first stage of search in a library of a million: making the index, and the ten nearest, with and without filters,
// held against comparing with every row. In LanceDB on a disk, by the very code that serves.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from '../src/node/serve/load.test-support.js';
import { openStore } from '../src/node/vectors/open-store.js';
import type { RowFilter, VectorRow, VectorTable } from '../src/search/types.js';
import type { Benchmark, BenchOptions, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { secondsOf } from './timing.js';
import { CLOUDS, type Cloud, WIDTH } from './vector-clouds.js';

const ROWS = 1_000_000;
/** Rows of one write. */
const BATCH = 50_000;
const [QUERIES, NEAREST] = [200, 10];
/** Queries that are compared with every row, a second each. */
const EXACT_QUERIES = 50;
const FOLDERS = 100;

const FILTERS: Readonly<Record<string, RowFilter>> = {
  'all rows': { of: 'media' },
  'one folder, 1 %': { of: 'media', folder: 'folder7' },
  'clips, 10 %': { of: 'media', kind: 'video' },
  'newer half': { of: 'media', from: ROWS / 2 },
};

export const vectors: Benchmark = {
  name: 'vectors',
  about: `the ${NEAREST} nearest of ${ROWS.toLocaleString('en-US')} vectors of width ${WIDTH}`,
  async *run({ rounds }: BenchOptions): AsyncGenerator<Row> {
    for (const [name, cloud] of Object.entries(CLOUDS)) {
      const folder = await mkdtemp(join(tmpdir(), 'uniadapter-bench-'));
      const store = await openStore(folder);
      try {
        const table = await store.table('bench', WIDTH, {});
        yield row(`${name}: write`, await secondsOf(() => write(table, cloud)), 's');
        yield row(`${name}: index`, await secondsOf(() => table.optimise()), 's');
        for (const [query, draw] of Object.entries(cloud.queries))
          for (const [what, filter] of Object.entries(FILTERS))
            yield* measure(`${name}, by a ${query}, ${what}`, table, draw(QUERIES), { filter, rounds });
      } finally {
        await store.close();
        await rm(folder, { recursive: true });
      }
    }
  },
};

async function write(table: VectorTable, cloud: Cloud): Promise<void> {
  for (let at = 0; at < ROWS; at += BATCH) {
    const drawn = cloud.rows(BATCH);
    await table.put(drawn.map((vector, i) => vectorRow(at + i, vector)));
  }
}

function vectorRow(i: number, vector: Float32Array): VectorRow {
  return {
    ...{ id: `row${i}`, item: `row${i}`, of: 'media', kind: i % 10 ? 'image' : 'video' },
    ...{ path: `folder${i % FOLDERS}/${i}.jpg`, bytes: i, modified: i, content: `${i}`, text: '', vector },
  };
}

async function* measure(
  what: string,
  table: VectorTable,
  queries: readonly Float32Array[],
  { filter, rounds }: { readonly filter: RowFilter; readonly rounds: number },
): AsyncGenerator<Row> {
  const ask = (query: Float32Array, exact = false) =>
    table.nearest(query, { limit: NEAREST, offset: 0, filter, exact });
  const seconds: number[] = [];
  for (const query of queries) await ask(query);
  for (let round = 0; round < rounds; round++)
    for (const query of queries) seconds.push(await secondsOf(() => ask(query)));
  seconds.sort((a, b) => a - b);
  yield row(`${what}: p50`, 1000 * quantile(seconds, 0.5), 'ms');
  yield row(`${what}: p95`, 1000 * quantile(seconds, 0.95), 'ms');
  yield row(`${what}: recall@${NEAREST}`, await recallOf(queries.slice(0, EXACT_QUERIES), ask), '');
}

/** The share of the nearest rows, as comparing with every row has them, that were found. */
async function recallOf(
  queries: readonly Float32Array[],
  ask: (query: Float32Array, exact?: boolean) => ReturnType<VectorTable['nearest']>,
): Promise<number> {
  let [found, all] = [0, 0];
  for (const query of queries) {
    const ids = new Set((await ask(query)).map(({ id }) => id));
    const nearest = await ask(query, true);
    found += nearest.filter(({ id }) => ids.has(id)).length;
    all += nearest.length;
  }
  return found / all;
}
