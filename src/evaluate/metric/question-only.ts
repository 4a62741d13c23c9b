// Answers of somebody who hears the question and sees nothing: what a model must beat before it can be said to look.
// Goyal et al. 2017, https://arxiv.org/abs/1612.00837 §1, Agrawal et al. 2018, https://arxiv.org/abs/1712.00377.

import { normaliseAnswer, vqaAccuracy } from './vqa-accuracy.js';

export interface LearntQuestion {
  readonly question: string;
  /** Of its annotators; each question counts once, however many answered. */
  readonly answers: readonly string[];
}

export type Guess = (question: string) => string;

export interface Guesses {
  /** The most common answer of all. */
  readonly majority: Guess;
  /** The most common answer of questions that begin with the same three words; with two, one or none where nobody asked so. */
  readonly firstWords: Guess;
  /** The most common answer of the same question; by its first words where nobody asked it. */
  readonly question: Guess;
}

const FIRST_WORDS = 3;

/** @param learnt  training questions with answers, at least one of them; others are passed over */
export function questionOnly(learnt: readonly LearntQuestion[]): Guesses {
  const tally = new Map<string, Map<string, number>>();
  for (const { question, answers } of learnt) for (const key of keysOf(question)) count(tally, key, answers);
  const best = new Map([...tally].map(([key, votes]) => [key, mostVoted(votes)]));
  const firstKnown = (keys: readonly string[]) => best.get(keys.find((key) => best.has(key)) ?? '') ?? '';
  return {
    majority: () => best.get('') ?? '',
    firstWords: (question) => firstKnown(keysOf(question).slice(1)),
    question: (question) => firstKnown(keysOf(question)),
  };
}

/** The whole question, its first three words, two, one, and nothing, which all questions share. */
function keysOf(question: string): readonly string[] {
  const words = question
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
    .split(' ');
  const starts = Array.from({ length: FIRST_WORDS }, (_, i) => `${words.slice(0, FIRST_WORDS - i).join(' ')} …`);
  return [words.join(' '), ...new Set(starts), ''];
}

function count(tally: Map<string, Map<string, number>>, key: string, answers: readonly string[]): void {
  if (answers.length === 0) return;
  const votes = tally.get(key) ?? new Map<string, number>();
  for (const answer of answers) votes.set(answer, (votes.get(answer) ?? 0) + 1 / answers.length);
  tally.set(key, votes);
}

/** Of equals the first in the alphabet, so that the order of the data decides nothing. */
function mostVoted(votes: ReadonlyMap<string, number>): string {
  const [first] = [...votes].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return (first as readonly [string, number])[0];
}

/**
 * How right an answer can be expected to be that is drawn from a list, 0…1, by the rule of `vqaAccuracy`.
 *
 * @param list  what is chosen from, every answer as likely, at least one
 * @returns of a question, by what its annotators answered
 */
export function guessFrom(list: readonly string[]): (annotators: readonly string[]) => number {
  const alike = new Map<string, string[]>(); // only what looks like an annotator's answer can score
  for (const answer of list) {
    const plain = normaliseAnswer(answer);
    alike.set(plain, [...(alike.get(plain) ?? []), answer]);
  }
  return (annotators) => {
    const rated = [...new Set(annotators.map(normaliseAnswer))].flatMap((plain) => alike.get(plain) ?? []);
    return rated.reduce((sum, answer) => sum + vqaAccuracy(answer, annotators), 0) / list.length;
  };
}
