// Questions as data: a type is a few templates, the chance of a guesser who sees no picture, and a function that finds
// something to ask about. Answers are made as likely as each other, so that the question alone says close to nothing.
import type { Stream } from '../random/index.js';
import { fill, type Slots, withoutSlots } from './phrase.js';

export interface Question<Type extends string = string> {
  readonly type: Type;
  readonly question: string;
  readonly answer: string;
}

/** How a type of question is asked about a subject: a scene, a clip or a person. */
export interface Form<Subject> {
  /** Paraphrases. */
  readonly templates: readonly string[];
  /** The part of the questions, 0…1, that the best guess from the question alone gets right. */
  readonly chance: number;
  /** What to ask and the answer; null where the subject does not allow it. */
  readonly pose: (subject: Subject, draws: Stream) => Posed | null;
}

export interface Posed {
  readonly slots: Slots;
  readonly answer: string;
}

export type Forms<Type extends string, Subject> = Readonly<Record<Type, Form<Subject>>>;

export interface AskOptions<Type extends string> {
  /** At most so many, one of a type; default 3. */
  readonly count?: number;
  /** How often a type is asked, relative to the others; what is left out is not asked. Default: all alike. */
  readonly weights?: Readonly<Partial<Record<Type, number>>>;
}

/** What guesses from the question alone get right, 0…1. */
export const ODDS = {
  /** Of the nouns of a domain; not much is lost by calling 126 or 167 of them a hundred. */
  noun: 0.01,
  yesNo: 0.5,
  /** Eight tints, of which a noun never wears the held-out ones. */
  tint: 1 / (8 * 0.88),
} as const;

/** Questions of different types, in random order; fewer than wanted where the subject allows no more. */
export function askAbout<Type extends string, Subject>(
  forms: Forms<Type, Subject>,
  subject: Subject,
  draws: Stream,
  { count = 3, weights }: AskOptions<Type> = {},
): readonly Question<Type>[] {
  const questions: Question<Type>[] = [];
  for (const type of drawOrder(Object.keys(forms) as Type[], draws, weights)) {
    if (questions.length >= count) break;
    const { templates, pose } = forms[type];
    const posed = pose(subject, draws);
    if (posed) questions.push({ type, question: fill(draws.pick(templates), posed.slots), answer: posed.answer });
  }
  return questions;
}

/** All types with a weight, the heavier ones earlier: keys log w + Gumbel, sorted, draw without replacement. */
function drawOrder<Type extends string>(
  types: readonly Type[],
  draws: Stream,
  weights?: Readonly<Partial<Record<Type, number>>>,
): readonly Type[] {
  return types
    .map((type) => ({ type, key: Math.log(weights ? (weights[type] ?? 0) : 1) + draws.gumbel() }))
    .filter(({ key }) => key > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.key - a.key)
    .map(({ type }) => type);
}

/** Texts that hold every word of the templates. */
export const formTexts = (forms: Forms<string, never>): readonly string[] =>
  withoutSlots(Object.values(forms).flatMap(({ templates }) => templates));

/** A fair coin. */
export const coin = (draws: Stream): boolean => draws.uniform() < 0.5;

export const yesOrNo = (yes: boolean): string => (yes ? 'yes' : 'no');

/** One of a list that may be empty. */
export const pickAny = <T>(draws: Stream, items: readonly T[]): T | undefined =>
  items.length ? draws.pick(items) : undefined;

/** Keeps what is posed with the share of its answer, 1 by default: evens out what subjects offer unevenly. */
export const thinned = (posed: Posed, draws: Stream, shares: Readonly<Record<string, number>>): Posed | null =>
  draws.uniform() < (shares[posed.answer] ?? 1) ? posed : null;
