// The scores of an adapter as people read them: `textToMedia R@1` is how often the right picture comes first.

/** What evaluations call things, in words. */
const WORDS: Readonly<Record<string, string>> = {
  textToMedia: 'text → media',
  mediaToText: 'media → text',
  accuracy: 'right answers',
  medianRank: 'median rank',
  meanRank: 'mean rank',
};

export interface Figure {
  /** What is measured of what: `text → media`; empty where there is but one. */
  readonly group: string;
  readonly name: string;
  readonly value: number;
  readonly isPercent: boolean;
}

/** @param scores  by name, such as `mediaToText R@5`, `accuracy colour`, `CIDEr` */
export const figuresOf = (scores: Readonly<Record<string, number>>): readonly Figure[] =>
  Object.entries(scores).map(([name, value]) => {
    const [first = '', ...rest] = name.split(' ');
    const [group, metric] = rest.length > 0 ? [first, rest.join(' ')] : ['', first];
    const isPercent = first === 'accuracy' || metric.startsWith('R@');
    return { group: wordsOf(group), name: wordsOf(metric), value, isPercent };
  });

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

/** `61.8 %`, `3.5` of a rank, else `1.042` */
export function figureText({ name, value, isPercent }: Omit<Figure, 'group'>): string {
  if (isPercent) return `${value.toFixed(1)}\u00a0%`;
  return Number.isInteger(value) ? `${value}` : value.toFixed(name.endsWith('rank') ? 1 : 3);
}

const wordsOf = (name: string): string => WORDS[name] ?? name;
