// Every reader, on thousands of files that are nearly right, in child processes with limits of time and memory. A failure is
// a crash, a hang, too much memory, or an error that is not ours; its input is kept, and its number makes it again.

import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Batch, type BatchResult, inputOf } from './inputs.js';
import { fuzzReaders } from './readers.js';

export interface FuzzOptions {
  /** For each reader; those of media take a share of them. */
  readonly inputs: number;
  readonly seed: number;
  /** Names; default all. */
  readonly readers?: readonly string[];
  /** The first input; default 0. */
  readonly from?: number;
  /** Where inputs that fail are kept; none are where it is null. */
  readonly keep: string | null;
}

export interface Failure {
  readonly reader: string;
  readonly index: number;
  readonly what: string;
}

export interface FuzzFigures extends Omit<BatchResult, 'failures'> {
  readonly readers: number;
  readonly failures: readonly Failure[];
  readonly seconds: number;
}

/** A reader that fails so often fails for one reason. */
const MOST_FAILURES = 20;

export async function fuzz({ inputs, seed, from = 0, keep, ...options }: FuzzOptions): Promise<FuzzFigures> {
  const start = performance.now();
  const names = options.readers ?? [...fuzzReaders.keys()];
  const waiting = [...names];
  const results: (BatchResult & { readonly reader: string })[] = [];
  const work = async () => {
    const reading: Reading = { child: null };
    for (let reader = waiting.shift(); reader !== undefined; reader = waiting.shift()) {
      const count = Math.ceil(inputs * (fuzzReaders.get(reader)?.share ?? 1));
      results.push({ reader, ...(await fuzzReader(reading, { reader, seed, from, to: from + count })) });
    }
    reading.child?.disconnect();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const failures = results.flatMap(({ reader, failures }) =>
    failures.map(([index, what]) => ({ reader, index, what })),
  );
  if (keep !== null)
    for (const { reader, index, what } of failures) await keepInput(keep, { reader, seed, index, what });
  const sum = (of: (result: BatchResult) => number) => results.reduce((total, result) => total + of(result), 0);
  return {
    ...{ readers: names.length, failures, read: sum(({ read }) => read), refused: sum(({ refused }) => refused) },
    slowestMs: Math.max(...results.map(({ slowestMs }) => slowestMs)),
    largestBytes: Math.max(...results.map(({ largestBytes }) => largestBytes)),
    seconds: (performance.now() - start) / 1000,
  };
}

/** The line that a run ends with. */
export function figuresText({
  readers,
  read,
  refused,
  failures,
  slowestMs,
  largestBytes,
  seconds,
}: FuzzFigures): string {
  const count = (n: number) => n.toLocaleString('en-US');
  return [
    `fuzz: ${readers} readers, ${count(read + refused + failures.length)} inputs`,
    `${count(read)} read, ${count(refused)} refused, ${count(failures.length)} failures`,
    `slowest ${(slowestMs / 1000).toFixed(2)} s, largest ${(largestBytes / 1e6).toFixed(0)} MB, ${seconds.toFixed(0)} s`,
  ].join('; ');
}

/** A process that reads, run after run; it takes longer to start than many a run. Null when there is none. */
interface Reading {
  child: ChildProcess | null;
}

/** A process reads until it ends; after a crash another one goes on behind the input that it was at. */
async function fuzzReader(reading: Reading, range: Omit<Batch, 'folder'>): Promise<BatchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  let all: BatchResult = { read: 0, refused: 0, slowestMs: 0, failures: [], largestBytes: 0 };
  try {
    for (let from = range.from; from < range.to && all.failures.length < MOST_FAILURES; ) {
      const { result, next } = await runChild(reading, { ...range, from, folder });
      all = {
        ...{ read: all.read + result.read, refused: all.refused + result.refused },
        slowestMs: Math.max(all.slowestMs, result.slowestMs),
        failures: [...all.failures, ...result.failures],
        largestBytes: Math.max(all.largestBytes, result.largestBytes),
      };
      from = next;
    }
    return all;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runChild(reading: Reading, batch: Batch): Promise<{ result: BatchResult; next: number }> {
  const { folder, from, to } = batch;
  reading.child ??= startChild();
  const outcome = await outcomeOf(reading.child, batch);
  if (typeof outcome !== 'string') return { result: outcome, next: to };
  reading.child = null;
  const at = Number(await readFile(join(folder, 'at'), 'utf8').catch(() => from));
  const failures = [[at, `the process ended with ${outcome}`]] as const;
  return { result: { read: at - from, refused: 0, slowestMs: 0, failures, largestBytes: 0 }, next: at + 1 };
}

const startChild = (): ChildProcess =>
  fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx', '--max-old-space-size=1500'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });

/** @returns how the process ended, with the last that it said, where it ends before it answers */
function outcomeOf(child: ChildProcess, batch: Batch): Promise<BatchResult | string> {
  let told = '';
  const hear = (chunk: Buffer) => {
    told = `${told}${chunk}`.slice(-2000);
  };
  return new Promise<BatchResult | string>((resolve) => {
    child.on('message', (result: BatchResult) => resolve(result));
    child.on('close', (status, signal) => resolve(`${signal ?? status}: ${told}`));
    child.stderr?.on('data', hear);
    child.send(batch);
  }).finally(() => {
    for (const event of ['message', 'close']) child.removeAllListeners(event);
    child.stderr?.off('data', hear);
  });
}

async function keepInput(folder: string, { reader, seed, index, what }: Failure & { readonly seed: number }) {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${reader}-${seed}-${index}`);
  await writeFile(path, await inputOf({ reader, seed }, index));
  await writeFile(
    `${path}.txt`,
    `npm run fuzz -- --readers ${reader} --seed ${seed} --from ${index} --inputs 1\n\n${what}\n`,
  );
}
