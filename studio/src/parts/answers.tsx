// Ranked answers with their probabilities as bars, the right ones marked where they are known.

import { Text, VisuallyHidden } from '@mantine/core';
import classes from './answers.module.css';
import { CheckIcon } from './icons.js';
import { ScoreBar } from './score-bar.js';

export interface AnswerBarsProps {
  /** The most probable first. */
  readonly answers: readonly { readonly answer: string; readonly probability: number }[];
  /** What people answered; unknown when left out. */
  readonly truths?: readonly string[];
}

export function AnswerBars({ answers, truths = [] }: AnswerBarsProps) {
  if (answers.length === 0) return <Text c="dimmed">No answer.</Text>;
  return (
    <ol className={classes.answers}>
      {answers.map(({ answer, probability }, i) => {
        const isRight = truths.some((truth) => isSame(truth, answer));
        return (
          <li key={answer} data-first={i === 0 || undefined} data-right={isRight || undefined}>
            <span className={classes.answer}>
              {answer}
              {isRight && <CheckIcon size={16} />}
              {isRight && <VisuallyHidden>right</VisuallyHidden>}
            </span>
            <ScoreBar label={answer} value={probability} tone={i === 0 ? 'accent' : 'quiet'} />
          </li>
        );
      })}
    </ol>
  );
}

/** Whether two answers are the same to a reader: capitals and white space do not count. */
export const isSame = (a: string, b: string): boolean => plain(a) === plain(b);

const plain = (text: string): string => text.trim().toLowerCase().split(/\s+/).join(' ');
