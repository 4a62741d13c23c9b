// What a backbone reads of texts: which words it does not know, what it never sees since the text is cut, and which texts
// become the same to it. Words between white space are cut into pieces one by one, so each is looked up once.

import type { Tokenizer } from './tokenizer.js';

/** In numbers of texts and words. */
export interface Reading {
  readonly texts: number;
  /** Between white space. */
  readonly words: number;
  /** Words that hold a token for the unknown. */
  readonly unknown: number;
  /** The most frequent unknown words, at most five. */
  readonly examples: readonly string[];
  /** Texts that are longer than what is read of them. */
  readonly cut: number;
  /** Texts that are read like an earlier one that differs. */
  readonly alike: number;
}

export interface ReadingOptions {
  /** T: tokens that are read, the two of the frame included. */
  readonly maxTokens: number;
  /** What is left of a text once it is clean, whole. */
  clean(text: string): string;
  /** Words that are read; default: all. */
  readonly maxWords?: number;
}

const EXAMPLES = 5;

/** Reads texts as `tokenizer` does. */
export function readingOf(tokenizer: Tokenizer, texts: Iterable<string>, options: ReadingOptions): Reading {
  const { maxTokens, clean, maxWords = Number.POSITIVE_INFINITY } = options;
  const known = new Map<string, readonly number[]>();
  const piecesOf = (word: string) => {
    const pieces = known.get(word) ?? tokenizer.pieces(word);
    known.set(word, pieces);
    return pieces;
  };
  const unknown = new Map<string, number>();
  const firstRead = new Map<string, string>();
  const counts = { texts: 0, words: 0, unknown: 0, cut: 0, alike: 0 };
  for (const text of texts) {
    const whole = clean(text);
    const words = whole.split(/\s+/).filter(Boolean);
    const ids = words.slice(0, maxWords).flatMap(piecesOf);
    for (const word of words.filter((word) => piecesOf(word).some((id) => id === tokenizer.unknown))) {
      counts.unknown += 1;
      unknown.set(word, (unknown.get(word) ?? 0) + 1);
    }
    counts.texts += 1;
    counts.words += words.length;
    if (words.length > maxWords || ids.length > maxTokens - 2) counts.cut += 1;
    const read = ids.slice(0, maxTokens - 2).join(' ');
    const before = firstRead.get(read);
    if (before === undefined) firstRead.set(read, whole);
    else if (before !== whole) counts.alike += 1;
  }
  const byCount = [...unknown].sort(([, a], [, b]) => b - a);
  return { ...counts, examples: byCount.slice(0, EXAMPLES).map(([word]) => word) };
}
