// Cutting and mirroring. The random crop follows torchvision's RandomResizedCrop, fallback included.
import type { Stream } from '../../random/index.js';
import type { Pixels } from './pixels.js';

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const TRIES = 10;
const MIN_RATIO = 3 / 4;
const MAX_RATIO = 4 / 3;

/** The pixels inside a box that lies within the picture. */
export function crop({ width, data }: Pixels, box: Box): Pixels {
  const out = new Uint8Array(box.width * box.height * 3);
  for (let y = 0; y < box.height; y++) {
    const start = ((box.top + y) * width + box.left) * 3;
    out.set(data.subarray(start, start + box.width * 3), y * box.width * 3);
  }
  return { width: box.width, height: box.height, data: out };
}

/** The mirror image, left and right exchanged. */
export function flip({ width, height, data }: Pixels): Pixels {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      out.set(data.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  return { width, height, data: out };
}

/**
 * A box of random area (a share of the picture, uniform in `scale`), aspect ratio (log-uniform from 3:4 to 4:3) and place.
 * After ten boxes that do not fit, the largest central box whose ratio is allowed.
 *
 * @param scale  smallest and largest share of the picture's area; the release uses 0.5…1
 * @see torchvision.transforms.RandomResizedCrop.get_params
 */
export function randomBox(
  { width, height }: { readonly width: number; readonly height: number },
  scale: readonly [number, number],
  draw: Stream,
): Box {
  for (let i = 0; i < TRIES; i++) {
    const area = width * height * between(draw, ...scale);
    const ratio = Math.exp(between(draw, Math.log(MIN_RATIO), Math.log(MAX_RATIO)));
    const w = Math.round(Math.sqrt(area * ratio));
    const h = Math.round(Math.sqrt(area / ratio));
    if (w > 0 && h > 0 && w <= width && h <= height)
      return { top: draw.below(height - h + 1), left: draw.below(width - w + 1), width: w, height: h };
  }
  return centralBox(width, height);
}

function centralBox(width: number, height: number): Box {
  const w = Math.max(1, Math.min(width, Math.round(height * MAX_RATIO)));
  const h = Math.max(1, Math.min(height, Math.round(width / MIN_RATIO)));
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}

function between(draw: Stream, low: number, high: number): number {
  return low + (high - low) * draw.uniform();
}
