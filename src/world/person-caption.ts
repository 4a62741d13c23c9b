// A person in words, without a word of gender.
import type { Stream } from '../random/index.js';
import { beardPhrase, garmentPhrase, hairPhrase, type Person } from './person.js';
import { fill, type Slots, shuffled, withArticle, withoutSlots } from './phrase.js';

/** The first template is the complete one; the others follow in random order. */
const TEMPLATES = [
  '{moody} person with {hair}{beard} wearing {garment}',
  'a person in {garment} with {hair}{beard}',
  'someone with {hair}{beard} who is {mood}',
  'a portrait of {moody} person wearing {garment}',
  'the picture shows {moody} person with {hairColor} hair',
  'a picture of someone in {garment} who is {mood}',
  'the face of {moody} person with {hair}',
];

/** Texts that, with those of people, hold every word of a caption of a person. */
export const PERSON_CAPTION_TEXTS: readonly string[] = [...withoutSlots(TEMPLATES), 'a an and'];

/**
 * Captions of one person, no two of them identical; the first one is complete.
 *
 * @param draws  decides the wording
 * @param count  how many; at most 7
 */
export function describePerson(person: Person, draws: Stream, count = 5): readonly string[] {
  const [complete = '', ...others] = TEMPLATES;
  return [complete, ...shuffled(others, draws)].slice(0, count).map((template) => fill(template, personSlots(person)));
}

/** What templates about a person may say. */
export const personSlots = (person: Person): Slots => ({
  mood: person.mood,
  moody: withArticle(person.mood),
  hair: hairPhrase(person),
  hairColor: person.hairColour,
  beard: person.beard ? ` and ${beardPhrase(person.beard)}` : '',
  garment: withArticle(garmentPhrase(person)),
});
