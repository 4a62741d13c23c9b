// One scenario, killed again and again.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { start } from './process.js';
import { runIn, type Scenario } from './scenarios.js';

/** Of an uninterrupted run's time, when the kill comes: also when it is only beginning, or all but over. */
const SPAN = [0.2, 1.02] as const;
const TEMPORARY = /\.uniadapter-[0-9a-f]{8}\.(tmp|old)$|\.incomplete$|\.lock$|^lock$/;

export interface Trial {
  readonly kills: number;
  /** That came before the command was over. */
  readonly hits: number;
  readonly faults: readonly string[];
}

/**
 * Kills a scenario at random moments, starts it again, and compares what it leaves with what it leaves without.
 *
 * @param random  numbers from 0 to 1
 */
export async function killed(scenario: Scenario, root: string, kills: number, random: () => number): Promise<Trial> {
  const straight = await newFolder(join(root, `${scenario.name}-straight`));
  const { took, faults: before } = await toTheEnd(scenario, straight);
  const expected = await scenario.result(straight);
  const faults = [...before];
  let hits = 0;
  for (let i = 0; i < kills; i++) {
    const folder = await newFolder(join(root, `${scenario.name}-${i}`));
    const running = start(scenario.args(folder), scenario.environment(folder));
    const moment = took * (SPAN[0] + random() * (SPAN[1] - SPAN[0]));
    const isOver = await Promise.race([running.ended.then(() => true), setTimeout(moment, false)]);
    if (!isOver) hits++;
    running.kill('SIGKILL');
    await running.ended;
    await scenario.whole(folder).catch((error) => faults.push(`${scenario.name}, killed: ${error.message}`));
    faults.push(...(await toTheEnd(scenario, folder)).faults);
    const result = await scenario.result(folder).catch(String);
    if (result !== expected)
      faults.push(`${scenario.name}: after a kill at ${Math.round(moment)} ms it left ${result}`);
    const left = (await readdir(folder, { recursive: true })).filter((name) =>
      TEMPORARY.test(name.split('/').at(-1) ?? ''),
    );
    if (left.length > 0) faults.push(`${scenario.name}: left over ${left.join(', ')}`);
    await rm(folder, { recursive: true });
  }
  return { kills, hits, faults };
}

async function toTheEnd(scenario: Scenario, folder: string): Promise<{ took: number; faults: readonly string[] }> {
  const { code, said, took } = await runIn(folder, scenario);
  return { took, faults: code === 0 ? [] : [`${scenario.name}: ended with ${code}: ${said.slice(-500)}`] };
}

async function newFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}
