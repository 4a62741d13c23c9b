// How much of this machine the compiler turns into training: ViT-B/16 at 224 pixels, batch 8, UniAdapter with R 128,
// forward and backward, against the largest matrix products that ONNX Runtime does in the same minutes.
// The target is a ratio of 0.80. Frozen weights once as inputs (as training feeds them), once as constants.

import type { Benchmark, BenchOptions, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { LARGEST, type ProductWorkload, products } from './products.js';
import { openProject } from './project.js';
import { takeTurns } from './timing.js';
import { tower as buildTower } from './tower-program.js';

const SIZES = { batch: 8, bottleneck: 128 };
const PRODUCT_FLOPS = 20e9;

interface TowerWorkload extends ProductWorkload {
  readonly constant: boolean;
}

export const tower: Benchmark = {
  name: 'tower',
  about: 'ViT-B/16 at 224, batch 8, R 128: forward + backward against the largest matrix products',
  async *run({ rounds, layers, against }: BenchOptions): AsyncGenerator<Row> {
    const workloads: TowerWorkload[] = [];
    for (const constant of [false, true])
      for (const size of LARGEST)
        workloads.push({ ...(await products(size, { constant, flops: PRODUCT_FLOPS })), constant });
    for (const constant of [false, true]) {
      workloads.push(await towerOf('tower', '.', { layers, constant }));
      if (against !== null) workloads.push(await towerOf('tower before', against, { layers, constant }));
    }
    const seconds = await takeTurns(workloads, rounds);
    const rate = ({ name, flops }: ProductWorkload) => flops / 1e9 / (seconds.get(name) as number);
    yield row('tower, operations', (workloads.at(-1) as TowerWorkload).flops / 1e9, 'GFLOP');
    for (const constant of [false, true]) {
      const mine = workloads.filter((workload) => workload.constant === constant);
      const towers = mine.filter(({ name }) => name.startsWith('tower'));
      const best = mine.filter((workload) => !towers.includes(workload)).sort((a, b) => rate(b) - rate(a))[0];
      if (!best) continue;
      yield row(`largest product, ${best.name}`, rate(best), 'GFLOP/s');
      for (const workload of towers) {
        yield row(workload.name, seconds.get(workload.name) as number, 's');
        yield row(workload.name, rate(workload), 'GFLOP/s');
        yield row(`${workload.name} / largest product`, rate(workload) / rate(best), '');
      }
    }
  },
};

async function towerOf(
  name: string,
  folder: string,
  { layers, constant }: { readonly layers: number; readonly constant: boolean },
): Promise<TowerWorkload> {
  const project = await openProject(folder);
  const built = buildTower(project, { ...SIZES, layers });
  const { program, feeds } = await built.compile(project.ort.createOrtBackend(), constant);
  const { flops } = built;
  return {
    name: `${name}, weights as ${constant ? 'constants' : 'inputs'}`,
    constant,
    flops,
    run: () => program.run(feeds),
  };
}
