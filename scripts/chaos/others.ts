// Disks that become full, and processes that want the same at once.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runIn, type Scenario } from './scenarios.js';

/** Mounting is for root alone, and not in every container. */
export const canMount = (): boolean =>
  process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0;

/** Runs a command on a disk of some kilobytes. @returns what is wrong: it has to say so, and to leave nothing half written */
export async function fullDisk(scenario: Scenario, root: string, kilobytes: number): Promise<readonly string[]> {
  const folder = join(root, `${scenario.name}-disk-${kilobytes}`);
  await mkdir(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
  try {
    const { code, said } = await runIn(folder, scenario);
    const faults: string[] = [];
    const isTold = code === 1 && /no room left/.test(said) && !/This is a bug|\n +at /.test(said);
    if (code !== 0 && !isTold) faults.push(`${scenario.name}, full disk: ended with ${code}: ${said.slice(-500)}`);
    await scenario.whole(folder).catch((error) => faults.push(`${scenario.name}, full disk: ${error.message}`));
    const names = await readdir(folder, { recursive: true });
    const left = names.filter((name) => /\.uniadapter-[0-9a-f]{8}\./.test(name));
    if (left.length > 0) faults.push(`${scenario.name}, full disk: left over ${left.join(', ')}`);
    return faults;
  } finally {
    execFileSync('umount', [folder]);
  }
}

/** Starts a command several times at once in one folder. @returns what is wrong: one does it, the others say who does */
export async function race(scenario: Scenario, root: string, processes: number): Promise<readonly string[]> {
  const folder = join(root, `${scenario.name}-race`);
  await mkdir(folder);
  const ends = await Promise.all(Array.from({ length: processes }, () => runIn(folder, scenario)));
  const faults = ends
    .filter(({ code, said }) => code !== 0 && !/another (process|server) .*: got process \d+ on /.test(said))
    .map(({ code, said }) => `${scenario.name}, race: ended with ${code}: ${said.slice(-500)}`);
  if (!ends.some(({ code }) => code === 0)) faults.push(`${scenario.name}, race: nobody did it`);
  await scenario.whole(folder).catch((error) => faults.push(`${scenario.name}, race: ${error.message}`));
  return faults;
}
