// Inputs by their numbers, and what parent and child say to each other about them.

import { stream } from '../../src/random/index.js';
import { mutated } from './mutate.js';
import { fuzzReaders } from './readers.js';

/** What the process is sent. */
export interface Batch {
  readonly reader: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** To write in. */
  readonly folder: string;
}

/** What it answers. */
export interface BatchResult {
  readonly read: number;
  readonly refused: number;
  readonly slowestMs: number;
  /** Index of an input, and what it led to. */
  readonly failures: readonly (readonly [number, string])[];
  readonly largestBytes: number;
}

/** An input, by its number. */
export async function inputOf({ reader, seed }: Pick<Batch, 'reader' | 'seed'>, index: number): Promise<Uint8Array> {
  const seeds = (await fuzzReaders.get(reader)?.seeds()) ?? [];
  return inputAmong(seeds, { reader, seed }, index);
}

/** The same, where the seeds are read already. */
export function inputAmong(
  seeds: readonly Uint8Array[],
  { reader, seed }: Pick<Batch, 'reader' | 'seed'>,
  index: number,
) {
  const draws = stream(seed, `fuzz ${reader}`, index);
  return mutated(draws, draws.pick(seeds), seeds);
}
