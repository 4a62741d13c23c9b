// What of a dataset or a folder is not read, though nothing need be wrong with it: said, so that nothing is lost unseen.

/** A kind of thing that is not read. */
export interface LeftOut {
  /** A note is as it should be; a warning may be something that was meant to be read. */
  readonly severity: 'warning' | 'note';
  /** Follows the number: `links are not followed`. */
  readonly what: string;
  readonly count: number;
  /** At most five. */
  readonly examples: readonly string[];
}

const EXAMPLES = 5;

/** @param words  what is said of one, and of several @param found  each, in words @returns nothing of nothing */
export function leftOut(
  severity: LeftOut['severity'],
  [one, more]: readonly [string, string],
  found: readonly string[],
): readonly LeftOut[] {
  const count = found.length;
  return count === 0 ? [] : [{ severity, what: count === 1 ? one : more, count, examples: found.slice(0, EXAMPLES) }];
}

/** In a line: `2 links are not followed: a, b, …` */
export const leftOutText = ({ what, count, examples }: Omit<LeftOut, 'severity'>): string =>
  `${count} ${what}: ${examples.join(', ')}${count > examples.length ? ', …' : ''}`;
