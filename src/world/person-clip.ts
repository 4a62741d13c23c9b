// Clips of people: one mood and then another, or a wink in one frame. Backwards the moods come the other way round.
import { fail } from '../error/index.js';
import { type Stream, stream } from '../random/index.js';
import { drawPerson, MOODS, type Mood, type Person } from './person.js';
import { personSlots } from './person-caption.js';
import { fill, shuffled, withoutSlots } from './phrase.js';
import {
  type AskOptions,
  askAbout,
  coin,
  type Forms,
  formTexts,
  type Posed,
  type Question,
  thinned,
  yesOrNo,
} from './question.js';

export interface PersonClip {
  readonly type: 'moods' | 'wink';
  /** As at the beginning and at the end: moods differ, or nothing does. */
  readonly ends: readonly [Person, Person];
  readonly frames: readonly Person[];
}

const TYPES = ['moods', 'moods', 'wink'] as const;
/** Moods with open eyes, so that closing one is seen. */
const AWAKE: readonly Mood[] = ['smiling', 'angry', 'surprised'];
const MIN_FRAMES = 4;

/**
 * Draws one clip of a person; the same arguments always give the same one.
 *
 * @param frames  at least 4; default 8
 * @throws `data` if there are less than 4 frames
 */
export function drawPersonClip(seed: number, index: number, frames = 8): PersonClip {
  if (frames < MIN_FRAMES)
    fail('data', { where: 'clip', what: 'is too short', got: `${frames} frames`, expected: `at least ${MIN_FRAMES}` });
  const draws = stream(seed, 'person clip', index);
  const person = drawPerson(seed, draws.below(2 ** 32));
  const type = draws.pick(TYPES);
  if (type === 'wink') return wink({ ...person, mood: draws.pick(AWAKE) }, frames, draws);
  const [first = person.mood, last = person.mood] = shuffled(MOODS, draws);
  const early = Math.ceil(frames / 4);
  const change = early + draws.below(frames - 2 * early + 1);
  const ends = [
    { ...person, mood: first },
    { ...person, mood: last },
  ] as const;
  return { type, ends, frames: Array.from({ length: frames }, (_, frame) => ends[frame < change ? 0 : 1]) };
}

/** In exactly one frame, neither the first nor the last. */
function wink(person: Person, frames: number, draws: Stream): PersonClip {
  const moment = 1 + draws.below(frames - 2);
  const seen = Array.from({ length: frames }, (_, frame) => (frame === moment ? { ...person, winks: true } : person));
  return { type: 'wink', ends: [person, person], frames: seen };
}

/** The clip played backwards; null where the same is told of it. */
export function twinPersonClip({ type, ends, frames }: PersonClip): PersonClip | null {
  return type === 'wink' ? null : { type, ends: [ends[1], ends[0]], frames: frames.toReversed() };
}

/** The first template of each type is the complete one; the others follow in random order. */
const TEMPLATES: Readonly<Record<PersonClip['type'], readonly string[]>> = {
  moods: [
    'a person with {hair}{beard} in {garment} is {mood} and then {later}',
    'a person in {garment} is {mood} at first and {later} at last',
    'first someone with {hairColor} hair is {mood} and after that {later}',
    'a video of someone in {garment} who is {mood} and then {later}',
    'someone with {hair} is {later} after being {mood}',
    'a person wearing {garment} is {mood} before being {later}',
  ],
  wink: [
    '{moody} person with {hair}{beard} in {garment} winks',
    'someone with {hair} winks',
    'a video of {moody} person who winks',
    'a person in {garment} closes one eye for a moment',
    '{moody} person in {garment} winks once',
    'you can see how someone with {hairColor} hair winks',
  ],
};

/**
 * Captions of one clip of a person, no two of them identical; the first one is complete.
 *
 * @param draws  decides the wording
 * @param count  how many; at most 6
 */
export function describePersonClip({ type, ends }: PersonClip, draws: Stream, count = 5): readonly string[] {
  const [complete = '', ...others] = TEMPLATES[type];
  const slots = { ...personSlots(ends[0]), later: ends[1].mood };
  return [complete, ...shuffled(others, draws)].slice(0, count).map((template) => fill(template, slots));
}

export type PersonClipQuestionType = 'mood-start' | 'mood-end' | 'mood-order' | 'winks';

/**
 * Questions about one clip of a person and their answers.
 *
 * @param draws  decides what is asked, and the wording
 */
export function askPersonClip(
  clip: PersonClip,
  draws: Stream,
  options?: AskOptions<PersonClipQuestionType>,
): readonly Question<PersonClipQuestionType>[] {
  return askAbout(PERSON_CLIP_FORMS, clip, draws, options);
}

/** Of the clips without a wink: as many have one, whether all or three of the questions are asked. */
const NO_WINK_ASKED = 0.58;

export const PERSON_CLIP_FORMS: Forms<PersonClipQuestionType, PersonClip> = {
  'mood-start': {
    templates: ['how does the person feel at the start', 'how does the person feel at first'],
    chance: 1 / MOODS.length,
    pose: (clip) => poseMood(clip, 0),
  },
  'mood-end': {
    templates: ['how does the person feel at the end', 'how does the person feel at last'],
    chance: 1 / MOODS.length,
    pose: (clip) => poseMood(clip, 1),
  },
  'mood-order': {
    templates: ['is the person {a} {before} being {b}', 'is the person first {early} and then {late}'],
    chance: 0.5,
    pose: ({ type, ends: [first, last] }, draws) => {
      if (type === 'wink') return null;
      const [yes, isForwards] = [coin(draws), coin(draws)];
      const [a, b] = isForwards ? [first.mood, last.mood] : [last.mood, first.mood];
      const isBefore = isForwards === yes;
      const [early, late] = isBefore ? [a, b] : [b, a];
      return { slots: { a, b, before: isBefore ? 'before' : 'after', early, late }, answer: yesOrNo(yes) };
    },
  },
  winks: {
    templates: ['does the person wink', 'can you see a wink', 'does the person close one eye'],
    chance: 0.5,
    pose: ({ type }, draws) => thinned({ slots: {}, answer: yesOrNo(type === 'wink') }, draws, { no: NO_WINK_ASKED }),
  },
};

const poseMood = ({ type, ends }: PersonClip, which: 0 | 1): Posed | null =>
  type === 'moods' ? { slots: {}, answer: ends[which].mood } : null;

/** Texts that, with those of people, hold every word of a caption of such a clip, or of a question about it. */
export const PERSON_CLIP_TEXTS: readonly string[] = [
  ...withoutSlots(Object.values(TEMPLATES).flat()),
  ...formTexts(PERSON_CLIP_FORMS),
  'before after',
];

export const PERSON_CLIP_ANSWERS: readonly string[] = [...MOODS, 'yes', 'no'];
