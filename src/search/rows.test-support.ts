// Rows of no library in particular, and how near they are, computed the plain way.

import { stream } from '../random/index.js';
import type { NearestOptions, Neighbour, RowFilter, VectorRow } from './types.js';

/** Unit vectors in no direction in particular. */
export function unitVector(seed: number, width: number): Float32Array {
  const draws = stream(seed, 'vector', 0);
  const raw = Float32Array.from({ length: width }, () => draws.normal());
  const length = Math.hypot(...raw);
  return raw.map((x) => x / length);
}

/** Row number i: in one of three folders, one of two kinds, changed on day i. */
export function toyRow(i: number, width: number, row: Partial<VectorRow> = {}): VectorRow {
  const folder = ['', 'sea/', 'sea/far/'][i % 3];
  return {
    ...{ id: `id${i}`, item: `id${i}`, of: 'media', kind: i % 2 ? 'video' : 'image', path: `${folder}${i}.jpg` },
    ...{ bytes: 1000 + i, modified: DAY * i, content: `content ${i}`, text: '', vector: unitVector(i, width) },
    ...row,
  };
}

export const DAY = 86_400_000;

/** What `nearest` is to find: every row compared with. */
export function nearestOf(rows: readonly VectorRow[], query: Float32Array, options: NearestOptions): Neighbour[] {
  const found = rows.filter((row) => passes(row, options.filter));
  const scored = found.map(({ vector, ...row }) => ({
    ...row,
    similarity: vector.reduce((sum, x, i) => sum + x * (query[i] as number), 0),
  }));
  scored.sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
  return scored.slice(options.offset, options.offset + options.limit);
}

function passes({ of, kind, path, modified }: VectorRow, filter: RowFilter): boolean {
  const { folder = '', from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter;
  const isBelow = folder === '' || path.startsWith(`${folder.replace(/\/$/, '')}/`);
  return of === filter.of && isBelow && (filter.kind ?? kind) === kind && modified >= from && modified < until;
}
