// Bytes → the numbers the vision tower reads. One table per channel replaces a division and a subtraction per value.
import type { Pixels } from './pixels.js';

/** One number per channel: red, green, blue. */
export type Rgb = readonly [number, number, number];

/** Mean and standard deviation of CLIP's and BLIP's training pictures, on the scale 0…1. */
export const CLIP_MEAN: Rgb = [0.48145466, 0.4578275, 0.40821073];
export const CLIP_STD: Rgb = [0.26862954, 0.26130258, 0.27577711];

/**
 * Writes (value / 255 − mean) / std, channel by channel, rounded to float32 after each operation as torchvision does.
 *
 * @param out     f32, receives [3, height, width] from `offset` on
 * @param offset  in elements
 */
export function toTensor({ width, height, data }: Pixels, mean: Rgb, std: Rgb, out: Float32Array, offset = 0): void {
  const area = width * height;
  for (let c = 0; c < 3; c++) {
    const table = channelTable(mean[c] as number, std[c] as number);
    const start = offset + c * area;
    for (let i = 0, s = c; i < area; i++, s += 3) out[start + i] = table[data[s] as number] as number;
  }
}

function channelTable(mean: number, std: number): Float32Array {
  const f = Math.fround;
  return Float32Array.from({ length: 256 }, (_, value) => f(f(f(value / 255) - f(mean)) / f(std)));
}
