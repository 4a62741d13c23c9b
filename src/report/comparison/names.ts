// How runs are told apart: a letter each, and the shortest end of their paths that no other run shares.

import { resolve, sep } from 'node:path';
import { fail } from '../../error/index.js';
import type { RunRecord } from '../run/record.js';
import type { ComparedRun } from './data.js';

/** @throws `file` if two of the folders are the same one */
export function nameRuns(records: readonly RunRecord[]): readonly ComparedRun[] {
  const paths = records.map(({ folder }) => resolve(folder));
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) fail('file', { where: twice, what: 'is given twice', fix: 'name each run once' });
  return records.map((record, index) => ({
    ...record,
    ...{ index, letter: letterOf(index), name: shortestEnd(paths[index] as string, paths) },
  }));
}

/** A … Z, A2 … */
const letterOf = (index: number): string =>
  String.fromCharCode(65 + (index % 26)) + (index < 26 ? '' : `${Math.floor(index / 26) + 1}`);

function shortestEnd(path: string, all: readonly string[]): string {
  const parts = path.split(sep);
  for (let count = 1; count < parts.length; count++) {
    const end = parts.slice(-count);
    const isShared = all.some((other) => other !== path && other.split(sep).slice(-count).join(sep) === end.join(sep));
    if (!isShared) return end.join('/');
  }
  return path;
}
