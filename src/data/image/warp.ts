// Shear, translation and rotation: one affine map, bilinear in steps of 1/32 pixel with the integer arithmetic of
// OpenCV 4's warpAffine, which the release augments with. What comes from outside the picture is grey.
import type { Pixels } from './pixels.js';

/** Row-major 2×3: target (x, y) reads source (a x + b y + c, d x + e y + f). */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const FILL = 128;
const POSITION_BITS = 10;
const STEP_BITS = 5;
const STEPS = 1 << STEP_BITS;

/** Moves row y to the right by factor · y. */
export function shearX(source: Pixels, factor: number): Pixels {
  return warp(source, [1, -factor, 0, 0, 1, 0]);
}

/** Moves column x down by factor · x. */
export function shearY(source: Pixels, factor: number): Pixels {
  return warp(source, [1, 0, 0, -factor, 1, 0]);
}

/** Moves the picture to the left by `offset` pixels. */
export function translateX(source: Pixels, offset: number): Pixels {
  return warp(source, [1, 0, offset, 0, 1, 0]);
}

/** Moves the picture up by `offset` pixels. */
export function translateY(source: Pixels, offset: number): Pixels {
  return warp(source, [1, 0, 0, 0, 1, offset]);
}

/** Rotates counter-clockwise by `degrees` about (width / 2, height / 2). */
export function rotate(source: Pixels, degrees: number): Pixels {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const x = source.width / 2;
  const y = source.height / 2;
  return warp(source, [cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y]);
}

function warp({ width, height, data }: Pixels, [a, b, c, d, e, f]: Affine): Pixels {
  const out = new Uint8Array(data.length);
  const fixed = (value: number) => Math.round(value * (1 << POSITION_BITS));
  const shift = POSITION_BITS - STEP_BITS;
  const half = 1 << (shift - 1);
  const at = (x: number, y: number, channel: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? FILL : (data[(y * width + x) * 3 + channel] as number);
  let o = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sx = (fixed(b * y + c) + fixed(a * x) + half) >> shift;
      const sy = (fixed(e * y + f) + fixed(d * x) + half) >> shift;
      const left = sx >> STEP_BITS;
      const top = sy >> STEP_BITS;
      const fx = sx & (STEPS - 1);
      const fy = sy & (STEPS - 1);
      for (let k = 0; k < 3; k++) {
        const upper = at(left, top, k) * (STEPS - fx) + at(left + 1, top, k) * fx;
        const lower = at(left, top + 1, k) * (STEPS - fx) + at(left + 1, top + 1, k) * fx;
        out[o++] = (upper * (STEPS - fy) + lower * fy + (STEPS * STEPS) / 2) >> (2 * STEP_BITS);
      }
    }
  return { width, height, data: out };
}
