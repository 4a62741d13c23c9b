// A set of captioned images as the loop sees it: items in memory, pixels on demand.
import { type Pixels, resizeBicubic } from '../image/index.js';
import type { Item } from './manifest.js';

export interface RetrievalSet {
  readonly items: readonly Item[];
  /**
   * The decoded image of an item.
   * @throws `data` or `file` if it cannot be decoded
   */
  pixels(index: number): Promise<Pixels>;
}

/**
 * The same set, with images kept in memory once they are decoded, until `maxBytes` are held. What is kept stays:
 * an epoch visits every image equally often, so replacing one by another would gain nothing.
 *
 * @param size  keep images resized to size × size (exact where nothing is augmented), or null to keep them as they are
 */
export function cached(set: RetrievalSet, size: number | null, maxBytes: number): RetrievalSet {
  const held = new Map<number, Promise<Pixels>>();
  let bytes = 0;
  const load = async (index: number): Promise<Pixels> => {
    try {
      const decoded = await set.pixels(index);
      const kept = size === null ? decoded : resizeBicubic(decoded, size, size);
      if (bytes + kept.data.length > maxBytes) held.delete(index);
      else bytes += kept.data.length;
      return kept;
    } catch (error) {
      held.delete(index);
      throw error;
    }
  };
  return {
    items: set.items,
    pixels(index) {
      const known = held.get(index) ?? load(index);
      if (bytes < maxBytes) held.set(index, known);
      return known;
    },
  };
}
