// What each kind of text becomes, with a vocabulary small enough to count along.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bertTokenIds, bertTokenizerJson, createCodec, createTokenizer, specialTokens } from './index.js';

const vocabulary = [...specialTokens, ...'a picture of cat on the mat what is it ? , yes two ##s'.split(' ')];
const tokens = bertTokenIds(vocabulary);
const tokenizer = createTokenizer(bertTokenizerJson(vocabulary), tokens);
const codec = createCodec(tokenizer, { maxTokens: 8, positions: 10, maxWords: 4 });

/** Rows of ids as pieces, without padding, whose mask has to agree. */
function pieces({ ids, mask }: { ids: Int32Array; mask: Int32Array }, length: number): string[] {
  return Array.from({ length: ids.length / length }, (_, row) => {
    const own = [...ids.subarray(row * length, (row + 1) * length)];
    const used = own.filter((_, i) => mask[row * length + i] === 1);
    assert.deepEqual(own, [...used, ...Array(length - used.length).fill(tokens.pad)]);
    return used.map((id) => vocabulary[id]).join(' ');
  });
}

test('captions lose their marks and what comes after the last word that is kept', () => {
  assert.deepEqual(pieces(codec.captions(['A cat!', 'the cat on the mat']), 8), [
    '[CLS] a cat [SEP]',
    '[CLS] the cat on the [SEP]',
  ]);
});

test('questions lose their marks but keep all words, as far as there is room', () => {
  assert.deepEqual(pieces(codec.questions(['What is it?', 'is the cat on the mat, yes']), 8), [
    '[CLS] what is it ? [SEP]',
    '[CLS] is the cat on the mat [SEP]',
  ]);
});

test('after a prompt a caption is cleaned as without, and counts its own words', () => {
  assert.deepEqual(pieces(codec.prompted('a picture of ', ['The CAT on the mat.', ''], 10), 10), [
    '[CLS] a picture of the cat on the [SEP]',
    '[CLS] a picture of [SEP]',
  ]);
});

test('answers stay as they are, but for what the tokenizer does', () => {
  assert.deepEqual(pieces(codec.answers(['Yes', 'two, two cats on the mat'], 10), 10), [
    '[CLS] yes [SEP]',
    '[CLS] two , two cat ##s on the mat [SEP]',
  ]);
});

test('the longest of several texts is told, as far as a decoder reads', () => {
  assert.equal(codec.longest([]), 2);
  assert.equal(codec.longest(['yes', 'two cats', 'a']), 2 + 3);
  assert.equal(codec.longest(new Set(['the cat on the mat the cat on the mat'])), 10);
  const { ids } = codec.answers(['two cats'], codec.longest(['two cats']));
  assert.equal(ids.at(-1), tokens.sep, 'nothing of the longest is cut off');
});

test('ids become the words again, without the frame', () => {
  const { ids } = codec.answers(['two cats'], 8);
  assert.equal(codec.decode(ids), 'two cats');
  assert.equal(codec.decode(ids.subarray(1, 3)), 'two cat');
});
