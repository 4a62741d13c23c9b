// Which sample comes when. A sample is one (image, caption) pair: every caption is seen once an epoch, as in BLIP.
import { stream } from '../random/index.js';
import type { RetrievalSet } from './set.js';

/** Samples of a set: its captions. */
export function sampleCount({ items }: Pick<RetrievalSet, 'items'>): number {
  return items.reduce((sum, { captions }) => sum + captions.length, 0);
}

/** Full batches in an epoch; the incomplete last one is dropped. A set smaller than a batch is one batch. */
export function stepsPerEpoch(samples: number, batch: number): number {
  return samples === 0 ? 0 : Math.max(1, Math.floor(samples / batch));
}

/**
 * The shuffled samples of an epoch.
 *
 * @returns u32 [samples, 2], image number and caption number of each sample
 */
export function trainOrder({ items }: Pick<RetrievalSet, 'items'>, seed: number, epoch: number): Uint32Array {
  const pairs = items.flatMap(({ captions }, image) => captions.map((_, caption) => [image, caption] as const));
  const order = new Uint32Array(pairs.length * 2);
  for (const [to, from] of stream(seed, 'order', epoch).permutation(pairs.length).entries())
    order.set(pairs[from] as readonly [number, number], to * 2);
  return order;
}
