// npm run bench [-- name … --rounds 5 --layers 12 --against DIR]: benchmarks, one after the other, as a table and as JSON in
// bench/results. Nothing else should run on the machine; the load is written down.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Row } from './benchmark.js';
import { data } from './data.js';
import { load } from './load.js';
import { mapped } from './mapped.js';
import { peers } from './peers.js';
import { retrievalStep } from './retrieval-step.js';
import { serving } from './serving.js';
import { tower } from './tower.js';
import { vectors } from './vectors.js';

/** What runs when no name is given; `peers` needs Python, `vectors` ten minutes, `load` is of the whole server. */
const USUAL: readonly Benchmark[] = [tower, retrievalStep, mapped, data, serving];
const BENCHMARKS: readonly Benchmark[] = [...USUAL, vectors, load, peers];
const RESULTS = new URL('results/', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    layers: { type: 'string', default: '12' },
    against: { type: 'string' },
  },
});
const [rounds, layers] = [values.rounds, values.layers].map(Number) as [number, number];
const unknown = positionals.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0 || ![rounds, layers].every((n) => Number.isInteger(n) && n > 0)) {
  console.error(
    `usage: npm run bench [-- ${BENCHMARKS.map(({ name }) => name).join(' | ')} … --rounds 5 --layers 12 --against DIR]`,
  );
  process.exit(2);
}
const chosen = positionals.length === 0 ? USUAL : BENCHMARKS.filter(({ name }) => positionals.includes(name));
if (chosen.length === 1) await runOne(chosen[0] as Benchmark);
else
  for (const { name } of chosen) {
    // a process each, so that the peak memory of one is not that of another
    const given = [
      '--rounds',
      values.rounds,
      '--layers',
      values.layers,
      ...(values.against === undefined ? [] : ['--against', values.against]),
    ];
    spawnSync(process.execPath, [...process.execArgv, import.meta.filename, name, ...given], { stdio: 'inherit' });
  }

async function runOne(benchmark: Benchmark): Promise<void> {
  const loadBefore = loadavg()[0] as number;
  console.log(`\n${benchmark.name}: ${benchmark.about}`);
  const rows: Row[] = [];
  for await (const row of benchmark.run({ rounds, layers, against: values.against ?? null })) {
    rows.push(row);
    console.log(`  ${row.what.padEnd(64)} ${formatted(row.value).padStart(10)} ${row.unit}`);
  }
  console.log(`  load when it started ${loadBefore.toFixed(1)} of ${availableParallelism()} cores`);
  mkdirSync(RESULTS, { recursive: true });
  const result = {
    name: benchmark.name,
    date: new Date().toISOString(),
    rounds,
    layers,
    machine: machine(loadBefore),
    rows,
  };
  writeFileSync(new URL(`${benchmark.name}.json`, RESULTS), `${JSON.stringify(result, null, 2)}\n`);
}

function machine(loadBefore: number) {
  const manifest = readFileSync(new URL('../node_modules/onnxruntime-node/package.json', import.meta.url), 'utf8');
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    node: process.version,
    onnxruntime: (JSON.parse(manifest) as { readonly version: string }).version,
    loadBefore,
  };
}

/** Four significant digits. */
function formatted(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}
