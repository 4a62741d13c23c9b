// RandAugment (arXiv 1909.13719) as BLIP's release has it: n operations out of ten, each applied with probability ½
// at a fixed level. At its level 5, brightness and sharpness have factor 1 and change nothing; that is the release too.
import type { Stream } from '../../random/index.js';
import type { Pixels } from './pixels.js';
import { autoContrast, brightness, equalize, sharpness } from './tone.js';
import { rotate, shearX, shearY, translateX, translateY } from './warp.js';

const MAX_LEVEL = 10;
const MAX_SHEAR = 0.3; // pixels per pixel
const MAX_TRANSLATION = 10; // pixels
const MAX_ROTATION = 30; // degrees

type Operation = (source: Pixels, level: number, draw: Stream) => Pixels;

/** 0.1 at level 0, 1.9 at level 10. */
const enhancement = (level: number) => (level / MAX_LEVEL) * 1.8 + 0.1;
const signed = (level: number, max: number, draw: Stream) =>
  (level / MAX_LEVEL) * max * (draw.uniform() < 0.5 ? 1 : -1);

/** The ten operations. Auto-contrast stretches as intended; the release's overflows a byte unless a channel reaches 0. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  identity: (source) => source,
  autoContrast,
  equalize,
  brightness: (source, level) => brightness(source, enhancement(level)),
  sharpness: (source, level) => sharpness(source, enhancement(level)),
  shearX: (source, level, draw) => shearX(source, signed(level, MAX_SHEAR, draw)),
  shearY: (source, level, draw) => shearY(source, signed(level, MAX_SHEAR, draw)),
  translateX: (source, level, draw) => translateX(source, signed(level, MAX_TRANSLATION, draw)),
  translateY: (source, level, draw) => translateY(source, signed(level, MAX_TRANSLATION, draw)),
  rotate: (source, level, draw) => rotate(source, signed(level, MAX_ROTATION, draw)),
};

/**
 * Applies `n` random operations, drawn with replacement, one after the other.
 *
 * @param n      operations drawn; half of them are skipped on average
 * @param level  strength, 0…10
 */
export function randAugment(source: Pixels, draw: Stream, n = 2, level = 5): Pixels {
  const names = Object.keys(OPERATIONS);
  let result = source;
  for (let i = 0; i < n; i++) {
    const name = draw.pick(names);
    if (draw.uniform() < 0.5) result = (OPERATIONS[name] as Operation)(result, level, draw);
  }
  return result;
}
