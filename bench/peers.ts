// This project against PyTorch on the same machine, by turns: training steps against the algorithm of UniAdapter's
// release, embedding and matching against Hugging Face transformers. Each workload of each side is a process of its own,
// so that nobody's memory is counted as another's. Python is $PYTHON, or python3.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '../src/error/index.js';
import type { Benchmark, BenchOptions, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { type Answer, openPeer, type Peer } from './peer.js';
import { median } from './timing.js';
import { WORKLOADS } from './workloads.js';

const OURS = 'this project';
const INT8 = 'this project, int8';
const PYTORCH = 'PyTorch';
const TRANSFORMERS_JS = 'transformers.js, CLIP';
const BFLOAT16 = 'PyTorch, bfloat16 autocast';
const pathOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));

export const peers: Benchmark = {
  name: 'peers',
  about: 'BLIP-base: training steps, embedding and re-ranking, by turns with PyTorch',
  async *run({ rounds, layers }: BenchOptions): AsyncGenerator<Row> {
    const { python, multipliesBfloat16 } = pythonWithTorch();
    yield row('PyTorch multiplies bfloat16 in hardware; 0: no, so it is left out', Number(multipliesBfloat16), '');
    const folder = await mkdtemp(join(tmpdir(), 'uniadapter-bench-'));
    try {
      const backbone = join(folder, 'base');
      writeBackbone(backbone, layers);
      const clip = join(folder, 'clip');
      if (process.env.TRANSFORMERS_JS) run(python, [pathOf('peers/clip.py'), clip]);
      for (const name of Object.keys(WORKLOADS)) {
        const isClips = name === 'embed-images-224';
        if (isClips && !process.env.TRANSFORMERS_JS) continue;
        const open = {
          [OURS]: () => ours(name, backbone, 'float32'),
          [INT8]: () => ours(name, backbone, 'int8'),
          ...(isClips
            ? {
                [TRANSFORMERS_JS]: () =>
                  openPeer(TRANSFORMERS_JS, process.execPath, [...process.execArgv, pathOf('clip.ts'), clip]),
              }
            : { [PYTORCH]: () => pytorch(python, name, layers) }),
          ...(name === 'retrieval' &&
            multipliesBfloat16 && { [BFLOAT16]: () => pytorch(python, `${name}-bfloat16`, layers) }),
        };
        yield* rowsOf(name, await byTurns(open, rounds));
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** In a process of its own: it takes gigabytes. */
function writeBackbone(folder: string, layers: number): void {
  const given = [pathOf('base-backbone.ts'), folder, 'F32', `${layers}`, 'decoder'];
  run(process.execPath, [...process.execArgv, ...given]);
}

function run(command: string, given: readonly string[]): void {
  const { status } = spawnSync(command, given, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) fail('runtime', { where: 'peers', what: 'could not make a model', got: given.join(' ') });
}

const ours = (name: string, backbone: string, precision: string): Promise<Peer> =>
  openPeer(`${name} in ${precision}`, process.execPath, [
    ...[...process.execArgv, pathOf('serve.ts'), name, backbone, precision],
  ]);

const pytorch = (python: string, name: string, layers: number): Promise<Peer> =>
  openPeer(`${PYTORCH} ${name}`, python, [pathOf('peers/uniadapter.py'), 'serve', name, `${layers}`]);

/** Seconds and memory by side: two runs each untimed, then `rounds` each. */
async function byTurns(
  open: Readonly<Record<string, () => Promise<Peer>>>,
  rounds: number,
): Promise<ReadonlyMap<string, Answer>> {
  const sides: { readonly name: string; readonly peer: Peer; readonly answers: Answer[] }[] = [];
  try {
    for (const [name, start] of Object.entries(open)) sides.push({ name, peer: await start(), answers: [] });
    for (let round = -2; round < rounds; round++)
      for (const { peer, answers } of sides) {
        const answer = await peer.run();
        if (round >= 0) answers.push(answer);
      }
  } finally {
    for (const { peer } of sides) peer.close();
  }
  return new Map(sides.map(({ name, answers }) => [name, summary(answers)]));
}

const summary = (answers: readonly Answer[]): Answer => ({
  seconds: median(answers.map(({ seconds }) => seconds)),
  peakBytes: Math.max(...answers.map(({ peakBytes }) => peakBytes)),
});

function* rowsOf(workload: string, sides: ReadonlyMap<string, Answer>): Generator<Row> {
  const own = [...sides].filter(([name]) => name.startsWith(OURS));
  for (const [name, { seconds, peakBytes }] of sides) {
    yield row(`${workload}, ${name}`, seconds, 's');
    yield row(`${workload}, ${name}: peak memory`, peakBytes / 2 ** 30, 'GiB');
    if (name.startsWith(OURS)) continue;
    for (const [ours, answer] of own) {
      yield row(`${workload}, ${name} / ${ours}: time`, seconds / answer.seconds, '');
      yield row(`${workload}, ${ours} / ${name}: peak memory`, answer.peakBytes / peakBytes, '');
    }
  }
}

/** Where oneDNN has no instructions for bfloat16, PyTorch computes it in plain loops, many times slower than float32. */
const QUESTION = 'import torch, transformers; print(torch.ops.mkldnn._is_mkldnn_bf16_supported())';

/** @throws runtime  when there is no Python, or nothing in it to compare with */
function pythonWithTorch(): { readonly python: string; readonly multipliesBfloat16: boolean } {
  const python = process.env.PYTHON ?? 'python3';
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', QUESTION], { encoding: 'utf8' });
  if (status === 0) return { python, multipliesBfloat16: stdout.trim() === 'True' };
  return fail('runtime', {
    where: 'peers',
    what: 'there is no Python with PyTorch and transformers to compare with',
    got: `${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`,
    fix: 'pip install torch transformers, and set PYTHON to the interpreter that has them',
  });
}
