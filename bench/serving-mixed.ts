// What reading texts together could gain, and what is gained of it where each text has another adapter: eight texts one by
// one, as one batch of one adapter, and as one batch of eight adapters.

import { createMixedTextEncoder, createTextEncoder } from '../src/predict/programs/index.js';
import { loadTrained } from '../src/predict/programs/load.js';
import { type Row, row } from './benchmark.js';
import { takeTurns, type Workload } from './timing.js';

/** @param adapters  folders; as many texts are read */
export async function* mixing(name: string, backbone: string, adapters: readonly string[], rounds: number) {
  const { workloads, release } = await open(backbone, adapters);
  const cpu = new Map<string, number>();
  const counted = workloads.map(({ name, run }) => ({
    name,
    async run() {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      cpu.set(name, (cpu.get(name) ?? 0) + user + system);
    },
  }));
  const seconds = await takeTurns(counted, 4 * rounds).finally(release);
  for (const [what, of] of [
    ['time', seconds],
    ['CPU time', cpu],
  ] as const)
    for (const together of ['one adapter', 'an adapter each'] as const)
      yield ratio(`${name}, 8 texts one by one / at once with ${together}: ${what}`, of, together);
}

const ratio = (what: string, of: ReadonlyMap<string, number>, together: string): Row =>
  row(what, (of.get('one by one') as number) / (of.get(together) as number), '');

async function open(backbone: string, adapters: readonly string[]) {
  const texts = adapters.map((_, i) => `a red dog on the left of a ${['car', 'house', 'tree'][i % 3]}`);
  const models = await Promise.all(adapters.map((adapter) => loadTrained({ adapter, backbone, task: 'retrieval' })));
  const [{ model, codec }] = models as [(typeof models)[0]];
  const batch = adapters.length;
  const each = await Promise.all(models.map(({ model }) => createTextEncoder(model, { codec, batch: 1 })));
  const one = await createTextEncoder(model, { codec, batch });
  const mixed = createMixedTextEncoder(model, { codec, batch });
  const workloads: readonly Workload[] = [
    {
      name: 'one by one',
      async run() {
        for (const [i, encoder] of each.entries()) await encoder.features([texts[i] as string]);
      },
    },
    { name: 'one adapter', run: () => one.features(texts) },
    {
      name: 'an adapter each',
      run: () => mixed.features(models.map(({ model }, i) => ({ text: texts[i] as string, weights: model.weights }))),
    },
  ];
  const release = async () => {
    for (const encoder of [...each, one, mixed]) await encoder.release();
  };
  return { workloads, release };
}
