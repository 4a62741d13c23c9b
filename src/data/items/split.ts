// Which items train, which choose, which test. Made splits depend on an item's id alone, so that adding some to a
// dataset never moves one from the test set into the training set.
import { fail } from '../../error/index.js';
import { hash, stream } from '../../random/index.js';
import { type Item, SPLIT_NAMES, type Split } from './item.js';

/** Shares of the items, all together 1. */
export type Fractions = Readonly<Record<Split, number>>;

export const DEFAULT_FRACTIONS: Fractions = { train: 0.8, val: 0.1, test: 0.1 };

/**
 * The items of each split: as the manifest says, or, where it says nothing, drawn by the hash of the id.
 * A drawn split that would be empty takes one item from the largest, so that a small folder can be tested too.
 *
 * @param seed  of the run; another seed, other splits
 * @throws `recipe` if the fractions are negative or do not add up to 1
 */
export function splitItems(
  items: readonly Item[],
  { fractions = DEFAULT_FRACTIONS, seed }: { readonly fractions?: Fractions; readonly seed: number },
): Readonly<Record<Split, readonly Item[]>> {
  checkFractions(fractions);
  const splits: Record<Split, Item[]> = { train: [], val: [], test: [] };
  const drawn = items.map((item) => ({ item, u: stream(seed, 'split', hash(item.id)).uniform() }));
  for (const { item, u } of drawn) splits[item.split ?? splitAt(u, fractions)].push(item);
  if (!items.some((item) => item.split)) fillEmpty(splits, fractions);
  return splits;
}

function splitAt(u: number, { train, val }: Fractions): Split {
  if (u < train) return 'train';
  return u < train + val ? 'val' : 'test';
}

function fillEmpty(splits: Record<Split, Item[]>, fractions: Fractions): void {
  for (const name of SPLIT_NAMES) {
    const largest = SPLIT_NAMES.map((other) => splits[other]).reduce((a, b) => (b.length > a.length ? b : a));
    if (fractions[name] > 0 && splits[name].length === 0 && largest.length > 1)
      splits[name].push(largest.pop() as Item);
  }
}

function checkFractions(fractions: Fractions): void {
  const shares = SPLIT_NAMES.map((name) => fractions[name]);
  const sum = shares.reduce((a, b) => a + b, 0);
  if (shares.every((share) => share >= 0) && Math.abs(sum - 1) < 1e-6) return;
  fail('recipe', {
    where: 'split fractions',
    what: 'do not share out the items',
    got: shares.join(' / '),
    expected: 'train / val / test, none negative, together 1',
  });
}
