// Values of files that others wrote: whatever may be there is looked at before it is believed.
import { parseJson as parse, shown } from '../../json/index.js';
import type { Flaw } from './flaw.js';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

/** A list as it is, one value as a list of one, nothing as an empty list. */
export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : isGiven(value) ? [value] : [];

/** Trimmed text, if there is any; a number, true and false are as they are written. */
export function wordsOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** For messages. */
export const show = shown;

/** The captions that hold words; each of the others is a flaw at `place`. */
export function readCaptions(
  values: readonly unknown[],
  place: Pick<Flaw, 'line' | 'media' | 'source'>,
  flaws: Flaw[],
) {
  return values.flatMap((value) => {
    const words = wordsOf(value);
    if (words === undefined)
      flaws.push({ ...place, what: 'has an empty caption', got: show(value), expected: 'words' });
    return words ?? [];
  });
}

/** Undefined of what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
