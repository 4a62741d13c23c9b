// Scores in words and numbers.

import type { Scores } from '../../../../src/evaluate/scores.js';

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
      return [
        percent('text → media R@1', scores.textToMedia['R@1'] as number),
        percent('media → text R@1', scores.mediaToText['R@1'] as number),
      ];
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
      return (['textToMedia', 'mediaToText'] as const).flatMap((way) =>
        (['R@1', 'R@5', 'R@10'] as const).map((at) => percent(`${WAYS[way]} ${at}`, scores[way][at] as number)),
      );
    case 'answering':
      return [
        percent('right answers', scores.accuracy),
        ...Object.entries(scores.byType).map(([type, value]) => percent(type, value)),
      ];
    case 'captioning':
      return [
        { name: 'CIDEr', value: scores.CIDEr, isPercent: false },
        ...scores.BLEU.map((value, i) => percent(`BLEU-${i + 1}`, value)),
      ];
  }
}

const WAYS = { textToMedia: 'text → media', mediaToText: 'media → text' } as const;

/** `R@1 61.5 %` */
export const figureText = ({ name, value, isPercent }: Figure): string =>
  `${name} ${value.toFixed(1)}${isPercent ? ' %' : ''}`;

const percent = (name: string, value: number): Figure => ({ name, value, isPercent: true });
