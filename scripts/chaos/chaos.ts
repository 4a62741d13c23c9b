// Kills, full disks and races, and the line of figures that comes of them.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stream } from '../../src/random/index.js';
import { startHub } from './hub.js';
import { canMount, fullDisk, race } from './others.js';
import { scenariosIn } from './scenarios.js';
import { killed } from './trial.js';

export interface ChaosOptions {
  readonly seed: number;
  /** Of each command. */
  readonly kills: number;
  /** That start each command at once; none below 2. */
  readonly processes: number;
  /** Disks of random size, for each command. */
  readonly disks: number;
  /** Names of commands; default all. */
  readonly only?: readonly string[];
  readonly tell: (line: string) => void;
}

const FIXTURES = join(import.meta.dirname, '..', '..', 'src', 'weights', 'checkpoint', 'fixtures');
const KILOBYTES = [20, 3000] as const;

/** @returns faults, none when all is as promised, and the line of figures */
export async function chaos(
  options: ChaosOptions,
): Promise<{ readonly faults: readonly string[]; readonly line: string }> {
  const { seed, kills, processes, only, tell } = options;
  const started = performance.now();
  const random = stream(seed, 'chaos', 0).uniform;
  const root = await mkdtemp(join(tmpdir(), 'uniadapter-chaos-'));
  const hub = await startHub(join(FIXTURES, 'vqa-float16-bin'));
  const faults: string[] = [];
  const counts: string[] = [];
  let [races, disks] = [0, 0];
  try {
    const all = await scenariosIn(root, hub.url, FIXTURES);
    for (const scenario of all.filter(({ name }) => !only || only.includes(name))) {
      const { name } = scenario;
      const trial = await killed(scenario, root, kills, random);
      counts.push(`${name} ${trial.hits}/${trial.kills}`);
      const found = [...trial.faults];
      if (processes > 1) {
        found.push(...(await race(scenario, root, processes)));
        races++;
      }
      for (let i = 0; i < options.disks && canMount(); i++) {
        const size = Math.round(KILOBYTES[0] * (KILOBYTES[1] / KILOBYTES[0]) ** random());
        found.push(...(await fullDisk(scenario, root, size)));
        disks++;
      }
      for (const fault of found) tell(fault);
      faults.push(...found);
    }
  } finally {
    hub.close();
    await rm(root, { recursive: true, force: true });
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  const line = `chaos, seed ${seed}: kills that hit ${counts.join(', ')}; ${races} races of ${processes}; ${disks} full disks: ${faults.length} faults in ${seconds} s`;
  return { faults, line };
}
