// VQA accuracy: an answer is right as far as three of the other nine annotators gave it. Antol et al.,
// https://arxiv.org/abs/1505.00468 and https://visualqa.org/evaluation.html
//
// Trap: answers are normalised only where annotators disagree; where they agree, both sides stay as they are. So the
// official code has done since March 2021 (https://github.com/GT-Vision-Lab/VQA, "Fixed processing answers bug"); before,
// the model's answer was always normalised and annotators' lost no articles, so that "the coat" could never be right.

import { fail } from '../../error/index.js';
import { contractions } from './contractions.js';
import { exactMatch } from './exact-match.js';

/** Apostrophes and colons stay: "girl's", "2:50". */
const punctuation = [...';/[]"{}()=+\\_-><@`,?!'];
const digits = new Map(
  ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((word, n) => [
    word,
    String(n),
  ]),
).set('none', '0');
const articles: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/** An answer as the official evaluation compares it: no punctuation, no articles, digits for number words. */
export function normaliseAnswer(answer: string): string {
  return withoutPunctuation(withoutBreaks(answer))
    .toLowerCase()
    .split(/\s+/)
    .map((word) => digits.get(word) ?? word)
    .filter((word) => word !== '' && !articles.has(word))
    .map((word) => contractions.get(word) ?? word)
    .join(' ');
}

const withoutBreaks = (answer: string): string => answer.replaceAll(/[\n\t]/g, ' ').trim();

/** A mark beside a space, or any mark where a number has a comma, vanishes; every other becomes a space. */
function withoutPunctuation(text: string): string {
  const numberWithComma = /\d,\d/.test(text);
  const marks = punctuation.reduce((out, mark) => {
    const vanishes = numberWithComma || text.includes(`${mark} `) || text.includes(` ${mark}`);
    return out.replaceAll(mark, vanishes ? '' : ' ');
  }, text);
  return marks.replaceAll(/\.(?!\d)/g, '');
}

/**
 * How right an answer is: min(1, matches / 3) with one annotator left out, averaged over who is left out. With fewer
 * than four annotators, all of the others must agree instead of three, and one alone is matched exactly.
 *
 * @param annotators  their answers, ten in VQA v2, as the annotation file has them
 * @returns a fraction, 0…1
 * @throws data  when nobody answered
 */
export function vqaAccuracy(answer: string, annotators: readonly string[]): number {
  if (annotators.length === 0)
    fail('data', { where: 'VQA accuracy', what: 'the question has no answers', expected: 'ten annotators' });
  if (annotators.length === 1) return exactMatch([answer], annotators) / 100;
  const trimmed = annotators.map(withoutBreaks);
  const plain = new Set(trimmed).size === 1 ? withoutBreaks : normaliseAnswer;
  const truths = trimmed.map(plain);
  const given = plain(answer);
  const matches = truths.filter((truth) => truth === given).length;
  const enough = Math.min(3, truths.length - 1);
  const each = truths.map((truth) => Math.min(1, (matches - Number(truth === given)) / enough));
  return each.reduce((sum, x) => sum + x, 0) / each.length;
}

export interface AnsweredQuestion {
  readonly answer: string;
  readonly annotators: readonly string[];
  /** What it is counted with, e.g. the annotation's `answer_type`: `yes/no`, `number`, `other`. */
  readonly type?: string;
}

/** Percent, 0…100. */
export interface VqaScores {
  readonly accuracy: number;
  readonly byType: Readonly<Record<string, number>>;
}

/** Mean accuracy of all questions, and of each type. @throws data when there are none */
export function vqaScores(questions: readonly AnsweredQuestion[]): VqaScores {
  if (questions.length === 0) fail('data', { where: 'VQA accuracy', what: 'there are no questions' });
  const scored = questions.map(({ answer, annotators, type }) => ({ type, score: vqaAccuracy(answer, annotators) }));
  const percent = (some: typeof scored) => (100 * some.reduce((sum, { score }) => sum + score, 0)) / some.length;
  const types = [...new Set(scored.flatMap(({ type }) => type ?? []))].sort();
  return {
    accuracy: percent(scored),
    byType: Object.fromEntries(types.map((type) => [type, percent(scored.filter((x) => x.type === type))])),
  };
}
