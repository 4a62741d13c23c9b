// Captions and questions as the released backbones saw them in training. The two rules differ in small ways that are kept:
// a mark becomes a space in captions and nothing in questions.
// Upstream: pre_caption and pre_question of BLIP's data/utils.py.

const marks = /[.!"()*#:;~]/g;

/**
 * Lower-cases a caption, turns `.!"()*#:;~` into spaces, collapses white space, trims, and keeps the first words.
 * @param maxWords words kept; 30 in the released recipes
 */
export function cleanCaption(text: string, maxWords = 30): string {
  const spaced = text
    .toLowerCase()
    .replaceAll(marks, ' ')
    .replaceAll(/\s{2,}/g, ' ');
  return firstWords(spaced.replace(/\n+$/, '').replace(/^ +| +$/g, ''), maxWords);
}

/** Words of a question that are kept upstream. */
export const QUESTION_WORDS = 50;

/**
 * Lower-cases a question, drops `.!"()*#:;~`, trims its end, and keeps the first words.
 * @param maxWords words kept; default {@link QUESTION_WORDS}
 */
export function cleanQuestion(text: string, maxWords = QUESTION_WORDS): string {
  return firstWords(text.toLowerCase().replaceAll(marks, '').replace(/ +$/, ''), maxWords);
}

function firstWords(text: string, maxWords: number): string {
  return text.split(' ').slice(0, maxWords).join(' ');
}
