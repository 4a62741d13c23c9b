// Serving: how many texts a second are read for many users at once, and how long each waits; together and one by one; and
// what another adapter costs in memory.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quantile } from '../src/node/serve/load.test-support.js';
import { type Engine, openEngine } from '../src/predict/engine/index.js';
import { writeBaseBackbone } from './base-backbone.js';
import type { Benchmark, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { writeAdapters } from './serving-adapters.js';
import type { Held } from './serving-memory.js';
import { mixing } from './serving-mixed.js';

const WORDS = 'a the red blue dog cat car on left of right two small large and with house tree'.split(' ');
const USERS = [1, 8, 32] as const;
const ADAPTERS = [1, 8] as const;
/** After which nobody asks any more, in one turn of one way. */
const SECONDS = 1;
/** Of the turns before the first, in which most programs are compiled. */
const WARM_SECONDS = 3;
const MOST_ADAPTERS = 10;
/** Those of the memory's rows. */
const TOLD = [1, 2, MOST_ADAPTERS];

export const serving: Benchmark = {
  name: 'serving',
  about: 'texts read for 1 to 32 users with 1 and 8 adapters, together and one by one; memory of an adapter',
  async *run({ rounds, layers }): AsyncGenerator<Row> {
    const folder = await mkdtemp(join(tmpdir(), 'uniadapter-bench-'));
    try {
      const tiny = await writeAdapters(join(folder, 'adapters of tiny'), 'tiny', 8);
      yield* mixing('tiny', 'tiny', tiny.folders, rounds);
      yield* throughput('tiny', 'tiny', tiny.folders, rounds);
      const base = join(folder, 'base');
      await writeBaseBackbone(base, 'F32', { layers, decoder: false });
      const large = await writeAdapters(join(folder, 'adapters of base'), base, MOST_ADAPTERS);
      yield* mixing('BLIP-base', base, large.folders.slice(0, 8), rounds);
      yield* throughput('BLIP-base', base, large.folders.slice(0, 8), rounds);
      yield* memory(base, large.folders, large.bytes);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function* throughput(
  name: string,
  backbone: string,
  adapters: readonly string[],
  rounds: number,
): AsyncGenerator<Row> {
  const engine = await openEngine({ backbone });
  try {
    for (const count of ADAPTERS)
      for (const users of USERS) {
        const some = adapters.slice(0, count);
        const ways = { together: engine, 'one by one': oneByOne(engine) };
        const waits: Record<keyof typeof ways, number[]> = { together: [], 'one by one': [] };
        const seconds = { together: 0, 'one by one': 0 };
        for (let round = -1; round < rounds; round++)
          for (const way of ['together', 'one by one'] as const) {
            const start = performance.now();
            const found = await serve(ways[way], round < 0 ? WARM_SECONDS : SECONDS, users, some);
            if (round < 0) continue;
            waits[way].push(...found);
            seconds[way] += (performance.now() - start) / 1000;
          }
        for (const way of ['together', 'one by one'] as const) {
          const what = `${name}, ${users} user${users > 1 ? 's' : ''}, ${count} adapter${count > 1 ? 's' : ''}, ${way}`;
          const sorted = waits[way].sort((a, b) => a - b);
          yield row(`${what}: texts`, sorted.length / seconds[way], '/s');
          yield row(`${what}: p50`, 1000 * quantile(sorted, 0.5), 'ms');
          yield row(`${what}: p95`, 1000 * quantile(sorted, 0.95), 'ms');
        }
      }
  } finally {
    await engine.close();
  }
}

type Reads = Pick<Engine, 'textFeatures'>;

/** Users who ask for the next text as soon as they have the last. @returns seconds that each text took */
async function serve(
  engine: Reads,
  seconds: number,
  users: number,
  adapters: readonly string[],
): Promise<readonly number[]> {
  const waits: number[] = [];
  const end = performance.now() + 1000 * seconds;
  const user = async (number: number) => {
    for (let i = number; performance.now() < end; i += users) {
      const start = performance.now();
      await engine.textFeatures(adapters[i % adapters.length] as string, [TEXTS[i % TEXTS.length] as string]);
      waits.push((performance.now() - start) / 1000);
    }
  };
  await Promise.all(Array.from({ length: users }, (_, number) => user(number)));
  return waits;
}

/** 4 to 12 words, as people search. */
const TEXTS = Array.from({ length: 63 }, (_, i) =>
  Array.from({ length: 4 + (i % 9) }, (_, word) => WORDS[(7 * i + 3 * word) % WORDS.length]).join(' '),
);

/** The same engine for users who wait for each other: nothing is computed together. */
function oneByOne(engine: Reads): Reads {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    textFeatures(...given) {
      const features = turn.then(() => engine.textFeatures(...given));
      turn = features.catch(() => undefined);
      return features;
    },
  };
}

function* memory(backbone: string, adapters: readonly string[], bytes: number): Generator<Row> {
  const script = fileURLToPath(new URL('serving-memory.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [...process.execArgv, script, backbone, ...adapters], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const held = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Held);
  const at = (count: number) => held.find(({ adapters }) => adapters === count)?.memory as number;
  yield row('BLIP-base, file of an adapter', bytes / 2 ** 20, 'MB');
  for (const count of TOLD)
    yield row(`BLIP-base, ${count} adapter${count > 1 ? 's' : ''}: memory of its own`, at(count), 'MB');
  yield row('BLIP-base, each adapter after the first', (at(MOST_ADAPTERS) - at(1)) / (MOST_ADAPTERS - 1), 'MB');
}
