// The eight tints as colour ramps: from a dark shade over the pure colour at the common mean luminance to near white.
import { MEAN_LUMINANCE } from './atlas.js';
import { TINTS, type Tint } from './kinds.js';

const COLOURS: Readonly<Record<Tint, readonly [number, number, number]>> = {
  red: [0.9, 0.1, 0.12],
  orange: [1, 0.55, 0.05],
  yellow: [0.98, 0.86, 0.08],
  green: [0.12, 0.68, 0.18],
  blue: [0.12, 0.32, 0.92],
  purple: [0.55, 0.16, 0.78],
  pink: [1, 0.5, 0.74],
  gray: [0.52, 0.52, 0.54],
};

const RAMPS = new Map(TINTS.map((tint) => [tint, makeRamp(tint)]));

/** Luminance → colour of a tint, u8 [256, 3]. */
export function ramp(tint: Tint): Uint8Array {
  return RAMPS.get(tint) as Uint8Array;
}

function makeRamp(tint: Tint): Uint8Array {
  return Uint8Array.from({ length: 256 * 3 }, (_, i) => {
    const level = Math.floor(i / 3) / 255;
    const colour = COLOURS[tint][i % 3] as number;
    const shaded =
      level < MEAN_LUMINANCE
        ? colour * (0.25 + (0.75 * level) / MEAN_LUMINANCE)
        : colour + ((1 - colour) * 0.75 * (level - MEAN_LUMINANCE)) / (1 - MEAN_LUMINANCE);
    return Math.round(255 * shaded);
  });
}
