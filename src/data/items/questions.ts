// Questions as a row of a manifest has them: one beside its answers, or a list of objects of the same.
import type { Flaw } from './flaw.js';
import type { Question } from './item.js';
import { isBrokenList, listIn } from './literal.js';
import { isFields, isGiven, listOf, show, wordsOf } from './values.js';

interface Row {
  readonly question?: unknown;
  readonly answer?: unknown;
  readonly questions?: unknown;
  readonly questionId?: unknown;
  readonly line: number;
}

/** One question, unchecked. */
interface Asked {
  readonly question: unknown;
  readonly answers: unknown;
  readonly id: unknown;
  readonly type?: unknown;
}

/** The questions that can be used; each of the others is a flaw. Those without an id have an empty one. */
export function readQuestions(row: Row, media: string, flaws: Flaw[]): Question[] {
  return asked(row).flatMap((one) => {
    const { what, got, expected } = problemOf(one) ?? {};
    if (what === undefined || expected === undefined) return [questionOf(one)];
    flaws.push({ line: row.line, media, what, got: show(got), expected });
    return [];
  });
}

/** Whether a row holds questions, usable or not. */
export const isAsked = (row: Row): boolean => asked(row).length > 0;

function asked({ question, answer, questions, questionId }: Row): Asked[] {
  const own = isGiven(question) || isGiven(answer) ? [{ question, answers: answer, id: questionId }] : [];
  const entries = listedIn(questions);
  const listed = entries.map((entry): Asked => {
    if (!isFields(entry)) return { question: entry, answers: undefined, id: undefined };
    const { question, answer, answers, id, question_id, type } = entry;
    return { question, answers: answers ?? answer, id: question_id ?? id, type };
  });
  return [...own, ...listed];
}

/** A value as a list, also one that a program wrote into a text. */
const listedIn = (value: unknown): readonly unknown[] =>
  listOf(value).flatMap((one) => (typeof one === 'string' ? (listIn(one) ?? [one]) : [one]));

/** Annotators' answers as VQA has them, `{"answer": …}`, too. */
const answersIn = (value: unknown): readonly unknown[] =>
  listedIn(value).map((one) => (isFields(one) ? one.answer : one));

function problemOf({
  id,
  question,
  answers,
}: Asked): (Omit<Flaw, 'line' | 'media' | 'got'> & { got: unknown }) | undefined {
  if (isGiven(id) && id !== '' && wordsOf(id) === undefined)
    return { what: 'has a question whose id is no text', got: id, expected: 'words or a number' };
  if (wordsOf(question) === undefined) return { what: 'has an empty question', got: question, expected: 'words' };
  if (listedIn(answers).some((answer) => typeof answer === 'string' && isBrokenList(answer)))
    return { what: 'holds a list that is cut off', got: answers, expected: "['…', '…']" };
  if (answersIn(answers).every((answer) => wordsOf(answer) !== undefined)) return undefined;
  return { what: 'has an empty answer', got: answers, expected: 'words, or no answer at all' };
}

const questionOf = ({ question, answers, id, type }: Asked): Question => ({
  id: wordsOf(id) ?? '',
  question: wordsOf(question) ?? '',
  answers: answersIn(answers).map((answer) => wordsOf(answer) ?? ''),
  ...(typeof type === 'string' && { type }),
});
