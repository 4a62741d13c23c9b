// What happens in clips, as data. An action is its own text: "moves right". Every action has an inverse, which is seen
// when the frames run backwards.
import type { Tint } from './kinds.js';

const INVERSE = {
  'moves right': 'moves left',
  'moves left': 'moves right',
  'moves down': 'moves up',
  'moves up': 'moves down',
  grows: 'shrinks',
  shrinks: 'grows',
  'turns clockwise': 'turns counterclockwise',
  'turns counterclockwise': 'turns clockwise',
  appears: 'disappears',
  disappears: 'appears',
  'changes color': 'changes color', // from the other tint
  'hops once': 'hops once',
  'hops twice': 'hops twice',
  'appears for a moment': 'appears for a moment',
} as const;

export type Action = keyof typeof INVERSE;
export const ACTIONS = Object.keys(INVERSE) as readonly Action[];

/** One action of one member of the cast. */
export interface Event {
  /** Its number in the cast. */
  readonly actor: number;
  readonly action: Action;
  /** Before and after; null unless the color changes. */
  readonly tints: readonly [Tint, Tint] | null;
}

/** The event as it is seen when the frames run backwards. */
export function inverse({ actor, action, tints }: Event): Event {
  return { actor, action: INVERSE[action], tints: tints && [tints[1], tints[0]] };
}

/** "moves right", "changes from red to blue" */
export const does = ({ action, tints }: Event): string => (tints ? `changes from ${tints[0]} to ${tints[1]}` : action);
