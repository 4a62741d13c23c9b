// VQA accuracy: an answer is right as far as three of the other nine annotators gave it. Antol et al.,
// https://arxiv.org/abs/1505.00468 and https://visualqa.org/evaluation.html
//
// Trap: the official evaluation treats the two sides differently, and so must we. The model's answer gets everything;
// annotators' answers only lose punctuation, and only where they disagree. They come lower-cased and with digits.
// So it was until March 2021; the official code has since treated both sides alike where annotators disagree, and left
// both as they are where they agree.

import { fail } from '../error/index.js';
import { contractions } from './contractions.js';

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
  return withoutPunctuation(answer.replaceAll(/[\n\t]/g, ' ').trim())
    .toLowerCase()
    .split(/\s+/)
    .map((word) => digits.get(word) ?? word)
    .filter((word) => word !== '' && !articles.has(word))
    .map((word) => contractions.get(word) ?? word)
    .join(' ');
}

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
 * How right an answer is: min(1, matches / 3) with one annotator left out, averaged over who is left out.
 *
 * @param annotators  their answers, ten in VQA v2, as the annotation file has them
 * @returns a fraction, 0…1
 * @throws data  when nobody answered
 */
export function vqaAccuracy(answer: string, annotators: readonly string[]): number {
  if (annotators.length === 0)
    fail('data', { where: 'VQA accuracy', what: 'the question has no answers', expected: 'ten annotators' });
  const agreed = new Set(annotators).size === 1;
  const truths = agreed ? annotators : annotators.map(withoutPunctuation);
  const given = normaliseAnswer(answer);
  const matches = truths.filter((truth) => truth === given).length;
  const each = truths.map((truth) => Math.min(1, (matches - Number(truth === given)) / 3));
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
  const types = [...new Set(scored.flatMap(({ type }) => type ?? []))];
  return {
    accuracy: percent(scored),
    byType: Object.fromEntries(types.map((type) => [type, percent(scored.filter((x) => x.type === type))])),
  };
}
