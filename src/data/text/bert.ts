// BERT's tokenizer as a `tokenizer.json` value: lower-cased WordPiece, with BLIP's two extra tokens after the vocabulary.

/** The special tokens that every vocabulary of ours starts with, in this order; `[PAD]` must be 0. */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/** Ids that give a sequence its frame: `cls … sep pad pad`; `enc` replaces `cls` in multimodal mode, `bos` opens an answer. */
export interface TokenIds {
  readonly pad: number;
  readonly cls: number;
  readonly sep: number;
  readonly enc: number;
  readonly bos: number;
}

/**
 * The tokenizer of a vocabulary, ready to be written as `tokenizer.json`; Hugging Face's libraries read it too.
 * BLIP's `[DEC]` (bos) and `[ENC]` get the ids V and V + 1.
 * @param vocabulary V pieces, the place is the id; continuations start with `##`; holds the {@link specialTokens}
 */
export function bertTokenizerJson(vocabulary: readonly string[]) {
  const pieces = [...vocabulary, '[DEC]', '[ENC]'];
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const id = (piece: string) => ids.get(piece) ?? -1;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...specialTokens, '[DEC]', '[ENC]'].map((content) => addedToken(content, id(content))),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
      pair: [
        special('[CLS]'),
        { Sequence: { id: 'A', type_id: 0 } },
        special('[SEP]'),
        { Sequence: { id: 'B', type_id: 1 } },
        special('[SEP]', 1),
      ],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [id(token)], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
}

/** Where BERT's and BLIP's special tokens are in a vocabulary given to {@link bertTokenizerJson}. */
export function bertTokenIds(vocabulary: readonly string[]): TokenIds {
  const id = (token: string) => vocabulary.indexOf(token);
  return { pad: id('[PAD]'), cls: id('[CLS]'), sep: id('[SEP]'), bos: vocabulary.length, enc: vocabulary.length + 1 };
}

function addedToken(content: string, id: number) {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

function special(id: string, type_id = 0) {
  return { SpecialToken: { id, type_id } };
}
