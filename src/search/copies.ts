// Rows that keep a vector under another id, path or time: nothing is computed for files that were moved, copied or touched.

import { chunksOf } from '../data/items/index.js';
import type { Plan } from './plan.js';
import type { VectorTable } from './types.js';

const ROWS = 512;

/** Puts the rows. Two files that were exchanged need both vectors before either row is replaced: those are read first. */
export async function copyRows(table: VectorTable, copies: Plan['copies']): Promise<void> {
  const replaced = new Set(copies.map(({ row }) => row.id));
  const endangered = copies.flatMap(({ row, from }) => (from !== row.id && replaced.has(from) ? [from] : []));
  const saved = await vectorsOf(table, endangered);
  for (const some of chunksOf(copies, ROWS)) {
    const rest = some.map(({ from }) => from).filter((from) => !saved.has(from));
    const vectors = new Map([...saved, ...(await vectorsOf(table, rest))]);
    const rows = some.flatMap(({ row: { change: _, ...row }, from }) => {
      const vector = vectors.get(from);
      return vector ? [{ ...row, vector }] : []; // else someone removed it just now: the next time it is computed
    });
    await table.put(rows);
  }
}

async function vectorsOf(table: VectorTable, ids: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
  const vectors = await table.vectors(ids);
  return new Map(ids.flatMap((id, i) => (vectors[i] ? [[id, vectors[i]] as const] : [])));
}
