import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bertTokenIds, bertTokenizerJson, buildVocabulary, createTokenizer } from './index.js';

const alphabet = 109; // 5 special tokens, 36 letters and digits twice, 32 marks
const texts = [
  ...Array<string>(5).fill('a red car'),
  ...Array<string>(3).fill('A Café, above a blue bicycle'),
  'walking talking stalking milking',
];

test('a vocabulary starts with the special tokens and single characters', () => {
  const vocabulary = buildVocabulary([], 1000);
  assert.deepEqual(vocabulary.slice(0, 5), ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);
  assert.equal(vocabulary.length, alphabet);
  assert.equal(new Set(vocabulary).size, alphabet);
});

test('frequent words become single tokens, most frequent first, ties by the alphabet', () => {
  const vocabulary = buildVocabulary(texts, 1000);
  assert.deepEqual(vocabulary.slice(alphabet, alphabet + 6), ['car', 'red', 'above', 'bicycle', 'blue', 'cafe']);
});

test('neighbours that are frequent in the other words are merged', () => {
  const merged = buildVocabulary(texts, 1000).slice(alphabet + 6);
  // "walking talking stalking milking": four ##in, then four ##ing, then four ##king, then three ##lking …
  assert.deepEqual(merged.slice(0, 3), ['##in', '##ing', '##king']);
  assert.ok(merged.includes('##alking'));
  assert.ok(merged.includes('milking'));
});

test('whole words leave room for pieces, and the size is kept', () => {
  const vocabulary = buildVocabulary(texts, alphabet + 4);
  assert.deepEqual(vocabulary.slice(alphabet), ['car', 'red', 'above', '##in']);
});

test('the same texts in another order give the same vocabulary', () => {
  assert.deepEqual(buildVocabulary(texts.toReversed(), 150), buildVocabulary(texts, 150));
});

test('every word of letters and digits can be spelled and read back', () => {
  const vocabulary = buildVocabulary(texts, 125);
  const tokenizer = createTokenizer(bertTokenizerJson(vocabulary), bertTokenIds(vocabulary));
  const text = 'a red zebra42 stalking above';
  const { ids } = tokenizer.encode(text, 32);
  assert.ok(!ids.includes(vocabulary.indexOf('[UNK]')));
  assert.equal(tokenizer.decode(ids), text);
});
