// Everything between a decoded picture and the numbers of a batch, for training and for testing.
import type { Stream } from '../../random/index.js';
import { crop, flip as mirrored, randomBox } from './crop.js';
import { type Rgb, toTensor } from './normalise.js';
import type { Pixels } from './pixels.js';
import { randAugment } from './randaugment.js';
import { resizeBicubic } from './resize.js';

export interface Preprocess {
  /** Edge of the square picture that the backbone reads, in pixels. */
  readonly size: number;
  readonly mean: Rgb;
  readonly std: Rgb;
  /** `'release'`: random crop of 50–100 % of the area, flip, RandAugment(2, 5). `'none'`: the whole picture. */
  readonly augment: 'none' | 'release';
  /** Whether augmentation mirrors half of the pictures. Default true. */
  readonly flip?: boolean;
}

/**
 * Resizes to size × size, augmented if asked for, and writes the normalised picture.
 *
 * @param draw    the sample's own randomness; null, as at test time, turns augmentation off
 * @param out     f32, receives [3, size, size] from `offset` on
 * @param offset  in elements
 */
export function prepare(
  source: Pixels,
  { size, mean, std, augment, flip = true }: Preprocess,
  draw: Stream | null,
  out: Float32Array,
  offset = 0,
): void {
  const picture =
    draw !== null && augment === 'release'
      ? augmented(source, { size, flip }, draw)
      : resizeBicubic(source, size, size);
  toTensor(picture, mean, std, out, offset);
}

function augmented(source: Pixels, { size, flip }: Required<Pick<Preprocess, 'size' | 'flip'>>, draw: Stream): Pixels {
  const cropped = resizeBicubic(crop(source, randomBox(source, [0.5, 1], draw)), size, size);
  const isMirrored = draw.uniform() < 0.5 && flip; // drawn in any case: everything else stays as it is
  return randAugment(isMirrored ? mirrored(cropped) : cropped, draw);
}
