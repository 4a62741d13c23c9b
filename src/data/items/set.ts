// A set of images and clips as the loop sees it: items in memory, pixels on demand.
import { type Pixels, resizeBicubic } from '../image/index.js';
import type { Item } from './item.js';

export interface MediaSet {
  readonly items: readonly Item[];
  /**
   * The frames of an item that are shown at `positions`, as many as those; an image gives itself every time.
   *
   * @param positions  0…1 of the duration, ascending
   * @throws `data` or `file` if the item cannot be decoded
   */
  frames(index: number, positions: readonly number[]): Promise<readonly Pixels[]>;
}

/** The items of a set that `wanted` keeps. */
export function subset(set: MediaSet, wanted: (item: Item, index: number) => boolean): MediaSet {
  const kept = [...set.items.keys()].filter((index) => wanted(set.items[index] as Item, index));
  return {
    items: kept.map((index) => set.items[index] as Item),
    frames: (index, positions) => set.frames(kept[index] as number, positions),
  };
}

/**
 * The same set, with frames kept in memory once they are decoded, until `maxBytes` are held. What is kept stays:
 * an epoch visits every item equally often, so replacing one by another would gain nothing.
 *
 * @param size  keep frames resized to size × size (exact where nothing is augmented), or null to keep them as they are
 */
export function cached(set: MediaSet, size: number | null, maxBytes: number): MediaSet {
  const held = new Map<string, Promise<readonly Pixels[]>>();
  let bytes = 0;
  const load = async (index: number, positions: readonly number[], key: string): Promise<readonly Pixels[]> => {
    try {
      const decoded = await set.frames(index, positions);
      const kept = size === null ? decoded : decoded.map((frame) => resizeBicubic(frame, size, size));
      const room = kept.reduce((sum, { data }) => sum + data.length, 0);
      if (bytes + room > maxBytes) held.delete(key);
      else bytes += room;
      return kept;
    } catch (error) {
      held.delete(key);
      throw error;
    }
  };
  return {
    items: set.items,
    async frames(index, positions) {
      const isImage = set.items[index]?.kind === 'image';
      const asked = isImage ? positions.slice(0, 1) : positions;
      const key = isImage ? `${index}` : `${index} ${positions.join(' ')}`;
      const known = held.get(key) ?? load(index, asked, key);
      if (bytes < maxBytes) held.set(key, known);
      const frames = await known;
      return isImage ? positions.map(() => frames[0] as Pixels) : frames;
    },
  };
}
