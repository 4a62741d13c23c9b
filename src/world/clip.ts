// A clip is plain readonly data: its frames, each a picture, and what happens in them. Played backwards it is another
// clip, as likely as the first, in which the inverse happens: who ignores the order of frames cannot tell them apart.
import { fail } from '../error/index.js';
import { type Stream, stream } from '../random/index.js';
import { type Event, inverse } from './event.js';
import { drawGround } from './ground.js';
import { DOMAINS, type DomainName, kindsIn, type Mode } from './kinds.js';
import { areApart } from './layout.js';
import { drawMotion, FLASH, HOP_FRAMES, hop, type Motion, place, type Track } from './motion.js';
import { drawNoise, withNoise } from './noise.js';
import { coin } from './question.js';
import { distinct, embody, type Picture } from './scene.js';
import type { Thing } from './thing.js';

/** One action; one action of one thing and then one of another; something seen in one frame only; hops. */
export type ClipType = 'one' | 'two' | 'flash' | 'hops';

export interface Clip {
  readonly type: ClipType;
  /** Everything that takes part, as it is named: without a tint where that changes. */
  readonly cast: readonly Named[];
  /** In order of time. */
  readonly events: readonly Event[];
  readonly frames: readonly Picture[];
}

export type Named = Pick<Thing, 'noun' | 'tint' | 'size'>;

export interface ClipOptions {
  /** Which (noun, tint) pairs; default `'train'`. */
  readonly mode?: Mode;
  /** Of the clip, 4 to 16, noise included; default 8. */
  readonly frames?: number;
  /** How many of the frames show something else, at random places; default 0. At least 4 have to be left. */
  readonly noise?: number;
}

const CAST_SIZES: Readonly<Record<ClipType, readonly [number, number]>> = {
  one: [1, 3],
  two: [2, 3],
  flash: [2, 3],
  hops: [1, 2],
};
const TYPES = ['one', 'one', 'two', 'two', 'flash', 'hops'] as const;
const TINTED = 0.5;
const MIN_FRAMES = 4;
const ATTEMPTS = 1000;

/**
 * Draws one clip; the same arguments always give the same one.
 *
 * @throws `data` if less than 4 frames are left beside the noise
 */
export function drawClip(domain: DomainName, seed: number, index: number, options: ClipOptions = {}): Clip {
  const { mode = 'train', frames = 8, noise = 0 } = options;
  const length = frames - noise;
  if (length < MIN_FRAMES)
    fail('data', { where: 'clip', what: 'is too short', got: `${length} frames`, expected: `at least ${MIN_FRAMES}` });
  const draws = stream(seed, 'clip', index);
  const type = draws.pick(length < HOP_FRAMES ? TYPES.filter((type) => type !== 'hops') : TYPES);
  const [fewest, most] = CAST_SIZES[type];
  const from = { kinds: kindsIn(domain, mode), mode };
  const wishes = distinct(draws, fewest + draws.below(most - fewest + 1), from, TINTED);
  const parts = castParts(type, wishes, mode, draws);
  const isChanging = (i: number) => parts.some(({ actor, motion }) => actor === i && motion.tints);
  const cast = wishes.map((wish, i) =>
    embody(draws, { ...wish, size: 'small', tint: isChanging(i) ? null : wish.tint }),
  );
  const { textured, shadows } = DOMAINS[domain];
  const ground = drawGround(draws, textured);
  const pictures = arrangeTracks(cast, parts, length, draws).map((things) => ({ things, ground, shadows }));
  return {
    type,
    cast: cast.map(({ noun, tint, size }) => ({ noun, tint, size })),
    events: parts.map(eventOf),
    frames: withNoise(pictures, noise, (draws) => drawNoise(domain, mode, cast, draws), draws),
  };
}

/** The clip played backwards. */
export function reverseClip({ type, cast, events, frames }: Clip): Clip {
  return { type, cast, events: events.map(inverse).reverse(), frames: frames.toReversed() };
}

/** The clip played backwards; null where the same is told of it. */
export function twinClip(clip: Clip): Clip | null {
  return clip.type === 'one' || clip.type === 'two' ? reverseClip(clip) : null;
}

/** What one member of the cast does. */
interface Part {
  readonly actor: number;
  readonly motion: Motion;
  readonly isReversed: boolean;
}

function eventOf({ actor, motion: { action, tints }, isReversed }: Part): Event {
  const event = { actor, action, tints };
  return isReversed ? inverse(event) : event;
}

/** Who of the cast acts, in order of time, and how. */
function castParts(type: ClipType, wishes: readonly Omit<Named, 'size'>[], mode: Mode, draws: Stream): readonly Part[] {
  const parts: Part[] = [];
  const taken = wishes.map(({ tint }) => tint);
  for (const actor of draws.permutation(wishes.length).subarray(0, type === 'two' ? 2 : 1)) {
    const motion = MOTIONS[type](draws, () => drawMotion(wishes[actor]?.noun ?? '', mode, taken, draws));
    parts.push({ actor, motion, isReversed: coin(draws) });
    taken.push(...(motion.tints ?? []));
  }
  return parts;
}

const MOTIONS: Readonly<Record<ClipType, (draws: Stream, any: () => Motion) => Motion>> = {
  one: (_, any) => any(),
  two: (_, any) => any(),
  flash: () => FLASH,
  hops: (draws) => hop(coin(draws) ? 1 : 2),
};

/** What is to be seen in every frame, all of it apart. */
function arrangeTracks(
  cast: readonly Thing[],
  parts: readonly Part[],
  frames: number,
  draws: Stream,
): readonly (readonly Thing[])[] {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const tracks: Track[] = cast.map((thing) => Array(frames).fill(place(thing, draws)));
    for (const [turn, part] of parts.entries())
      tracks[part.actor] = play(part, cast[part.actor] as Thing, { frames, turn, turns: parts.length }, draws);
    const seen = Array.from({ length: frames }, (_, frame) => tracks.flatMap((track) => track[frame] ?? []));
    if (seen.every(areApart)) return seen;
  }
  fail('internal', { where: 'clip', what: `no arrangement found in ${ATTEMPTS} attempts` });
}

/** The actor in all frames: before and after its turn as at its beginning and end. */
function play(
  { motion, isReversed }: Part,
  thing: Thing,
  { frames, turn, turns }: { readonly frames: number; readonly turn: number; readonly turns: number },
  draws: Stream,
): Track {
  const length = Math.floor(frames / turns);
  const start = turn === 0 ? 0 : frames - length;
  const track = motion.track(thing, length, draws);
  const played = isReversed ? track.toReversed() : track;
  const at = (frame: number) => Math.min(length - 1, Math.max(0, frame - start));
  return Array.from({ length: frames }, (_, frame) => played[at(frame)] ?? null);
}
