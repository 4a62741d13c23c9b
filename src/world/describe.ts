// A scene in words: paraphrases of varied completeness, all of them true.
import type { Stream } from '../random/index.js';
import { OPPOSITE, placeOf, type Relation, relationOf } from './layout.js';
import { at, enumerate, fill, numbered, phrase, relationPhrase, type Slots, shuffled, withoutSlots } from './phrase.js';
import type { Scene, SceneType } from './scene.js';
import type { Thing } from './thing.js';

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

/** Texts that, with those of phrases, hold every word of a caption. */
export const CAPTION_TEXTS: readonly string[] = [
  ...withoutSlots(Object.values(TEMPLATES).flat()),
  ...Object.values(SIDES),
  'is are',
];

function say(template: string, scene: Scene, draws: Stream, complete: boolean): string {
  const slots = SLOTS[scene.type as Exclude<SceneType, 'naming'>](scene.things, draws, complete);
  return fill(template, slots);
}

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
    const located = names.map((name, i) => (i < 2 ? `${name} ${at(placeOf(order[i] as Thing))}` : name));
    return {
      list: () => enumerate(names),
      located: () => enumerate(located),
      some: () => enumerate(names.slice(0, 2)),
    };
  },
};
