// A backbone's texts ↔ token ids, by what they are: captions, questions and answers are cleaned and cut differently.

import type { TokenIds } from './bert.js';
import { cleanCaption, cleanQuestion, QUESTION_WORDS } from './clean.js';
import { type Reading, readingOf } from './reading.js';
import type { Tokenizer, Tokens } from './tokenizer.js';

export interface Codec {
  readonly tokens: TokenIds;
  /** T: what captions and questions are padded or cut to. */
  readonly maxTokens: number;
  /** Cleaned and cut. @returns i32 [texts, T] */
  captions(texts: readonly string[]): Tokens;
  /** Cleaned and cut. @returns i32 [texts, T] */
  questions(texts: readonly string[]): Tokens;
  /** `[CLS] prompt caption [SEP]`, the caption cleaned. @returns i32 [texts, length] */
  prompted(prompt: string, texts: readonly string[], length: number): Tokens;
  /** As they are. @returns i32 [texts, length] */
  answers(texts: readonly string[], length: number): Tokens;
  /** Tokens of the longest text, `[CLS]` and `[SEP]` included, as far as a decoder reads. */
  longest(texts: Iterable<string>): number;
  decode(ids: ArrayLike<number>): string;
  /** What is read of captions or of questions. */
  reading(kind: 'captions' | 'questions', texts: Iterable<string>): Reading;
}

export interface CodecOptions {
  /** T */
  readonly maxTokens: number;
  /** The longest sequence the backbone has positions for. */
  readonly positions: number;
  /** Words of a caption that are kept; default 30. */
  readonly maxWords?: number;
}

const EVERY_WORD = Number.POSITIVE_INFINITY;

export function createCodec(tokenizer: Tokenizer, { maxTokens, positions, maxWords = 30 }: CodecOptions): Codec {
  const clean = (text: string) => cleanCaption(text, maxWords);
  return {
    tokens: tokenizer.tokens,
    maxTokens,
    captions: (texts) => tokenizer.encodeBatch(texts.map(clean), maxTokens),
    questions: (texts) =>
      tokenizer.encodeBatch(
        texts.map((text) => cleanQuestion(text)),
        maxTokens,
      ),
    prompted: (prompt, texts, length) =>
      tokenizer.encodeBatch(
        texts.map((text) => `${prompt}${clean(text)}`),
        length,
      ),
    answers: (texts, length) => tokenizer.encodeBatch(texts, length),
    longest(texts) {
      let most = 2;
      for (const text of texts) {
        const { mask } = tokenizer.encode(text, positions);
        most = Math.max(most, mask.lastIndexOf(1) + 1);
      }
      return most;
    },
    decode: (ids) => tokenizer.decode(ids),
    reading: (kind, texts) =>
      kind === 'captions'
        ? readingOf(tokenizer, texts, { maxTokens, maxWords, clean: (text) => cleanCaption(text, EVERY_WORD) })
        : readingOf(tokenizer, texts, {
            maxTokens,
            maxWords: QUESTION_WORDS,
            clean: (text) => cleanQuestion(text, EVERY_WORD),
          }),
  };
}
