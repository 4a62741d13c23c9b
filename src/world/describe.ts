// A scene in words: paraphrases of varied completeness, all of them true. Sentences are templates with {slots},
// so that the list of all words falls out of the same data that makes the captions.
import type { Stream } from '../random/index.js';
import { KINDS, TINTS } from './kinds.js';
import { OPPOSITE, PLACES, type Place, placeOf, type Relation, relationOf } from './layout.js';
import type { Scene, SceneType } from './scene.js';
import type { Size, Thing } from './thing.js';

const SIZES: Readonly<Record<Size, readonly string[]>> = { small: ['small', 'little'], large: ['large', 'big'] };
const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five'] as const;
const RELATIONS: Readonly<Record<Relation, readonly string[]>> = {
  left: ['to the left of', 'on the left side of'],
  right: ['to the right of', 'on the right side of'],
  above: ['above', 'over'],
  below: ['below', 'under'],
};
/** Where the *other* thing is: "a dog with a cat to its left". */
const SIDES: Readonly<Record<Relation, string>> = {
  left: 'to its left',
  right: 'to its right',
  above: 'above it',
  below: 'below it',
};

/** The first template of each type is the complete one; the others follow in random order. */
const TEMPLATES: Readonly<Record<Exclude<SceneType, 'naming'>, readonly string[]>> = {
  single: [
    '{a} {at}',
    'there is {a} {at} of the picture',
    'a picture of {a}',
    'a picture of {a} {at}',
    'the {place} of the image shows {a}',
    'an image with {a} {at}',
    '{at} there is {a}',
    '{a} is {at}',
  ],
  pair: [
    '{a} {relation} {b}',
    'there is {a} {relation} {b}',
    '{a} is {relation} {b}',
    'a picture of {a} {relation} {b}',
    '{a} with {b} {side}',
    '{a} {at} and {b} {bAt}',
    'an image with {a} and {b}',
  ],
  count: [
    '{groups}',
    'a picture with {groups}',
    'there {are} {groups}',
    'an image of {groups}',
    'the image shows {groups}',
    '{groups} in the picture',
    'you can see {groups}',
  ],
  multi: [
    '{located}',
    '{list}',
    'an image of {list}',
    'a picture with {list}',
    'there is {list}',
    'the image shows {located}',
    'you can see {some}',
  ],
};
const ARTICLES = ['a', 'an', 'and', 'pair', 'of'];

/**
 * Captions of one scene, no two of them identical; the first tells all that captions ever tell of such a scene.
 *
 * @param draws  decides wording, order and what is left out
 * @param count  how many; at most 7, for there must be as many ways to say it
 */
export function describe(scene: Scene, draws: Stream, count = 5): readonly string[] {
  const [complete = '', ...others] = TEMPLATES[scene.type as Exclude<SceneType, 'naming'>];
  const order = [complete, ...Array.from(draws.permutation(others.length), (i) => others[i] as string)];
  const captions = new Set<string>();
  for (let i = 0; captions.size < count && i < 10 * order.length; i++)
    captions.add(say(order[i % order.length] as string, scene, draws, i === 0));
  return [...captions];
}

/** Every word that a caption of a scene can hold, sorted. */
export function words(): readonly string[] {
  const texts = [
    ...Object.values(TEMPLATES)
      .flat()
      .map((template) => template.replace(/\{\w+\}/g, ' ')),
    ...KINDS.flatMap(({ noun, plural }) => [noun, plural]),
    ...Object.values(SIZES).flat(),
    ...Object.values(RELATIONS).flat(),
    ...Object.values(SIDES),
    ...PLACES.map(at),
    ...[TINTS, NUMBERS, ARTICLES, ['is', 'are']].flat(),
  ];
  return [...new Set(texts.join(' ').split(/[ ,]+/).filter(Boolean))].sort();
}

/** "a red dog"; the size is told always, never, or half of the time. */
export function phrase(thing: Thing, draws: Stream, sized: 'always' | 'sometimes' | 'never'): string {
  const tellsSize = sized === 'always' || (sized === 'sometimes' && draws.uniform() < 0.5);
  const size = tellsSize ? draws.pick(SIZES[thing.size]) : '';
  return withArticle([size, thing.tint, thing.noun].filter(Boolean).join(' '));
}

/** "to the left of": how `a` stands to `b`. */
export function relationPhrase(relation: Relation, draws: Stream): string {
  return draws.pick(RELATIONS[relation]);
}

function withArticle(words: string): string {
  if (/(scissors|glasses)$/.test(words)) return `a pair of ${words}`;
  return /^([aeio]|um|hour)/.test(words) ? `an ${words}` : `a ${words}`;
}

function at(place: Place): string {
  if (place === 'center') return 'in the center';
  return place === 'left' || place === 'right' ? `on the ${place}` : `at the ${place}`;
}

function say(template: string, scene: Scene, draws: Stream, complete: boolean): string {
  const slots = SLOTS[scene.type as Exclude<SceneType, 'naming'>](scene.things, draws, complete);
  return template.replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot]?.() ?? '');
}

type Slots = Readonly<Record<string, () => string>>;

const SLOTS: Readonly<
  Record<Exclude<SceneType, 'naming'>, (things: readonly Thing[], draws: Stream, complete: boolean) => Slots>
> = {
  single: ([thing], draws, complete) => {
    const place = placeOf(thing as Thing);
    const a = () => phrase(thing as Thing, draws, complete ? 'always' : 'sometimes');
    return { a, place: () => place, at: () => at(place) };
  },
  pair: (things, draws, complete) => {
    const [a, b] = shuffled(things, draws) as [Thing, Thing];
    const relation = relationOf(a, b) as Relation;
    const name = (thing: Thing) => () => phrase(thing, draws, complete ? 'always' : 'sometimes');
    return {
      a: name(a),
      b: name(b),
      relation: () => relationPhrase(relation, draws),
      side: () => SIDES[OPPOSITE[relation]],
      at: () => at(placeOf(a)),
      bAt: () => at(placeOf(b)),
    };
  },
  count: (things, draws) => {
    const groups = shuffled([...new Set(things.map(({ noun }) => noun))], draws).map((noun) =>
      things.filter((thing) => thing.noun === noun),
    );
    const first = groups[0]?.length === 1 ? 'is' : 'are';
    return { groups: () => groups.map(numbered).join(' and '), are: () => first };
  },
  multi: (things, draws) => {
    const order = shuffled(things, draws);
    const names = order.map((thing) => phrase(thing, draws, 'never'));
    // Two places at most: with all of them a caption would pass 30 words, where encoders cut.
    const located = order.map((thing, i) => (i < 2 ? `${names[i]} ${at(placeOf(thing))}` : names[i]));
    return {
      list: () => enumerate(names),
      located: () => enumerate(located),
      some: () => enumerate(names.slice(0, 2)),
    };
  },
};

/** "three red dogs" */
function numbered(group: readonly Thing[]): string {
  const { noun, tint } = group[0] as Thing;
  const name = group.length === 1 ? noun : (KINDS.find((kind) => kind.noun === noun)?.plural ?? noun);
  return [NUMBERS[group.length], tint, name].filter(Boolean).join(' ');
}

const enumerate = (names: readonly (string | undefined)[]) => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function shuffled<T>(items: readonly T[], draws: Stream): readonly T[] {
  return Array.from(draws.permutation(items.length), (i) => items[i] as T);
}
