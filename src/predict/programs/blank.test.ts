import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseBlank } from './blank.js';

test('texts and questions in which no word is left are refused, which one is told', () => {
  for (const text of ['', ' ', '\n\t', '\u200b', '...', '"!"'])
    for (const kind of ['text', 'question'] as const)
      assert.throws(() => refuseBlank(kind, [text]), {
        code: 'data',
        message: new RegExp(`^${kind}: is blank: got "`),
      });
  assert.throws(() => refuseBlank('question', ['what', ' ']), /^UniAdapterError: question 2: is blank: got " "/);
  refuseBlank('text', ['猫', '?', 'a.']);
  refuseBlank('question', ['why', '7']);
});
