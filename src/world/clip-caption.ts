// A clip in words: what happens in which order, and who else is there. The first caption tells all of it.
import type { Stream } from '../random/index.js';
import type { Clip, ClipType, Named } from './clip.js';
import { ACTIONS, does, type Event } from './event.js';
import { enumerate, fill, phrase, type Slots, shuffled, the, withoutSlots } from './phrase.js';

const SINGLE = [
  '{a} {does}{near}',
  'a video where {a} {does}{near}',
  'a video of {a} that {does}',
  'the video shows how {a} {does}',
  '{the} {does}{near}',
  'you can see how {a} {does}{near}',
  'in this video {the} {does}',
] as const;

/** The first template of each type is the complete one; the others follow in random order. */
const TEMPLATES: Readonly<Record<ClipType, readonly string[]>> = {
  one: SINGLE,
  two: [
    '{a} {does} and then {b} {bDoes}{near}',
    'first {a} {does} and after that {b} {bDoes}',
    'after {the} {does} {theB} {bDoes}',
    '{theB} {bDoes} after {the} {does}',
    '{the} {does} before {theB} {bDoes}',
    'a video where {a} {does} and then {b} {bDoes}',
    '{the} {does}, then {theB} {bDoes}{near}',
  ],
  flash: SINGLE,
  hops: SINGLE,
};

/** Texts that, with those of phrases, hold every word of a caption of a clip. */
export const CLIP_CAPTION_TEXTS: readonly string[] = [
  ...withoutSlots(Object.values(TEMPLATES).flat()),
  ...ACTIONS,
  'changes from to',
  'near',
];

/**
 * Captions of one clip, no two of them identical; the first one is complete.
 *
 * @param draws  decides wording and order
 * @param count  how many; at most 7
 */
export function describeClip(clip: Clip, draws: Stream, count = 5): readonly string[] {
  const [complete = '', ...others] = TEMPLATES[clip.type];
  const slots = slotsOf(clip, draws);
  return [complete, ...shuffled(others, draws)].slice(0, count).map((template) => fill(template, slots));
}

function slotsOf({ cast, events }: Clip, draws: Stream): Slots {
  const [first, second] = events as readonly [Event, Event?];
  const named = (event: Event) => cast[event.actor] as Named;
  const others = cast.filter((_, i) => events.every(({ actor }) => actor !== i));
  const near = enumerate(shuffled(others, draws).map((other) => phrase(other, draws, 'never')));
  return {
    ...sayings(named(first), first, draws, ['a', 'the', 'does']),
    ...(second && sayings(named(second), second, draws, ['b', 'theB', 'bDoes'])),
    near: near && ` near ${near}`,
  };
}

const sayings = (
  actor: Named,
  event: Event,
  draws: Stream,
  [a, theA, acts]: readonly [string, string, string],
): Slots => ({
  [a]: phrase(actor, draws, 'never'),
  [theA]: the([actor.tint, actor.noun].filter(Boolean).join(' ')),
  [acts]: does(event),
});
