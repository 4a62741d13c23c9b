// Questions about scenes. Whatever could be guessed without looking is drawn fairly: yes or no by a coin, words of both
// answers in the picture, and answers that scenes offer too often thinned out (the shares below were measured).
import type { Stream } from '../random/index.js';
import { DOMAINS, type DomainName, isHeldOut, type Kind, tintsFor } from './kinds.js';
import { isTowards, OPPOSITE, PLACES, placeOf, type Related, relatedPairs, relationOf } from './layout.js';
import { pluralOf, relationPhrase, shuffled, the, withArticle } from './phrase.js';
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
import type { Scene } from './scene.js';
import type { Thing } from './thing.js';

export type SceneQuestionType =
  | 'colour'
  | 'object' // which one is red
  | 'count'
  | 'total'
  | 'where'
  | 'name' // what is this
  | 'relation' // what is left of it, perhaps nothing
  | 'related' // is it left of that
  | 'larger' // or smaller
  | 'exists'
  | 'binding'; // is it red, where something is

interface Subject extends Scene {
  /** Nouns that could be there. */
  readonly kinds: readonly Kind[];
}

/**
 * Questions about one scene and their answers; none about single named pictures.
 *
 * @param draws  decides what is asked, and the wording
 */
export function ask(
  scene: Scene,
  domain: DomainName,
  draws: Stream,
  options?: AskOptions<SceneQuestionType>,
): readonly Question<SceneQuestionType>[] {
  if (scene.type === 'naming') return [];
  return askAbout(SCENE_FORMS, { ...scene, kinds: DOMAINS[domain].kinds }, draws, options);
}

export const SCENE_FORMS: Forms<SceneQuestionType, Subject> = {
  colour: {
    templates: ['what color is {it}', 'what is the color of {it}', 'which color does {it} have'],
    chance: ODDS.tint,
    pose: ({ things }, draws) => {
      const thing = pickAny(draws, alone(things).filter(isTinted));
      return thing ? { slots: { it: the(thing.noun) }, answer: thing.tint } : null;
    },
  },
  object: {
    templates: ['which object is {tint}', 'what is the {tint} object', 'which thing has the color {tint}'],
    chance: ODDS.noun,
    pose: ({ things }, draws) => {
      if (things.length < 2 || !things.every(isTinted)) return null; // an apple of no tint is red, too
      const thing = pickAny(draws, alone(things));
      return thing?.tint ? { slots: { tint: thing.tint }, answer: thing.noun } : null;
    },
  },
  count: {
    templates: ['how many {nouns} are there', 'how many {nouns} can you see', 'how many {nouns} are in the picture'],
    chance: 0.25,
    pose: ({ type, things }, draws) => {
      if (type !== 'count') return null;
      const noun = draws.pick([...new Set(things.map((thing) => thing.noun))]);
      const answer = `${things.filter((thing) => thing.noun === noun).length}`;
      return thinned({ slots: { nouns: pluralOf(noun) }, answer }, draws, COUNTS_ASKED);
    },
  },
  total: {
    templates: ['how many objects are there', 'how many things are in the picture', 'how many objects can you see'],
    chance: 0.24,
    pose: ({ things }, draws) => thinned({ slots: {}, answer: `${things.length}` }, draws, TOTALS_ASKED),
  },
  where: {
    templates: ['where is {it}', 'where in the picture is {it}', 'in which part of the image is {it}'],
    chance: 0.12, // nine places, the center a little rarer
    pose: ({ things }, draws) => {
      const thing = pickAny(draws, alone(things));
      return thing ? { slots: { it: the(thing.noun) }, answer: placeOf(thing) } : null;
    },
  },
  name: {
    templates: ['what is this', 'what is in the picture', 'what does the image show'],
    chance: ODDS.noun,
    pose: ({ type, things }) => (type === 'single' && things[0] ? { slots: {}, answer: things[0].noun } : null),
  },
  relation: {
    templates: ['what is {relation} {it}', 'what can you see {relation} {it}', 'which object is {relation} {it}'],
    chance: 0.22,
    pose: ({ type, things }, draws) =>
      type === 'pair' ? poseSide(things, draws) : type === 'multi' ? poseNeighbour(things, draws) : null,
  },
  related: {
    templates: ['is {a} {relation} {b}', 'can you see {a} {relation} {b}'],
    chance: ODDS.yesNo,
    pose: ({ things }, draws) => {
      const related = pickAny(draws, relatedPairs(alone(things)));
      if (!related) return null;
      const yes = coin(draws);
      const relation = relationPhrase(yes ? related.relation : OPPOSITE[related.relation], draws);
      return { slots: { a: the(related.a.noun), b: the(related.b.noun), relation }, answer: yesOrNo(yes) };
    },
  },
  larger: {
    templates: ['which is {larger} {a} or {b}', 'which one is {larger} {a} or {b}'],
    chance: ODDS.yesNo,
    pose: ({ things }, draws) => {
      const [small, large] = (['small', 'large'] as const).map((size) =>
        pickAny(
          draws,
          alone(things).filter((thing) => thing.size === size),
        ),
      );
      if (!small || !large) return null;
      const wantsLarge = coin(draws);
      const [a, b] = shuffled([small, large], draws) as [Thing, Thing];
      const larger = draws.pick(wantsLarge ? LARGER : SMALLER);
      return { slots: { larger, a: the(a.noun), b: the(b.noun) }, answer: (wantsLarge ? large : small).noun };
    },
  },
  exists: {
    templates: ['is there {one}', 'does the picture show {one}', 'can you see {one}'],
    chance: ODDS.yesNo,
    pose: ({ things, kinds }, draws) => {
      const yes = coin(draws);
      const noun = yes ? draws.pick(things).noun : absentNoun(things, kinds, draws);
      return { slots: { one: withArticle(noun) }, answer: yesOrNo(yes) };
    },
  },
  binding: {
    templates: ['is {it} {tint}', 'is there {tinted}', 'does {it} have the color {tint}'],
    chance: ODDS.yesNo,
    pose: ({ things }, draws) => {
      const mixed = pickAny(draws, exchangeable(alone(things).filter(isTinted)));
      if (!mixed) return null;
      const yes = coin(draws);
      const { noun } = mixed.thing;
      const tint = yes ? mixed.thing.tint : mixed.tint;
      return { slots: { it: the(noun), tint, tinted: withArticle(`${tint} ${noun}`) }, answer: yesOrNo(yes) };
    },
  },
};

