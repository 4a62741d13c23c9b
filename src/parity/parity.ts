// Parity with the official PyTorch release: every fixture of a folder, stage by stage, so that a failure says where.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from '../compiler/runtime/index.js';
import { fail } from '../error/index.js';
import { checkAdapter } from './adapter.js';
import { checkAnswering } from './answering.js';
import { checkComponents } from './components.js';
import { type Check, type Fixture, openFixture } from './fixture.js';
import { checkRetrieval } from './retrieval.js';

export type { Check } from './fixture.js';

export interface FileReport {
  readonly file: string;
  readonly checks: readonly Check[];
  /** Why the file could not be checked; this fails the run. */
  readonly problem?: string;
}

/** What a fixture is, told from the tensors it holds; its name is free. */
const kinds: readonly (readonly [string, (fixture: Fixture, backend: Backend) => Promise<Check[]>])[] = [
  ['in.text.y', checkAdapter],
  ['multimodal.plain.hidden', checkComponents],
  ['queue.image', checkRetrieval],
  ['answer_ids', checkAnswering],
];

/**
 * Checks every `*.safetensors` of a folder.
 *
 * @throws file  when the folder holds none
 */
export async function* checkFolder(folder: string, backend: Backend): AsyncGenerator<FileReport> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.safetensors')).sort();
  if (files.length === 0) fail('file', { where: folder, what: 'holds no fixtures', expected: '*.safetensors' });
  for (const file of files) yield await checkFile(await readFile(join(folder, file)), file, backend);
}

/** Checks one fixture; whatever goes wrong becomes part of the report. */
export async function checkFile(bytes: Uint8Array, file: string, backend: Backend): Promise<FileReport> {
  try {
    const fixture = openFixture(bytes, file);
    const check = kinds.find(([key]) => fixture.has(key))?.[1];
    if (check) return { file, checks: await check(fixture, backend) };
    return { file, checks: [], problem: 'unknown kind of fixture' };
  } catch (cause) {
    return { file, checks: [], problem: cause instanceof Error ? cause.message : String(cause) };
  }
}

export const passes = ({ checks, problem }: FileReport): boolean =>
  problem === undefined && checks.length > 0 && checks.every(({ error, tolerance }) => error <= tolerance);

/** One line per quantity: its worst tensor against the tolerance. */
export function reportLines(report: FileReport): string[] {
  const { file, checks, problem } = report;
  if (problem !== undefined) return [`FAIL  ${file}: ${problem}`];
  const quantities = [...new Set(checks.map(({ quantity }) => quantity))];
  return quantities.map((quantity) => {
    const group = checks.filter((check) => check.quantity === quantity);
    const worst = group.reduce((a, b) => (excess(b) > excess(a) ? b : a));
    const { error, tolerance, measure, tensor } = worst;
    const numbers = `${error.toExponential(1)} of ${tolerance.toExponential(0)} ${measure}`;
    const mark = error <= tolerance ? 'ok   ' : 'FAIL ';
    return `${mark} ${file.padEnd(28)} ${quantity.padEnd(34)} ${numbers.padEnd(26)} ${group.length} tensors, worst ${tensor}`;
  });
}

/** How far beyond, as a share of the tolerance; zero tolerances count as very small ones. */
const excess = ({ error, tolerance }: Check): number => error / Math.max(tolerance, 1e-12);
