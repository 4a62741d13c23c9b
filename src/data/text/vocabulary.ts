// Learns a small WordPiece vocabulary from text: whole words that occur often, then pieces for the rest by byte-pair merging.
// A tiny backbone cannot afford BERT's 30,522 rows; with 2,048 of our own, its words are still single tokens.

import { Tokenizer as Pieces } from '@huggingface/tokenizers';
import { bertTokenizerJson, specialTokens } from './bert.js';

const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const punctuation = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];

/** Of the room left beside single characters, the part that whole words may take; merged pieces get the rest. */
const wordShare = 0.75;

/**
 * Learns a WordPiece vocabulary. The same texts give the same list: ties go to the alphabet.
 * In order: BERT's special tokens; every letter and digit as a word and as a `##` continuation; punctuation, which always
 * stands alone; the most frequent words that occur at least twice; merges of the most frequent neighbours in other words.
 * Words with other characters are left out, and are `[UNK]` to the tokenizer.
 * @param size entries wanted, [DEC] and [ENC] not counted; fewer come back when the texts have no more to merge
 */
export function buildVocabulary(texts: Iterable<string>, size: number): string[] {
  const vocabulary = new Set<string>([...specialTokens, ...letters, ...letters.map((c) => `##${c}`), ...punctuation]);
  const words = [...countWords(texts)].sort(([a, m], [b, n]) => n - m || compare(a, b));
  const wordLimit = vocabulary.size + Math.floor((size - vocabulary.size) * wordShare);
  for (const [word, count] of words) {
    if (vocabulary.size >= wordLimit || count < 2) break;
    vocabulary.add(word);
  }
  const rest = words.filter(([word]) => !vocabulary.has(word)).map(([word, count]) => ({ pieces: split(word), count }));
  for (const piece of mergedPieces(rest)) {
    if (vocabulary.size >= size) break;
    vocabulary.add(piece);
  }
  return [...vocabulary];
}

/** Words exactly as the tokenizer will cut them: its own normaliser and splitter do it. */
function countWords(texts: Iterable<string>): Map<string, number> {
  const { normalizer, pre_tokenizer } = new Pieces(bertTokenizerJson(specialTokens), {});
  const counts = new Map<string, number>();
  for (const text of texts) {
    const normal = normalizer?.normalize(text) ?? text;
    for (const word of pre_tokenizer?.pre_tokenize(normal) ?? []) {
      if (/^[a-z0-9]+$/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

interface SplitWord {
  pieces: string[];
  readonly count: number;
}

function split(word: string): string[] {
  return [...word].map((c, i) => (i === 0 ? c : `##${c}`));
}

/** Yields the piece that each byte-pair merge makes, most frequent pair first, until nothing can be merged. */
function* mergedPieces(words: readonly SplitWord[]): Generator<string> {
  for (;;) {
    const pair = mostFrequentPair(words);
    if (pair === undefined) return;
    const [left, right] = pair;
    for (const word of words) word.pieces = merge(word.pieces, left, right);
    yield left + right.slice(2);
  }
}

function mostFrequentPair(words: readonly SplitWord[]): [string, string] | undefined {
  const counts = new Map<string, number>();
  for (const { pieces, count } of words) {
    for (let i = 1; i < pieces.length; i++) {
      const pair = `${pieces[i - 1]} ${pieces[i]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  }
  let best: [string, number] | undefined;
  for (const entry of counts) {
    if (!best || entry[1] > best[1] || (entry[1] === best[1] && entry[0] < best[0])) best = entry;
  }
  return best?.[0].split(' ') as [string, string] | undefined;
}

function merge(pieces: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (const piece of pieces) {
    if (piece === right && merged.at(-1) === left) merged[merged.length - 1] = left + right.slice(2);
    else merged.push(piece);
  }
  return merged;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
