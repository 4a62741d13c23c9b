// What frozen weights cost in memory and time, by where they are: in their file and mapped; read, and fed to every program;
// in each program, packed. Processes of their own, so that nobody's memory is counted as another's.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFor } from '../src/model/index.js';
import type { Benchmark, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { BUILDS, feedsOf, open, type Way } from './mapped-model.js';
import type { Memory } from './mapped-programs.js';
import { takeTurns, type Workload } from './timing.js';

const WAYS: readonly Way[] = ['mapped', 'fed', 'packed'];

export const mapped: Benchmark = {
  name: 'mapped',
  about: 'BLIP-base: weights in their file, in memory, or packed in six programs that train, evaluate and serve',
  async *run({ rounds }): AsyncGenerator<Row> {
    const folder = await mkdtemp(join(tmpdir(), 'uniadapter-bench-'));
    try {
      run('base-backbone.ts', join(folder, 'F32'), 'F32');
      run('base-backbone.ts', join(folder, 'BF16'), 'BF16');
      for (const way of WAYS) yield* rowsOf(way, join(folder, 'F32'), way);
      yield* rowsOf('mapped, bfloat16', join(folder, 'BF16'), 'mapped');
      for (const name of ['evaluate images', 'evaluate texts', 'serve texts'])
        yield* inTurns(name, join(folder, 'F32'), join(folder, 'BF16'), rounds);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function* rowsOf(name: string, folder: string, way: Way): Generator<Row> {
  for (const { what, own, file, cpu, run: again } of memories(folder, way)) {
    yield row(`${name}, ${what}: memory of its own`, own, 'MB');
    yield row(`${name}, ${what}: mapped files in memory, once for each program`, file, 'MB');
    yield row(`${name}, ${what}: CPU time`, again ?? cpu, 's');
  }
}

/** The same program in every way, in turns: seconds, which only compare with each other. */
export async function* inTurns(name: string, f32: string, bf16: string, rounds: number): AsyncGenerator<Row> {
  const workloads: Workload[] = [];
  for (const [title, folder, way] of [
    ...WAYS.map((way) => [way, f32, way] as const),
    ['bfloat16', bf16, 'mapped'] as const,
  ]) {
    const model = await open(folder, way);
    const program = await compileFor(model, name, () => BUILDS[name]?.(model) ?? {});
    const feeds = feedsOf(program, model.weights);
    workloads.push({ name: title, run: () => program.run(feeds) });
  }
  const seconds = await takeTurns(workloads, rounds);
  const fed = seconds.get('fed') as number;
  for (const [title, each] of seconds) yield row(`${name}, ${title} / fed`, each / fed, '');
}

function memories(folder: string, way: Way): readonly Memory[] {
  const lines = run('mapped-programs.ts', folder, way).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Memory);
}

function run(script: string, ...given: readonly string[]): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [...process.execArgv, path, ...given], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} ${given.join(' ')}: ${stderr}`);
  return stdout;
}
