// Sets in memory whose pictures say what they are: which item, and when in the clip.

import { fail } from '../../error/index.js';
import { CLIP_MEAN, CLIP_STD, type Pixels } from '../image/index.js';
import type { Item, MediaKind } from './item.js';
import type { MediaSet } from './set.js';

export const preprocess = { size: 4, mean: CLIP_MEAN, std: CLIP_STD, augment: 'release' } as const;
/** Numbers of a prepared picture. */
export const AREA = 3 * preprocess.size ** 2;

export interface ToySet extends MediaSet {
  /** What was decoded: item and positions. */
  readonly loads: (readonly [number, readonly number[]])[];
}

export interface ToyOptions {
  readonly kind?: MediaKind;
  /** Items that cannot be decoded. */
  readonly broken?: readonly number[];
}

export const toyItem = (i: number, kind: MediaKind = 'image'): Item => ({
  id: `${i}`,
  media: `${i}.png`,
  kind,
  captions: Array.from({ length: (i % 3) + 1 }, (_, c) => `${i}/${c}`),
  questions: Array.from({ length: i % 2 }, (_, q) => ({ id: `${i}#${q}`, question: `${i}?${q}`, answers: ['yes'] })),
  line: i + 1,
});

/** Item i is 6×5 of about 10 i, a little brighter later in a clip, with (i mod 3) + 1 captions; loads end out of order. */
export function toySet(items: number, { kind = 'image', broken = [] }: ToyOptions = {}): ToySet {
  const loads: ToySet['loads'] = [];
  return {
    items: Array.from({ length: items }, (_, i) => toyItem(i, kind)),
    loads,
    async frames(index, positions) {
      loads.push([index, positions]);
      await new Promise((done) => setTimeout(done, (index * 7) % 5));
      if (broken.includes(index)) fail('data', { where: `${index}.png`, what: 'is truncated' });
      return positions.map((at) => picture(index * 10 + (kind === 'video' ? Math.round(8 * at) : 0)));
    },
  };
}

const picture = (value: number): Pixels => ({
  width: 6,
  height: 5,
  data: Uint8Array.from({ length: 90 }, (_, i) => value + (i % 9)),
});