const LARGER = ['larger', 'bigger'];
const SMALLER = ['smaller'];

/** Texts that, with those of phrases and answers, hold every word of a question about a scene. */
export const SCENE_QUESTION_TEXTS: readonly string[] = [...formTexts(SCENE_FORMS), ...LARGER, ...SMALLER];

/** Every answer that is neither a noun nor a tint. */
export const SCENE_ANSWERS: readonly string[] = [...PLACES, '1', '2', '3', '4', '5', 'yes', 'no', 'nothing'];

/** Shares that make the answers 1 to 4 as frequent as each other; more than 4 of a kind are never drawn. */
const COUNTS_ASKED = { 1: 0.58, 2: 0.72, 3: 0.82, 4: 1 };
/** 5 is rare in scenes and stays rarer. */
const TOTALS_ASKED = { 1: 0.58, 2: 0.29, 3: 0.85, 4: 0.72, 5: 1 };
/** Of pairs. Half of their answers are "nothing": a fifth of all, beside the scenes with more things. */
const SIDES_ASKED = 0.17;

type Tinted = Thing & { readonly tint: NonNullable<Thing['tint']> };
const isTinted = (thing: Thing): thing is Tinted => thing.tint !== null;

/** The things that their noun alone points out. */
const alone = (things: readonly Thing[]): readonly Thing[] =>
  things.filter(({ noun }) => things.filter((other) => other.noun === noun).length === 1);

/** Of two things: what stands on this side of one of them; or, as often, on the other side, where there is nothing. */
function poseSide(things: readonly Thing[], draws: Stream): Posed | null {
  const [a, b] = shuffled(things, draws) as [Thing, Thing];
  const relation = relationOf(a, b);
  if (!relation || draws.uniform() >= SIDES_ASKED) return null;
  const isEmpty = coin(draws);
  const asked = relationPhrase(isEmpty ? OPPOSITE[relation] : relation, draws);
  return { slots: { relation: asked, it: the(b.noun) }, answer: isEmpty ? 'nothing' : a.noun };
}

/** Of three or more: the only thing on some side of another, and clearly there. */
function poseNeighbour(things: readonly Thing[], draws: Stream): Posed | null {
  const isOnly = ({ a, b, relation }: Related) =>
    things.every((other) => other === a || other === b || !isTowards(relation, other, b));
  const found = pickAny(draws, relatedPairs(things).filter(isOnly));
  if (!found) return null;
  return { slots: { relation: relationPhrase(found.relation, draws), it: the(found.b.noun) }, answer: found.a.noun };
}

/** A noun that is not there; where all things wear held-out tints, one that can wear such, or the noun would tell. */
function absentNoun(things: readonly Thing[], kinds: readonly Kind[], draws: Stream): string {
  const isComposition = things.every(({ noun, tint }) => tint && isHeldOut(noun, tint));
  for (;;) {
    const { noun } = draws.pick(kinds);
    const isAbsent = things.every((thing) => thing.noun !== noun);
    if (isAbsent && (!isComposition || tintsFor(noun, 'composition').length > 0)) return noun;
  }
}

/** Things with the tint of another one, where that is no more and no less held out than their own. */
const exchangeable = (things: readonly Tinted[]) =>
  things.flatMap((thing) =>
    things
      .filter(({ tint }) => tint !== thing.tint)
      .filter(({ tint }) => isHeldOut(thing.noun, tint) === isHeldOut(thing.noun, thing.tint))
      .map(({ tint }) => ({ thing, tint })),
  );
