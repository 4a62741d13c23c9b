import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanCaption, cleanQuestion } from './index.js';

// Expected values: what BLIP's pre_caption and pre_question return for these strings in Python 3.
const captions: [string, string][] = [
  ['A man, riding a Horse.', 'a man, riding a horse'],
  ['  Two  dogs (one red) ~ run!! \n', 'two dogs one red run'],
  ['"Stop": #1; it\'s *late*?', "stop 1 it's late ?"],
  ['tab\there\n', 'tab\there'],
  ['café – 50% of A.B.', 'café – 50% of a b'],
  ['\n\n', ''],
  ['...', ''],
  ['', ''],
];

test('captions are cleaned as in BLIP', () => {
  for (const [raw, clean] of captions) assert.equal(cleanCaption(raw), clean, JSON.stringify(raw));
});

test('captions keep their first thirty words, or as many as asked', () => {
  const long = Array.from({ length: 40 }, (_, i) => `w${i}`).join('. ');
  assert.equal(cleanCaption(long).split(' ').length, 30);
  assert.equal(cleanCaption('One two. three', 2), 'one two');
});

test('questions drop the marks instead of spacing them, and keep their first fifty words', () => {
  assert.equal(cleanQuestion('What is "this"? (A cat.)  '), 'what is this? a cat');
  assert.equal(cleanQuestion('a.b'), 'ab');
  assert.equal(cleanQuestion('x '.repeat(60)).split(' ').length, 50);
});
