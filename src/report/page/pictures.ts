// Small pictures for a page: an image, or a few frames of a clip.

import type { Pixels } from '../../data/image/index.js';
import { type Decoder, positions } from '../../data/video/index.js';
import { sharp } from '../../node/native/native.js';
import type { Picture } from './picture.js';

const EDGE_PIXELS = 144;
/** Frames are shown beside each other, so they are smaller and not more than fit a line. */
const FRAME_PIXELS = 96;
const MOST_FRAMES = 8;

export interface Showing {
  /** F; null for images. */
  readonly frames: number | null;
  /** f32 [F], if frames were weighed. */
  readonly weights?: readonly number[] | undefined;
}

/** The picture of a file. @throws as decoders do */
export async function pictureOf(decoder: Decoder, path: string, { frames, weights }: Showing): Promise<Picture> {
  const count = Math.min(frames ?? 1, MOST_FRAMES);
  const shown = await decoder.frames(path, positions(count, null));
  const edge = frames === null ? EDGE_PIXELS : FRAME_PIXELS;
  return {
    frames: await Promise.all(shown.map((pixels) => tile(pixels, edge))),
    weights: weights && frames !== null ? spread(weights, count) : null,
    name: path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
  };
}

/** Weights of the frames that are shown: the means of those they stand for. */
function spread(weights: readonly number[], count: number): readonly number[] {
  const share = weights.length / count;
  return Array.from({ length: count }, (_, i) => {
    const own = weights.slice(Math.floor(i * share), Math.max(Math.floor(i * share) + 1, Math.floor((i + 1) * share)));
    return own.reduce((sum, weight) => sum + weight, 0) / own.length;
  });
}

/** A small square of an image as a data URI. */
async function tile({ width, height, data }: Pixels, edge: number): Promise<string> {
  const image = sharp(data, { raw: { width, height, channels: 3 } }).resize(edge, edge, { fit: 'cover' });
  return `data:image/webp;base64,${(await image.webp({ quality: 78 }).toBuffer()).toString('base64')}`;
}
