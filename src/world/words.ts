// All words and all answers of the world, from the data that makes its texts. The tokenizer is built from the words, so
// those of domains that a backbone has never seen are among them; answers are what a model chooses from.
import { CLIP_CAPTION_TEXTS } from './clip-caption.js';
import { CLIP_ANSWERS, CLIP_FORMS, CLIP_QUESTION_TEXTS, type ClipQuestionType } from './clip-question.js';
import { CAPTION_TEXTS } from './describe.js';
import { DOMAINS, type DomainName, TINTS } from './kinds.js';
import { NAMING_TEXTS } from './naming.js';
import { PERSON_PHRASES } from './person.js';
import { PERSON_CAPTION_TEXTS } from './person-caption.js';
import {
  PERSON_CLIP_ANSWERS,
  PERSON_CLIP_FORMS,
  PERSON_CLIP_TEXTS,
  type PersonClipQuestionType,
} from './person-clip.js';
import { PERSON_ANSWERS, PERSON_FORMS, PERSON_QUESTION_TEXTS, type PersonQuestionType } from './person-question.js';
import { PHRASES } from './phrase.js';
import { SCENE_ANSWERS, SCENE_FORMS, SCENE_QUESTION_TEXTS, type SceneQuestionType } from './scene-question.js';

/** Every word that a caption, a question or an answer can hold, sorted. */
export function words(): readonly string[] {
  const texts = [
    ...PHRASES,
    ...CAPTION_TEXTS,
    ...NAMING_TEXTS,
    ...SCENE_QUESTION_TEXTS,
    ...SCENE_ANSWERS,
    ...CLIP_CAPTION_TEXTS,
    ...CLIP_QUESTION_TEXTS,
    ...CLIP_ANSWERS,
    ...PERSON_PHRASES,
    ...PERSON_CAPTION_TEXTS,
    ...PERSON_QUESTION_TEXTS,
    ...PERSON_CLIP_TEXTS,
  ];
  return [...new Set(texts.join(' ').split(/[ ,]+/).filter(Boolean))].sort();
}

/** Every answer to a question about the pictures, or the clips, of a domain. */
export function answers(domain: DomainName | 'people', kind: 'image' | 'video'): readonly string[] {
  if (domain === 'people') return kind === 'image' ? PERSON_ANSWERS : PERSON_CLIP_ANSWERS;
  const nouns = DOMAINS[domain].kinds.map(({ noun }) => noun);
  return [...nouns, ...TINTS, ...(kind === 'image' ? SCENE_ANSWERS : CLIP_ANSWERS)];
}

export type QuestionType = SceneQuestionType | ClipQuestionType | PersonQuestionType | PersonClipQuestionType;

/**
 * All types of questions, and of each the part, 0…1, that the best guess from the question alone gets right. It holds
 * for scenes and clips of mode `'train'`: who has learnt which tints are held out can guess those of compositions.
 */
export const CHANCE: Readonly<Record<QuestionType, number>> = Object.fromEntries(
  Object.entries({ ...SCENE_FORMS, ...CLIP_FORMS, ...PERSON_FORMS, ...PERSON_CLIP_FORMS }).map(([type, { chance }]) => [
    type,
    chance,
  ]),
) as Record<QuestionType, number>;
