// Lists in error messages: their beginning, and how much more there is. A file may be nothing but problems.

/** What is told of a list, at most. */
export const TOLD = 10;

/**
 * The first ten of a list in words. Those beyond are counted, but neither looked at nor put into words.
 *
 * @param joint  between them, and before `… and 5 more`
 */
export function listed<T>(items: readonly T[], inWords: (item: T) => string = String, joint = ', '): string {
  const told = items.slice(0, TOLD).map((item) => inWords(item));
  return [...told, ...(items.length > TOLD ? [andMore(items.length)] : [])].join(joint);
}

/** @param count  of the whole list */
export const andMore = (count: number): string => `… and ${(count - TOLD).toLocaleString('en-US')} more`;

/** Characters of a value in a message, at most. */
const LONGEST = 80;

/** A text, cut where it is too long for a message. */
export const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
