import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBrokenList, listIn } from './literal.js';

test('lists are read as JSON, Python and NumPy write them', () => {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    '["a, b", "it\'s"]': ['a, b', "it's"],
    "['a, b', \"it's\"]": ['a, b', "it's"],
    " ['say \\'hi\\'', 'caf\\xe9\\n', '\\u65e5\\U0001f600'] ": ["say 'hi'", 'café\n', '日😀'],
    "('a', 'b')": ['a', 'b'],
    "['a' 'b'\n 'c']": ['a', 'b', 'c'],
    "array(['a', 'b'], dtype=object)": ['a', 'b'],
    "[u'a', b'b', r'c', '''d''']": ['a', 'b', 'c', 'd'],
    "[1, -2.5, True, False, None, nan, 'x',]": [1, -2.5, true, false, null, null, 'x'],
    "[{'answer': 'net', 'answer_id': 1}, {'answer': 'a net'}]": [{ answer: 'net', answer_id: 1 }, { answer: 'a net' }],
    '[]': [],
  };
  for (const [text, list] of Object.entries(lists)) assert.deepEqual(listIn(text), list, text);
});

test('any other text is none, and one that begins as a list and ends too early is broken', () => {
  for (const text of [
    'a cat',
    '[a cat]',
    '[music] a man sings',
    '(left)',
    "['a",
    "['a'] b",
    "['a': 1]",
    '[[[[[[[[[[[1]]]]]',
    '',
  ])
    assert.equal(listIn(text), undefined, text);
  assert.ok(isBrokenList("['a cat', 'a d"));
  for (const text of ["['a']", '[music] a man', "'a', 'b'"]) assert.ok(!isBrokenList(text), text);
});

test('hostile texts take no longer than others', () => {
  for (const text of [
    `${'['.repeat(100_000)}]`,
    `['${'\\'.repeat(100_000)}]`,
    `[${"'a'".repeat(50_000)}]`,
    `[${'{'.repeat(100_000)}]`,
  ])
    assert.ok(listIn(text) === undefined || text.includes("'a'"));
});
