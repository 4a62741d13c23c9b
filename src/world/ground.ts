// The ground behind the things: never described, so whatever it looks like must say nothing about them.
import type { Stream } from '../random/index.js';

export type Rgb = readonly [number, number, number];

export interface Stripes {
  /** Radians per edge of the picture, along x and along y. */
  readonly fx: number;
  readonly fy: number;
  readonly phase: number;
  /** Levels of 255. */
  readonly height: number;
}

/** A gradient of low saturation from one colour to another (levels of 255), with noise and perhaps stripes. */
export interface Ground {
  readonly from: Rgb;
  readonly to: Rgb;
  /** Direction of the gradient, radians. */
  readonly angle: number;
  /** Peak to peak, levels of 255. */
  readonly noise: number;
  readonly stripes: Stripes | null;
  /** Where the noise comes from, u32. */
  readonly seed: number;
}

/** Draws a ground: a soft gradient, or one with stripes and stronger noise. */
export function drawGround(draws: Stream, textured: boolean): Ground {
  const within = (low: number, high: number) => low + (high - low) * draws.uniform();
  const base = within(150, 245);
  const from: Rgb = [base + within(-18, 18), base + within(-18, 18), base + within(-18, 18)];
  const to: Rgb = [from[0] + within(-30, 30), from[1] + within(-30, 30), from[2] + within(-30, 30)];
  const angle = within(0, 2 * Math.PI);
  const seed = draws.below(2 ** 32);
  if (!textured) return { from, to, angle, noise: within(0, 4), stripes: null, seed };
  const stripes = { fx: within(-58, 58), fy: within(-58, 58), phase: within(0, 2 * Math.PI), height: within(3, 10) };
  return { from, to, angle, noise: within(6, 20), stripes, seed };
}

/** Paints the ground as u8 [edge, edge, 3]. */
export function paintGround(ground: Ground, edge: number): Uint8Array {
  const { from, to, stripes } = ground;
  const pixels = new Uint8ClampedArray(edge * edge * 3);
  const along = (1.4 / edge) * Math.cos(ground.angle);
  const down = (1.4 / edge) * Math.sin(ground.angle);
  const delta = [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const;
  const stripeAt = stripes ? stripeLevels(stripes, edge) : () => 0;
  let noise = ground.seed;
  for (let y = 0, p = 0; y < edge; y++) {
    for (let x = 0; x < edge; x++, p += 3) {
      noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0; // a linear congruential step: speed before quality
      const t = 0.5 + 0.5 * ((x - edge / 2) * along + (y - edge / 2) * down);
      const level = ground.noise * (noise / 2 ** 32 - 0.5) + stripeAt(x, y);
      pixels[p] = from[0] + delta[0] * t + level;
      pixels[p + 1] = from[1] + delta[1] * t + level;
      pixels[p + 2] = from[2] + delta[2] * t + level;
    }
  }
  return new Uint8Array(pixels.buffer);
}

/** height · sin(a + b) as sin a cos b + cos a sin b: no sine for every pixel. */
function stripeLevels({ fx, fy, phase, height }: Stripes, edge: number): (x: number, y: number) => number {
  const a = Float64Array.from({ length: edge }, (_, x) => (x * fx) / edge);
  const b = Float64Array.from({ length: edge }, (_, y) => (y * fy) / edge + phase);
  const [sinA, cosA, sinB, cosB] = [a.map(Math.sin), a.map(Math.cos), b.map(Math.sin), b.map(Math.cos)] as const;
  return (x, y) => height * ((sinA[x] as number) * (cosB[y] as number) + (cosA[x] as number) * (sinB[y] as number));
}
