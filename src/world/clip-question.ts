// Questions about clips. Most of them can only be answered from the order of the frames: backwards, the same question
// about the same pictures has the opposite answer.
import type { Stream } from '../random/index.js';
import type { Clip } from './clip.js';
import { ACTIONS, type Action, type Event } from './event.js';
import { shuffled, the } from './phrase.js';
import {
  type AskOptions,
  askAbout,
  coin,
  type Forms,
  formTexts,
  ODDS,
  type Posed,
  pickAny,
  type Question,
  thinned,
  yesOrNo,
} from './question.js';

export type ClipQuestionType =
  | 'direction' // which way does it move
  | 'action' // what does it do
  | 'changed' // which object changes
  | 'first' // or last
  | 'before' // or after: does it change before that
  | 'after' // or before: what does it do after that, perhaps nothing
  | 'colour-start'
  | 'colour-end'
  | 'hops' // how many
  | 'flash'; // what appears for a moment

/**
 * Questions about one clip and their answers.
 *
 * @param draws  decides what is asked, and the wording
 */
export function askClip(
  clip: Clip,
  draws: Stream,
  options?: AskOptions<ClipQuestionType>,
): readonly Question<ClipQuestionType>[] {
  return askAbout(CLIP_FORMS, clip, draws, options);
}

export const CLIP_FORMS: Forms<ClipQuestionType, Clip> = {
  direction: {
    templates: ['which way does {it} move', 'in which direction does {it} move'],
    chance: 0.25,
    pose: (clip, draws) => {
      const move = pickAny(
        draws,
        clip.events.filter(({ action }) => action.startsWith('moves ')),
      );
      return move ? { slots: { it: nameOf(clip, move) }, answer: move.action.replace('moves ', '') } : null;
    },
  },
  action: {
    templates: ['what does {it} do', 'what happens to {it}'],
    chance: 0.1,
    pose: (clip, draws) => {
      if (clip.type !== 'one' && clip.type !== 'two') return null;
      const event = draws.pick(clip.events);
      return thinned({ slots: { it: nameOf(clip, event) }, answer: event.action }, draws, ACTIONS_ASKED);
    },
  },
  changed: {
    templates: ['which object changes', 'what changes', 'which thing changes'],
    chance: ODDS.noun,
    pose: ({ type, cast, events }) =>
      type === 'one' && cast.length > 1 ? { slots: {}, answer: nounOf(cast, events[0]) } : null,
  },
  first: {
    templates: ['what changes {first}', 'which object changes {first}'],
    chance: ODDS.noun,
    pose: ({ type, cast, events }, draws) => {
      if (type !== 'two') return null;
      const isFirst = coin(draws);
      return { slots: { first: isFirst ? 'first' : 'last' }, answer: nounOf(cast, events[isFirst ? 0 : 1]) };
    },
  },
  before: {
    templates: ['does {a} change {before} {b}', 'does {a} change {before} {b} does'],
    chance: ODDS.yesNo,
    pose: (clip, draws) => {
      if (clip.type !== 'two') return null;
      const [a, b] = shuffled(clip.events, draws) as readonly [Event, Event];
      const isAsked = coin(draws);
      const isYes = isAsked === (a === clip.events[0]);
      return {
        slots: { a: nameOf(clip, a), b: nameOf(clip, b), before: isAsked ? 'before' : 'after' },
        answer: yesOrNo(isYes),
      };
    },
  },
  after: {
    templates: ['what does {a} do {after} {b} {does}', 'what happens to {a} {after} {b} {does}'],
    chance: 0.2,
    pose: (clip, draws) => (clip.type === 'two' ? poseSequence(clip, draws) : null),
  },
  'colour-start': {
    templates: ['what color is {it} at the start', 'which color does {it} have at first', 'what color was {it} before'],
    chance: ODDS.tint,
    pose: (clip, draws) => poseColour(clip, 0, draws),
  },
  'colour-end': {
    templates: ['what color is {it} at the end', 'which color does {it} have at last', 'what color does {it} become'],
    chance: ODDS.tint,
    pose: (clip, draws) => poseColour(clip, 1, draws),
  },
  hops: {
    templates: ['how many times does {it} hop', 'how often does {it} hop'],
    chance: ODDS.yesNo,
    pose: (clip) => {
      const [event] = clip.events;
      if (clip.type !== 'hops' || !event) return null;
      return { slots: { it: nameOf(clip, event) }, answer: event.action === 'hops once' ? '1' : '2' };
    },
  },
  flash: {
    templates: [
      'what appears for a moment',
      'which object is seen only briefly',
      'what can be seen in one moment only',
    ],
    chance: ODDS.noun,
    pose: ({ type, cast, events }) => (type === 'flash' ? { slots: {}, answer: nounOf(cast, events[0]) } : null),
  },
};

/** Texts that, with those of phrases, captions of clips and answers, hold every word of a question about a clip. */
export const CLIP_QUESTION_TEXTS: readonly string[] = [...formTexts(CLIP_FORMS), 'first last before after'];

/** Every answer that is neither a noun nor a tint. */
export const CLIP_ANSWERS: readonly string[] = [
  ...ACTIONS.filter((action) => !action.startsWith('hops') && action !== 'appears for a moment'),
  ...['right', 'left', 'down', 'up', '1', '2', 'yes', 'no', 'nothing'],
];

/** One motion in six changes the color, and the others go two ways. */
const ACTIONS_ASKED: Readonly<Partial<Record<Action, number>>> = { 'changes color': 0.5 };
/** Of the questions what something does after or before something else. */
const NOTHING = 0.2;

const nounOf = (cast: Clip['cast'], event: Event | undefined): string => cast[event?.actor ?? 0]?.noun ?? '';

const nameOf = ({ cast }: Clip, event: Event): string => the(nounOf(cast, event));

/** What one of two does after, or before, the other acts; nothing where it has acted on the other side. */
function poseSequence(clip: Clip, draws: Stream): Posed | null {
  const [a, b] = shuffled(clip.events, draws) as readonly [Event, Event];
  const isNothing = draws.uniform() < NOTHING;
  const isBefore = (a === clip.events[0]) !== isNothing;
  const slots = { a: nameOf(clip, a), b: nameOf(clip, b), does: b.action, after: isBefore ? 'before' : 'after' };
  return thinned({ slots, answer: isNothing ? 'nothing' : a.action }, draws, ACTIONS_ASKED);
}

function poseColour(clip: Clip, which: 0 | 1, draws: Stream): Posed | null {
  const event = pickAny(
    draws,
    clip.events.filter(({ tints }) => tints),
  );
  return event?.tints ? { slots: { it: nameOf(clip, event) }, answer: event.tints[which] } : null;
}
