// Things, places, relations and numbers in words, as captions, questions and answers say them. Sentences are templates
// with {slots}, so that the list of all words falls out of the same data that makes the texts.
import type { Stream } from '../random/index.js';
import { KINDS, TINTS } from './kinds.js';
import { PLACES, type Place, type Relation } from './layout.js';
import type { Size, Thing } from './thing.js';

const SIZES: Readonly<Record<Size, readonly string[]>> = { small: ['small', 'little'], large: ['large', 'big'] };
const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five'] as const;
const RELATIONS: Readonly<Record<Relation, readonly string[]>> = {
  left: ['to the left of', 'on the left side of'],
  right: ['to the right of', 'on the right side of'],
  above: ['above', 'over'],
  below: ['below', 'under'],
};
const PLURALS = new Map(KINDS.map(({ noun, plural }) => [noun, plural]));

/** What fills the slots of a template; a function is called once for each time that its slot occurs. */
export type Slots = Readonly<Record<string, string | (() => string)>>;

/** The template with its {slots} filled. */
export function fill(template: string, slots: Slots): string {
  return template.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const words = slots[slot] ?? '';
    return typeof words === 'string' ? words : words();
  });
}

/** The texts without their slots: what is said whatever fills them. */
export const withoutSlots = (templates: readonly string[]): readonly string[] =>
  templates.map((template) => template.replace(/\{\w+\}/g, ' '));

/** Texts that hold every word of this file. */
export const PHRASES: readonly string[] = [
  ...KINDS.flatMap(({ noun, plural }) => [noun, plural]),
  ...Object.values(SIZES).flat(),
  ...Object.values(RELATIONS).flat(),
  ...PLACES.map(at),
  ...TINTS,
  ...NUMBERS,
  'a an the and pair of',
];

/** "a red dog"; the size is told always, never, or half of the time. */
export function phrase(
  thing: Pick<Thing, 'noun' | 'tint' | 'size'>,
  draws: Stream,
  sized: 'always' | 'sometimes' | 'never',
): string {
  const tellsSize = sized === 'always' || (sized === 'sometimes' && draws.uniform() < 0.5);
  const size = tellsSize ? draws.pick(SIZES[thing.size]) : '';
  return withArticle([size, thing.tint, thing.noun].filter(Boolean).join(' '));
}

/** "to the left of": how `a` stands to `b`. */
export function relationPhrase(relation: Relation, draws: Stream): string {
  return draws.pick(RELATIONS[relation]);
}

export function withArticle(words: string): string {
  if (isPair(words)) return `a pair of ${words}`;
  return /^([aeio]|um|hour)/.test(words) ? `an ${words}` : `a ${words}`;
}

/** "the dog", "the pair of scissors": always singular, so that templates need no second verb. */
export const the = (words: string): string => (isPair(words) ? `the pair of ${words}` : `the ${words}`);

const isPair = (words: string) => /(scissors|glasses)$/.test(words);

/** "at the top left", "in the center" */
export function at(place: Place): string {
  if (place === 'center') return 'in the center';
  return place === 'left' || place === 'right' ? `on the ${place}` : `at the ${place}`;
}

export const pluralOf = (noun: string): string => PLURALS.get(noun) ?? noun;

/** "three red dogs": things that are alike. */
export function numbered(group: readonly Thing[]): string {
  const { noun, tint } = group[0] as Thing;
  return [NUMBERS[group.length], tint, group.length === 1 ? noun : pluralOf(noun)].filter(Boolean).join(' ');
}

/** "a dog, a cat and a bird" */
export const enumerate = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export function shuffled<T>(items: readonly T[], draws: Stream): readonly T[] {
  return Array.from(draws.permutation(items.length), (i) => items[i] as T);
}
