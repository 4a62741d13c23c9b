// What is read of texts, against encoding each of them whole.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bertTokenizerJson, createCodec, createTokenizer, specialTokens } from './index.js';

const vocabulary = [...specialTokens, 'a', 'red', 'car', '##s', 'on', 'the', 'left', 'what', 'is', 'it', '?', ','];
const ids = { pad: 0, cls: 2, sep: 3, bos: vocabulary.length, enc: vocabulary.length + 1 };
const tokenizer = createTokenizer(bertTokenizerJson(vocabulary), ids);
const codec = createCodec(tokenizer, { maxTokens: 8, positions: 16, maxWords: 7 });

test('words that hold an unknown token are counted, the most frequent named', () => {
  const texts = ['a red car', 'A RED Auto!', 'xe đỏ, cars', 'auto on the left'];
  const { words, unknown, examples, texts: count } = codec.reading('captions', texts);
  assert.deepEqual({ words, unknown, count }, { words: 13, unknown: 4, count: 4 });
  assert.deepEqual(examples, ['auto', 'xe', 'đỏ,']);
});

test('texts that are cut, and those that become alike by it or by what is unknown, are counted', () => {
  const long = 'a red car on the left';
  const texts = [long, `${long} car`, `${long} a car on`, 'ein', 'zwei', 'zwei', 'a red, car', 'a red car'];
  const { cut, alike } = codec.reading('captions', texts);
  assert.deepEqual({ cut, alike }, { cut: 2, alike: 4 });
  const bruteCut = texts.filter((text) => tokenizer.encode(text, 64).mask.reduce((a, b) => a + b) > 8).length;
  assert.equal(cut, bruteCut);
  const ids = (text: string) => codec.captions([text]).ids.join();
  const distinct = [...new Set(texts)];
  assert.equal(alike, distinct.length - new Set(distinct.map(ids)).size + 1); // “zwei” is alike twice
});

test('questions are read by their own rule', () => {
  assert.deepEqual(codec.reading('questions', ['what is it?', 'what is dat']), {
    ...{ texts: 2, words: 6, unknown: 1, examples: ['dat'], cut: 0, alike: 0 },
  });
});
