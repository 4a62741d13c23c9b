// Questions about pictures of people. A beard is there or not as often, and asked about so that yes and no are fair.
import type { Stream } from '../random/index.js';
import { beardPhrase, drawBeard, GARMENT_COLOURS, GARMENTS, HAIR_COLOURS, MOODS, type Person } from './person.js';
import { withArticle } from './phrase.js';
import { type AskOptions, askAbout, coin, type Forms, formTexts, ODDS, type Question, yesOrNo } from './question.js';

export type PersonQuestionType = 'clothes' | 'clothes-colour' | 'hair-colour' | 'mood' | 'feels' | 'beard';

/**
 * Questions about one person and their answers.
 *
 * @param draws  decides what is asked, and the wording
 */
export function askPerson(
  person: Person,
  draws: Stream,
  options?: AskOptions<PersonQuestionType>,
): readonly Question<PersonQuestionType>[] {
  return askAbout(PERSON_FORMS, person, draws, options);
}

export const PERSON_FORMS: Forms<PersonQuestionType, Person> = {
  clothes: {
    templates: ['what is the person wearing', 'which piece of clothing can you see', 'what does the person wear'],
    chance: 1 / GARMENTS.length,
    pose: ({ garment }) => ({ slots: {}, answer: garment }),
  },
  'clothes-colour': {
    templates: ['what color is the {garment}', 'what is the color of the {garment}', 'what color are the clothes'],
    chance: 1 / GARMENT_COLOURS.length,
    pose: ({ garment, garmentColour }) => ({ slots: { garment }, answer: garmentColour }),
  },
  'hair-colour': {
    templates: ['what color is the hair', 'what is the color of the hair', 'which color does the hair have'],
    chance: 1 / HAIR_COLOURS.length,
    pose: ({ hairColour }) => ({ slots: {}, answer: hairColour }),
  },
  mood: {
    templates: ['how does the person feel', 'what is the mood of the person', 'how does the person look'],
    chance: 1 / MOODS.length,
    pose: ({ mood }) => ({ slots: {}, answer: mood }),
  },
  feels: {
    templates: ['is the person {mood}', 'can you see {moody} person', 'does the picture show {moody} person'],
    chance: ODDS.yesNo,
    pose: ({ mood }, draws) => {
      const yes = coin(draws);
      const asked = yes ? mood : draws.pick(MOODS.filter((other) => other !== mood));
      return { slots: { mood: asked, moody: withArticle(asked) }, answer: yesOrNo(yes) };
    },
  },
  beard: {
    templates: ['{claim}'],
    chance: ODDS.yesNo,
    pose: ({ beard }, draws) => {
      const yes = coin(draws);
      const asksForBeard = yes === (beard !== null);
      const claim = asksForBeard ? `${HAS} ${beardPhrase(beard ?? drawBeard(draws))}` : SHAVEN;
      return { slots: { claim }, answer: yesOrNo(yes) };
    },
  },
};

const HAS = 'does the person have';
const SHAVEN = 'is the person clean shaven';

/** Texts that, with those of people and their captions, hold every word of a question about a person. */
export const PERSON_QUESTION_TEXTS: readonly string[] = [...formTexts(PERSON_FORMS), HAS, SHAVEN];

/** Every answer to a question about a picture of a person; hair and clothes share some colors. */
export const PERSON_ANSWERS: readonly string[] = [
  ...new Set([...GARMENTS, ...GARMENT_COLOURS, ...HAIR_COLOURS, ...MOODS, 'yes', 'no']),
];
