// Which sample comes when. A sample is one (item, text) pair, a caption or a question: every one is seen once an epoch.
import { stream } from '../../random/index.js';
import type { Item } from './item.js';

/** How many texts of an item are samples of their own. */
export type TextCount = (item: Item) => number;

/** Samples of a list of items. */
export const sampleCount = (items: readonly Item[], texts: TextCount): number =>
  items.reduce((sum, item) => sum + texts(item), 0);

export interface Batching {
  /** B */
  readonly batch: number;
  /** Whether samples that do not fill the last batch are dropped, instead of the first ones filling it. */
  readonly dropLast: boolean;
}

/** Batches in an epoch. A set smaller than a batch is one batch. */
export function stepsPerEpoch(samples: number, { batch, dropLast }: Batching): number {
  if (samples === 0) return 0;
  return dropLast ? Math.max(1, Math.floor(samples / batch)) : Math.ceil(samples / batch);
}

/**
 * The shuffled samples of an epoch.
 *
 * @returns u32 [samples, 2], item number and text number of each sample
 */
export function trainOrder(items: readonly Item[], texts: TextCount, seed: number, epoch: number): Uint32Array {
  const pairs = items.flatMap((item, i) => Array.from({ length: texts(item) }, (_, text) => [i, text] as const));
  const order = new Uint32Array(pairs.length * 2);
  for (const [to, from] of stream(seed, 'order', epoch).permutation(pairs.length).entries())
    order.set(pairs[from] as readonly [number, number], to * 2);
  return order;
}
