// What every evaluation is given beside the model and the split.

import type { Preprocess } from '../data/image/index.js';
import type { Item } from '../data/items/index.js';
import type { Codec } from '../data/text/index.js';
import type { LoadedModel } from '../model/index.js';
import { itemsAtOnce } from '../predict/programs/index.js';
import type { OnProgress } from '../predict/programs/progress.js';
import type { Looked } from './scores.js';

export interface Looking {
  readonly preprocess: Preprocess;
  readonly codec: Codec;
  /** F; null for images. */
  readonly frames: number | null;
  /** Items encoded at once, at most. Default: as many as are worth it. */
  readonly batch?: number;
  /** Training items: what would be said without looking is learnt from their texts. Default: none, so it is not told. */
  readonly learnt?: readonly Item[];
  readonly onProgress?: OnProgress;
}

/** Items encoded at once. @param items  how many there are */
export const encodedAtOnce = ({ config }: LoadedModel, { frames, batch }: Looking, items: number): number =>
  batch ?? itemsAtOnce(config, frames, items);

/** Items that are answered about or captioned at once: more than are encoded, since every word that is written takes all
 * of the decoder's weights out of memory. */
export const writtenAtOnce = ({ frames, batch }: Looking, items: number): number =>
  batch ?? Math.max(1, Math.min(items, Math.floor(32 / (frames ?? 1))));

/** @param items  how many there are */
export const lookedAt = ({ method }: LoadedModel, { frames }: Looking, items: number): Looked => ({
  items,
  frames,
  frameAware: method.frameAware && (frames ?? 1) > 1,
});
