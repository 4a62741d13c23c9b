// Pages of nearest rows that fit together: rows of equal similarity are ordered by id, whatever page they are cut into.

import type { NearestOptions, Neighbour } from './types.js';

/** The most similar rows, those of equal similarity in any order. @returns fewer than `count` only when an index misses some, or there are no more */
export type Find = (count: number, exact: boolean) => Promise<readonly Neighbour[]>;

/** Asked for beyond the page, so that equals at its end are mostly complete at once. */
const BEYOND = 6;

/**
 * A page of what `find` finds. Where an index finds too few, as it does under filters that few rows pass, every row is
 * compared.
 */
export async function pageOf(find: Find, options: Pick<NearestOptions, 'limit' | 'offset' | 'exact'>) {
  const { limit, offset, exact = false } = options;
  const end = offset + limit;
  let isExact = exact;
  let count = end + BEYOND;
  let found = await find(count, isExact);
  if (!isExact && found.length < end) {
    isExact = true;
    found = await find(count, isExact);
  }
  while (found.length === count && isCut(found, end)) {
    count *= 2;
    found = await find(count, isExact);
  }
  return [...found].sort(bySimilarity).slice(offset, end);
}

/** Whether the last row of the page has equals that may not have been found. */
function isCut(found: readonly Neighbour[], end: number): boolean {
  return found[end - 1]?.similarity === found.at(-1)?.similarity;
}

function bySimilarity(a: Neighbour, b: Neighbour): number {
  return b.similarity - a.similarity || (a.id < b.id ? -1 : 1);
}
