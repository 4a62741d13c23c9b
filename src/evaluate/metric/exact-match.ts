// Exact match, the metric of MSRVTT-QA: an answer is right or it is not.

import { fail } from '../../error/index.js';

/**
 * Percent of answers, 0…100, that equal the truth; capitals and the amount of white space do not count.
 *
 * @throws data  when there are none, or not one answer to each truth
 */
export function exactMatch(answers: readonly string[], truths: readonly string[]): number {
  if (answers.length !== truths.length || truths.length === 0)
    fail('data', {
      where: 'exact match',
      what: 'answers and truths do not pair up',
      got: `${answers.length} answers`,
      expected: `${truths.length} truths, at least one`,
    });
  const plain = (text: string) => text.trim().toLowerCase().split(/\s+/).join(' ');
  const right = answers.filter((answer, i) => plain(answer) === plain(truths[i] as string)).length;
  return (100 * right) / truths.length;
}
