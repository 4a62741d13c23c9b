// Scores in words and numbers.

import type { Scores } from '../../../../src/evaluate/scores.js';
import { count } from '../../parts/format.js';

export interface Figure {
  readonly name: string;
  readonly value: number;
  /** Percent, 0…100; CIDEr is none. */
  readonly isPercent: boolean;
}

/** The few that a curve or a line of the log shows. */
export function headlines(scores: Scores): readonly Figure[] {
  switch (scores.task) {
    case 'retrieval':
      return recalls(scores, ['R@1']);
    case 'answering':
      return [percent('right answers', scores.accuracy)];
    case 'captioning':
      return [{ name: 'CIDEr', value: scores.CIDEr, isPercent: false }];
  }
}

/** All that is worth a column of a table. */
export function figures(scores: Scores): readonly Figure[] {
  switch (scores.task) {
    case 'retrieval':
      return recalls(scores, ['R@1', 'R@5', 'R@10']);
    case 'answering':
      return [...headlines(scores), ...Object.entries(scores.byType).map(([type, value]) => percent(type, value))];
    case 'captioning':
      return [...headlines(scores), ...scores.BLEU.map((value, i) => percent(`BLEU-${i + 1}`, value))];
  }
}

/** What the figures say, for who meets them for the first time. */
export function explanation(scores: Scores): string {
  switch (scores.task) {
    case 'retrieval':
      return `R@1 is how often the right one comes first among ${count(scores.items)}, R@5 how often it is among the first five.`;
    case 'answering':
      return `How many of ${count(scores.questions)} questions get the right answer.`;
    case 'captioning':
      return `CIDEr and BLEU compare the captions with ${count(scores.references)} that people wrote; more is better.`;
  }
}

function recalls(scores: Extract<Scores, { readonly task: 'retrieval' }>, at: readonly string[]): readonly Figure[] {
  const noun = scores.frames === null ? 'picture' : 'clip';
  return (['textToMedia', 'mediaToText'] as const).flatMap((way) =>
    at.map((name) =>
      percent(
        `${way === 'textToMedia' ? `text → ${noun}` : `${noun} → text`} ${name}`,
        scores[way][name as 'R@1'] as number,
      ),
    ),
  );
}

/** `R@1 61.5 %` */
export const figureText = ({ name, value, isPercent }: Figure): string =>
  `${name} ${value.toFixed(1)}${isPercent ? ' %' : ''}`;

const percent = (name: string, value: number): Figure => ({ name, value, isPercent: true });
