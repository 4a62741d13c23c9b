// One process of bench/mapped.ts: opens the backbone and runs what training, evaluation and serving run, on very small
// batches. Prints a line of JSON for each; memory is the kernel's account of this process.
//   npx tsx bench/mapped-programs.ts FOLDER mapped | fed | packed [seconds]

import { readFileSync } from 'node:fs';
import type { Program } from '../src/compiler/runtime/index.js';
import { compileFor } from '../src/model/index.js';
import { BUILDS, feedsOf, open, type Way } from './mapped-model.js';

export interface Memory {
  readonly what: string;
  /** MB of the process's own. */
  readonly own: number;
  /** MB of mapped files that are in memory, shared with others. */
  readonly file: number;
  /** CPU seconds since the line before, and of the second run of a program. */
  readonly cpu: number;
  readonly run?: number;
}

const cpuSeconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
let since = cpuSeconds();
function tell(what: string, run?: number): void {
  const status = readFileSync('/proc/self/status', 'utf8');
  const field = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  const line: Memory = { what, own: field('RssAnon'), file: field('RssFile'), cpu: cpuSeconds() - since };
  console.log(JSON.stringify(run === undefined ? line : { ...line, run }));
  since = cpuSeconds();
}

/** Kept, or they would be released when memory is swept. */
export const programs: Program[] = [];
const [folder = '', way = 'mapped', ...which] = process.argv.slice(2);
tell('started');
const model = await open(folder, way as Way);
tell('opened');
for (const [name, build] of Object.entries(BUILDS)) {
  if (which.length > 0 && !which.includes(name)) continue;
  const program = await compileFor(model, name, () => build(model));
  programs.push(program);
  tell(`${name}: compiled`);
  const feeds = feedsOf(program, model.weights);
  await program.run(feeds);
  const before = cpuSeconds();
  await program.run(feeds);
  tell(name, cpuSeconds() - before);
}
