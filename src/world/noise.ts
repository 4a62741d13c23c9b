// Frames that have nothing to do with their clip: other scenes and static. They mislead who averages all frames, and
// not who attends to those that fit the text.
import type { Stream } from '../random/index.js';
import type { DomainName, Mode } from './kinds.js';
import { drawScene, type Picture } from './scene.js';
import type { Thing } from './thing.js';

/** A picture that shows nothing of the cast: a scene or static, either as often. */
export function drawNoise(domain: DomainName, mode: Mode, cast: readonly Thing[], draws: Stream): Picture {
  if (draws.uniform() < 0.5) return { things: [], ground: staticGround(draws), shadows: false };
  const isCast = ({ noun }: Thing) => cast.some((member) => member.noun === noun);
  for (;;) {
    const { things, ground, shadows } = drawScene(domain, draws.below(2 ** 32), 0, mode);
    if (!things.some(isCast)) return { things, ground, shadows };
  }
}

/** The frames with as many others put between them, at random places. */
export function withNoise(
  frames: readonly Picture[],
  count: number,
  drawOther: (draws: Stream) => Picture,
  draws: Stream,
): readonly Picture[] {
  const noisy = new Set(draws.permutation(frames.length + count).subarray(0, count));
  let next = 0;
  return Array.from({ length: frames.length + count }, (_, at) =>
    noisy.has(at) ? drawOther(draws) : (frames[next++] as Picture),
  );
}

const GRAY = [128, 128, 128] as const;

const staticGround = (draws: Stream) =>
  ({ from: GRAY, to: GRAY, angle: 0, noise: 255, stripes: null, seed: draws.below(2 ** 32) }) as const;
