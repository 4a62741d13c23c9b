// Text to token ids of a fixed length and back, on Hugging Face's tokenizer. It only cuts text into pieces for us: the frame
// ([CLS], [SEP], padding) is ours, since truncation must keep the [SEP].

import { Tokenizer as Pieces } from '@huggingface/tokenizers';
import { z } from 'zod';
import { fail, listed, shortened } from '../../error/index.js';
import { safeParse } from '../../json/index.js';
import type { TokenIds } from './bert.js';

export interface Tokens {
  /** Token ids, padded; i32 [T], or [B·T] row by row for a batch. */
  readonly ids: Int32Array;
  /** 1 for a token, 0 for padding; as long as `ids`. */
  readonly mask: Int32Array;
}

export interface Tokenizer {
  readonly tokens: TokenIds;
  /** Rows an embedding table needs: the largest id + 1. */
  readonly vocabularySize: number;
  /** `[CLS] pieces [SEP]`, padded to `length`; pieces that do not fit are dropped. Clean the text first. */
  encode(text: string, length: number): Tokens;
  /** {@link encode} for every text; B·`length` numbers. */
  encodeBatch(texts: readonly string[], length: number): Tokens;
  /** All ids of a clean text, without frame or end. */
  pieces(text: string): readonly number[];
  /** The id that stands for words outside of the vocabulary; null where there is none. */
  readonly unknown: number | null;
  /** The text of the ids, without special tokens. */
  decode(ids: ArrayLike<number>): string;
}

const id = z
  .int()
  .nonnegative()
  .max(2 ** 20); // the largest vocabularies have a quarter of that
const flag = z.boolean().default(false);

/** What BERT's tokenizers say; other parts of a file, such as how to frame a text, are not used. */
const wordPiece = z.object({
  model: z
    .object({
      type: z.literal('WordPiece'),
      vocab: z.record(z.string(), id),
      unk_token: z.string().default('[UNK]'),
      continuing_subword_prefix: z.string().default('##'),
      max_input_chars_per_word: z.int().positive().max(10_000).default(100),
    })
    .refine(({ vocab, unk_token }) => Object.hasOwn(vocab, unk_token), 'its unk_token is not in its vocab'),
  added_tokens: z
    .array(
      z.object({
        ...{ id, content: z.string().min(1), single_word: flag, lstrip: flag },
        ...{ rstrip: flag, normalized: flag, special: flag },
      }),
    )
    .default([]),
  normalizer: z
    .object({
      type: z.literal('BertNormalizer'),
      clean_text: z.boolean().default(true),
      handle_chinese_chars: z.boolean().default(true),
      strip_accents: z.boolean().nullable().default(null),
      lowercase: z.boolean().default(true),
    })
    .nullish(),
  pre_tokenizer: z.object({ type: z.literal('BertPreTokenizer') }),
  decoder: z
    .object({ type: z.literal('WordPiece'), prefix: z.string().default('##'), cleanup: z.boolean().default(true) })
    .nullable()
    .default(null),
});

/**
 * Two rules of BERT's cleaning that the library's normaliser leaves out: characters that Unicode has not assigned are
 * dropped, and Chinese characters beyond U+FFFF are words of their own too.
 */
const cleaning = [
  { type: 'Replace', pattern: { Regex: '\\p{Cn}' }, content: '' },
  {
    ...{ type: 'Replace', content: ' $& ' },
    pattern: { Regex: '[\\u{20000}-\\u{2A6DF}\\u{2A700}-\\u{2CEAF}\\u{2F800}-\\u{2FA1F}]' },
  },
];

/**
 * Makes a tokenizer from the value of a `tokenizer.json` of the BERT kind.
 * @param tokens the ids that frame a sequence, from the backbone's file
 * @throws `format` when the value is no WordPiece tokenizer or has no such ids
 */
export function createTokenizer(tokenizerJson: unknown, tokens: TokenIds): Tokenizer {
  const parsed = safeParse(wordPiece, tokenizerJson);
  if (!parsed.success) {
    const what = listed(
      parsed.error.issues,
      ({ path, message }) => `${path.map((key) => shortened(String(key))).join('.')}: ${message}`,
      '; ',
    );
    return fail('format', { where: 'tokenizer.json', what: `not a WordPiece tokenizer: ${what}` });
  }
  const { model, added_tokens, normalizer } = parsed.data;
  const ids = new Set([...Object.values(model.vocab), ...added_tokens.map(({ id }) => id)]);
  checkTokens(tokens, ids);
  const normalizers = normalizer ? [...cleaning, normalizer] : cleaning;
  const rules = { normalizer: { type: 'Sequence', normalizers }, post_processor: null };
  const pieces = new Pieces({ ...parsed.data, ...rules }, {});

  const piecesOf = (text: string) => pieces.encode(text, { add_special_tokens: false }).ids;

  function encodeBatch(texts: readonly string[], length: number): Tokens {
    if (length < 2)
      fail('recipe', { where: 'tokenizer', what: 'no room for [CLS] and [SEP]', got: `length ${length}` });
    const ids = new Int32Array(texts.length * length).fill(tokens.pad);
    const mask = new Int32Array(texts.length * length);
    texts.forEach((text, row) => {
      const inner = piecesOf(text).slice(0, length - 2);
      ids.set([tokens.cls, ...inner, tokens.sep], row * length);
      mask.fill(1, row * length, row * length + inner.length + 2);
    });
    return { ids, mask };
  }

  return {
    tokens,
    vocabularySize: [...ids].reduce((most, id) => Math.max(most, id), 0) + 1,
    encode: (text, length) => encodeBatch([text], length),
    encodeBatch,
    pieces: piecesOf,
    unknown: model.vocab[model.unk_token] ?? null,
    decode: (ids) => decode(pieces, ids),
  };
}

/** The library refuses an empty list. */
function decode(pieces: Pieces, ids: ArrayLike<number>): string {
  return ids.length === 0 ? '' : pieces.decode(Array.from(ids), { skip_special_tokens: true });
}

function checkTokens(tokens: TokenIds, known: ReadonlySet<number>): void {
  const missing = Object.entries(tokens).filter(([, id]) => !known.has(id));
  if (missing.length > 0) {
    fail('format', {
      where: 'tokenizer.json',
      what: 'special tokens of the backbone are not in the vocabulary',
      got: missing.map(([name, id]) => `${name} ${id}`).join(', '),
      expected: `ids below ${known.size}`,
    });
  }
}
