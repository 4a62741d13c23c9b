// Programs take batches of fixed sizes. A few sizes serve all numbers of requests, with little filling.

/** What programs are compiled for. */
const SIZES = [1, 2, 4, 8, 16, 32] as const;

/** The share of a batch that has to be filled; below it a smaller one comes first and the rest waits. */
const LEAST_FILLED = 0.75;

/** The size of a program for `count` things; more than the largest are several batches. */
export const sizeFor = (count: number): number => SIZES.find((size) => size >= count) ?? SIZES[SIZES.length - 1] ?? 1;

/** The largest size that is no larger. @param most  from 1 */
export const sizeWithin = (most: number): number => SIZES.findLast((size) => size <= most) ?? 1;

/** How many of those that wait are to be computed together. @param most  of them, a size */
export function takeOf(waiting: number, most: number): number {
  if (waiting >= most) return most;
  return waiting >= LEAST_FILLED * sizeFor(waiting) ? waiting : sizeWithin(waiting);
}
