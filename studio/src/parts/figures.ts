// Scores as people read them: `textToMedia R@1` is how often the right picture comes first.

import { figuresOf as flat, type Scores } from '../../../src/evaluate/scores.js';

/** What evaluations call things, in words. */
const WORDS: Readonly<Record<string, string>> = {
  accuracy: 'right answers',
  medianRank: 'median rank',
  meanRank: 'mean rank',
};

export interface Figure {
  /** What is measured of what: `text → media`; empty where there is but one. */
  readonly group: string;
  readonly name: string;
  readonly value: number;
  /** Percent, 0…100; ranks and CIDEr are none. */
  readonly isPercent: boolean;
}

/**
 * @param scores  by name, such as `mediaToText R@5`, `accuracy colour`, `CIDEr`
 * @param media  what was looked at, in a word
 */
export const figuresOf = (scores: Readonly<Record<string, number>>, media = 'media'): readonly Figure[] =>
  Object.entries(scores).map(([name, value]) => {
    const [first = '', ...rest] = name.split(' ');
    const [group, metric] = rest.length > 0 ? [first, rest.join(' ')] : ['', first];
    const isPercent = first === 'accuracy' || metric.startsWith('R@') || metric.startsWith('BLEU');
    return { group: wordsOf(group, media), name: wordsOf(metric, media), value, isPercent };
  });

/** Those of an evaluation, which tells whether it looked at pictures or clips. */
export const figuresOfScores = (scores: Scores): readonly Figure[] =>
  figuresOf(Object.fromEntries(flat(scores)), scores.frames === null ? 'picture' : 'clip');

/** The few that say most: how often the first is right, else the first two. */
export function headlines(figures: readonly Figure[]): readonly Figure[] {
  const first = figures.filter(({ name, group }) => name === 'R@1' || (group === '' && name === WORDS.accuracy));
  return first.length > 0 ? first : figures.slice(0, 2);
}

/** In order of their first figure. */
export function groupsOf(
  figures: readonly Figure[],
): readonly (readonly [group: string, figures: readonly Figure[]])[] {
  const groups = new Map<string, Figure[]>();
  for (const figure of figures) groups.set(figure.group, [...(groups.get(figure.group) ?? []), figure]);
  return [...groups];
}

/** `text → picture R@1`; of answers the type of question says enough: `colour`. */
export const nameOf = ({ group, name }: Figure): string =>
  group === '' || group === WORDS.accuracy ? name : `${group} ${name}`;

/** `61.8 %`, `3.5` or `1` of a rank, `104.2` of CIDEr */
export function figureText({ name, value, isPercent }: Omit<Figure, 'group'>): string {
  if (isPercent) return `${value.toFixed(1)}\u00a0%`;
  return isRank(name) && Number.isInteger(value) ? `${value}` : value.toFixed(1);
}

/** `text → picture R@1 61.8 %` */
export const namedText = (figure: Figure): string => `${nameOf(figure)} ${figureText(figure)}`;

export const isRank = (name: string): boolean => name.endsWith('rank');

function wordsOf(name: string, media: string): string {
  if (name === 'textToMedia') return `text → ${media}`;
  return name === 'mediaToText' ? `${media} → text` : (WORDS[name] ?? name);
}
