// A guesser that never sees a picture: it learns which answer is most frequent after each question.
import assert from 'node:assert/strict';
import { KINDS, TINTS } from './kinds.js';
import type { Question } from './question.js';

const NOUNS = new Map(KINDS.flatMap(({ noun, plural }) => [noun, plural].map((word) => [word, noun])));
const longestFirst = [...NOUNS.keys()].sort((a, b) => b.length - a.length);
const MENTION = new RegExp(`\\b(?:pair of )?(${longestFirst.join('|')})\\b`, 'g');
const TINT = new RegExp(`\\b(${TINTS.join('|')})\\b`, 'g');

/** The nouns that a text mentions, in their order, singular. */
export const nounsIn = (text: string): readonly string[] =>
  [...text.matchAll(MENTION)].map(([, word = '']) => NOUNS.get(word) as string);

/** What a guesser goes by, and the answer in its own words. */
interface Seen {
  readonly key: string;
  readonly answer: string;
}

/** From the most to the least exact. */
const VIEWS: readonly ((question: Question) => Seen)[] = [
  ({ question, answer }) => ({ key: question, answer }),
  ({ question, answer }) => {
    const named = nounsIn(question).indexOf(answer);
    return { key: question.replace(MENTION, '_').replace(TINT, '_'), answer: named < 0 ? answer : `noun ${named}` };
  },
  ({ type, answer }) => ({ key: type, answer }),
];

/** Learns from every other question and answers the rest. @returns by type, the part that the best view gets right */
export function guessBlindly(questions: readonly Question[]): ReadonlyMap<string, number> {
  const types = [...new Set(questions.map(({ type }) => type))];
  return new Map(
    types.map((type) => {
      const own = questions.filter((question) => question.type === type);
      return [type, Math.max(...VIEWS.map((view) => guess(own.map(view))))];
    }),
  );
}

/** Learns from every other answer, by its key, and answers the rest. @returns the part that is right, 0…1 */
export function guess(seen: readonly Seen[]): number {
  const learnt = majorities(seen.filter((_, i) => i % 2 === 0));
  return mean(seen.filter((_, i) => i % 2 === 1).map(({ key, answer }) => Number(learnt.get(key) === answer)));
}

/** Fails where the guesser is better than its type says, but for noise, or the type says too much. */
export function assertAtChance(
  questions: readonly Question[],
  forms: Readonly<Record<string, { readonly chance: number }>>,
  tolerance: number,
): void {
  const guessed = guessBlindly(questions);
  assert.deepEqual([...guessed.keys()].sort(), Object.keys(forms).sort(), 'every type is asked');
  for (const [type, part] of guessed) {
    const chance = forms[type]?.chance ?? 0;
    assert.ok(
      Math.abs(part - chance) < tolerance,
      `${type}: ${part.toFixed(3)} guessed, chance is said to be ${chance}`,
    );
  }
}

export const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

/** Key → its most frequent answer. */
function majorities(seen: readonly Seen[]): ReadonlyMap<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { key, answer } of seen) {
    const own = counts.get(key) ?? new Map<string, number>();
    counts.set(key, own.set(answer, (own.get(answer) ?? 0) + 1));
  }
  return new Map([...counts].map(([key, own]) => [key, [...own].reduce((a, b) => (b[1] > a[1] ? b : a))[0]]));
}
