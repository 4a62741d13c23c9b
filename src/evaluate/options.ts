// What every evaluation is given beside the model and the split.

import type { Preprocess } from '../image/index.js';
import type { LoadedModel } from '../model/index.js';
import type { Codec } from '../text/index.js';
import type { Looked } from './scores.js';

export type OnProgress = (done: number, all: number) => void;

export interface Looking {
  readonly preprocess: Preprocess;
  readonly codec: Codec;
  /** F; null for images. */
  readonly frames: number | null;
  /** Pictures encoded at once, at most: a clip has as many as frames. Default 32. */
  readonly batch?: number;
  readonly onProgress?: OnProgress;
}

/** Items a program takes at once, so that they are about `pictures` pictures. */
export const itemsAtOnce = ({ frames, batch: pictures = 32 }: Looking, items: number): number =>
  Math.max(1, Math.min(items, Math.floor(pictures / (frames ?? 1))));

/** @param items  how many there are */
export const lookedAt = ({ method }: LoadedModel, { frames }: Looking, items: number): Looked => ({
  items,
  frames,
  frameAware: method.frameAware && (frames ?? 1) > 1,
});
