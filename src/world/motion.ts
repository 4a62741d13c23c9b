// Motions: where an actor is in every frame while it acts, forwards; a coin reverses it later. The first frame alone
// is to say little about the direction: paths are short and lie anywhere, sizes start log-uniform, turns at any angle.
import type { Stream } from '../random/index.js';
import type { Action } from './event.js';
import { type Mode, type Tint, tintsFor } from './kinds.js';
import { reach } from './layout.js';
import type { Thing } from './thing.js';

/** A thing frame by frame; null where it is not to be seen. */
export type Track = readonly (Thing | null)[];

export interface Motion {
  readonly action: Action;
  readonly tints: readonly [Tint, Tint] | null;
  /** @param frames  at least 2 */
  readonly track: (thing: Thing, frames: number, draws: Stream) => Track;
}

/** Nouns whose art, Noto's or Fluent's, looks much the same when it is turned: nobody could say which way. */
export const ROUND: ReadonlySet<string> = new Set(
  `sun cookie basketball doughnut ball snowflake star bread peach alien lion bear watch apple hamburger pumpkin cheese
skull sandwich gift pancake tomato strawberry sheep avocado panda flame book frog lemon tree ghost drum snail clock pig
laptop cupcake octopus cake watermelon house`.split(/\s+/),
);

const FULL_TURN = 2 * Math.PI;
const TURN = 2.6;
/** A step above this could as well be a turn the other way. */
const MAX_STEP = 1.2;
const [SMALLEST, LARGEST] = [0.14, 0.48];
const HOP = 0.2;

/**
 * One of six motions, whatever the noun allows, forwards.
 *
 * @param taken  tints of the others, which it must not change to
 */
export function drawMotion(noun: string, mode: Mode, taken: readonly (Tint | null)[], draws: Stream): Motion {
  const tints = tintsFor(noun, mode).filter((tint) => !taken.includes(tint));
  const motions = [MOVE_RIGHT, MOVE_DOWN, GROW, APPEAR];
  if (!ROUND.has(noun)) motions.push(TURN_CLOCKWISE);
  if (tints.length > 1) motions.push(changeTint(tints, draws));
  return draws.pick(motions);
}

const MOVE_RIGHT: Motion = { action: 'moves right', tints: null, track: (...given) => move('x', ...given) };
const MOVE_DOWN: Motion = { action: 'moves down', tints: null, track: (...given) => move('y', ...given) };

function move(axis: 'x' | 'y', thing: Thing, frames: number, draws: Stream): Track {
  const path = 0.15 + 0.05 * draws.uniform();
  const placed = place(thing, draws);
  const margin = reach(thing);
  const start = margin + (1 - 2 * margin - path) * draws.uniform();
  return steps(frames).map((t) => ({ ...placed, [axis]: start + path * t }));
}

const GROW: Motion = {
  action: 'grows',
  tints: null,
  track(thing, frames, draws) {
    const factor = 1.3 + 0.2 * draws.uniform();
    const start = SMALLEST * (LARGEST / SMALLEST / factor) ** draws.uniform();
    const { x, y } = place({ ...thing, edge: start * factor }, draws);
    return steps(frames).map((t) => ({ ...thing, x, y, edge: start * factor ** t }));
  },
};

const TURN_CLOCKWISE: Motion = {
  action: 'turns clockwise',
  tints: null,
  track(thing, frames, draws) {
    const large = { ...thing, edge: 0.3 + 0.06 * draws.uniform() };
    const { x, y } = place({ ...large, rotation: Math.PI / 4 }, draws);
    const start = FULL_TURN * draws.uniform();
    const turn = Math.min(TURN, MAX_STEP * (frames - 1));
    return steps(frames).map((t) => ({ ...large, x, y, rotation: start + turn * t }));
  },
};

const APPEAR: Motion = {
  action: 'appears',
  tints: null,
  track(thing, frames, draws) {
    const placed = place(thing, draws);
    return steps(frames).map((t) => (t < 0.5 ? null : placed));
  },
};

function changeTint(tints: readonly Tint[], draws: Stream): Motion {
  const [before, after] = draws.permutation(tints.length);
  const pair = [tints[before as number] as Tint, tints[after as number] as Tint] as const;
  return {
    action: 'changes color',
    tints: pair,
    track(thing, frames, draws) {
      const placed = place(thing, draws);
      return steps(frames).map((t) => ({ ...placed, tint: pair[t < 0.5 ? 0 : 1] }));
    },
  };
}

/** Visible in exactly one frame, neither the first nor the last. */
export const FLASH: Motion = {
  action: 'appears for a moment',
  tints: null,
  track(thing, frames, draws) {
    const placed = place(thing, draws);
    const moment = 1 + draws.below(frames - 2);
    return steps(frames).map((_, frame) => (frame === moment ? placed : null));
  },
};

/** Frames a clip needs for two hops: ground, air, ground, air, ground. */
export const HOP_FRAMES = 5;

/**
 * Once or twice off the ground. Both are at the same heights for as many frames, one hop as long as two together, so
 * that only the order of the frames tells how many there were.
 */
export function hop(times: 1 | 2): Motion {
  return {
    action: times === 1 ? 'hops once' : 'hops twice',
    tints: null,
    track(thing, frames, draws) {
      const { x, y } = place(thing, draws);
      const ground = Math.min(1 - reach(thing), Math.max(y, reach(thing) + HOP));
      return heights(frames, times, draws).map((height) => ({ ...thing, x, y: ground - HOP * height }));
    },
  };
}

function heights(frames: number, times: 1 | 2, draws: Stream): readonly number[] {
  const air = Math.floor((frames - 3) / 2); // frames of one of two hops
  const rising = Array.from({ length: air }, (_, i) => Math.sin((Math.PI * (i + 1)) / (2 * air + 1)));
  const peak = [...rising.filter((_, i) => i % 2 === 0), ...rising.filter((_, i) => i % 2 === 1).reverse()];
  const hops = times === 1 ? [[...rising, ...rising.toReversed()]] : [peak, peak.toReversed()];
  const spare = frames - 2 * air - times - 1; // on the ground, beside one frame before, between and after
  const ground = Array(times + 1).fill(1);
  for (let i = 0; i < spare; i++) ground[draws.below(times + 1)]++;
  return [...hops.flatMap((hop, i) => [...Array(ground[i]).fill(0), ...hop]), ...Array(ground[times]).fill(0)];
}

/** Anywhere inside the picture. */
export function place(thing: Thing, draws: Stream): Thing {
  const margin = reach(thing);
  const anywhere = () => margin + (1 - 2 * margin) * draws.uniform();
  return { ...thing, x: anywhere(), y: anywhere() };
}

/** From 0 to 1 in so many frames. */
const steps = (frames: number): readonly number[] => Array.from({ length: frames }, (_, i) => i / (frames - 1));
