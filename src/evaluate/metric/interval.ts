// How sure a score is: the range in which the figure of all such pictures lies, in 19 of 20 cases. Queries of one picture
// stand and fall together, so they count for less than as many of different pictures.

import { fail } from '../../error/index.js';
import { stream } from '../../random/index.js';

/** Low and high end of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

/** The 97.5 % point of the normal distribution. */
const Z = 1.959964;
const RESAMPLES = 1000;

/**
 * Wilson's interval of a share, which stays within 0…1 and is right for few trials and for shares near the ends. Wilson
 * 1927, https://doi.org/10.1080/01621459.1927.10502953
 *
 * @param share  0…1
 * @param n      trials, more than 0; need not be whole
 */
export function wilson(share: number, n: number): Interval {
  const spread = Z ** 2 / n;
  const middle = (share + spread / 2) / (1 + spread);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + spread / (4 * n))) / (1 + spread);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/**
 * Wilson's interval of how many are right, in percent. Trials of one group count as so many independent ones as would vary
 * as much (the design effect; Korn & Graubard 1998); where all groups are of one, it is Wilson's own.
 *
 * @param right   1 or 0 for each trial
 * @param groups  what each trial belongs to, such as its picture
 * @throws data  when there are none
 */
export function shareInterval(right: ArrayLike<number>, groups: ArrayLike<number>): Interval {
  const n = right.length;
  const all = Array.from(grouped(right, groups).values());
  const share = all.reduce((sum, { total }) => sum + total, 0) / n;
  const [low, high] = wilson(share, independent(all, share, n));
  return [100 * low, 100 * high];
}

interface Group {
  total: number;
  size: number;
}

/** Sums and sizes by group. @throws data  when there are none */
function grouped(values: ArrayLike<number>, groups: ArrayLike<number>): ReadonlyMap<number, Group> {
  if (values.length === 0 || values.length !== groups.length)
    fail('data', {
      where: 'interval',
      what: 'trials and groups do not pair up',
      got: `${values.length} trials in ${groups.length} groups`,
      expected: 'as many of each, at least one',
    });
  const all = new Map<number, Group>();
  for (let i = 0; i < values.length; i++) {
    const key = groups[i] as number;
    const group = all.get(key) ?? { total: 0, size: 0 };
    group.total += values[i] as number;
    group.size++;
    all.set(key, group);
  }
  return all;
}

/** How many independent trials tell as much as these, from 1 to n. */
function independent(groups: readonly Group[], share: number, n: number): number {
  const simple = share * (1 - share) * n;
  if (simple === 0 || groups.length === 1) return groups.length; // nothing varies, so nothing tells how alike they are
  const clustered = groups.reduce((sum, { total, size }) => sum + (total - share * size) ** 2, 0);
  return Math.min(n, Math.max(1, (n * simple) / Math.max(clustered, simple)));
}

/**
 * The interval of a median: the values whose places among all are as far from the middle as chance may move a half.
 *
 * @param groups  what each value belongs to @throws data  when there are none
 */
export function medianInterval(values: ArrayLike<number>, groups: ArrayLike<number>): Interval {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const middle = sorted[Math.floor((n - 1) / 2)] as number;
  const isBelow = Array.from(values, (value) => Number(value <= middle));
  const all = Array.from(grouped(isBelow, groups).values());
  const share = isBelow.reduce((a, b) => a + b, 0) / n;
  const [low, high] = wilson(0.5, independent(all, share, n));
  return [sorted[Math.floor(low * (n - 1))] as number, sorted[Math.ceil(high * (n - 1))] as number];
}

/**
 * The bootstrap's percentile interval: what a statistic is of groups drawn again and again from those that were seen.
 * Efron 1979, https://doi.org/10.1214/aos/1176344552
 *
 * @param groups      how many there are
 * @param statistics  each of the groups that were drawn, by number; one interval each
 */
export function bootstrap(
  groups: number,
  statistics: readonly ((drawn: Uint32Array) => number)[],
): readonly Interval[] {
  const drawn = new Uint32Array(groups);
  const values = statistics.map(() => new Float64Array(RESAMPLES));
  for (let sample = 0; sample < RESAMPLES; sample++) {
    const draws = stream(0, 'bootstrap', sample);
    for (let i = 0; i < groups; i++) drawn[i] = draws.below(groups);
    for (const [i, statistic] of statistics.entries()) (values[i] as Float64Array)[sample] = statistic(drawn);
  }
  return values.map((all) => percentiles(all.sort()));
}

const percentiles = (sorted: Float64Array): Interval => {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  return [at(0.025), at(0.975)];
};

/** The bootstrap's intervals of means over the same groups. @param all  values and the group of each; as in {@link shareInterval} */
export function meanIntervals(
  all: readonly { readonly values: ArrayLike<number>; readonly groups: ArrayLike<number> }[],
): readonly Interval[] {
  const names = [...new Set(all.flatMap(({ groups }) => Array.from(groups)))];
  const statistics = all.map(({ values, groups }) => {
    const known = grouped(values, groups);
    const totals = names.map((name) => known.get(name)?.total ?? 0);
    const sizes = names.map((name) => known.get(name)?.size ?? 0);
    const whole = totals.reduce((a, b) => a + b, 0) / values.length;
    return (drawn: Uint32Array) => {
      let [total, size] = [0, 0];
      for (const group of drawn) {
        total += totals[group] as number;
        size += sizes[group] as number;
      }
      return size === 0 ? whole : total / size; // none of a rare type was drawn
    };
  });
  return bootstrap(names.length, statistics);
}
