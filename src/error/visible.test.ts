import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UniAdapterError, visible, visibleLines, visibleOutput } from './index.js';

test('what cannot be seen in a text is written out, and letters, emoji and joiners stay', () => {
  assert.equal(
    visible('a\nb\x1b[31m\u202egpj.exe\u009b\u2028\ud800'),
    'a\\nb\\u001b[31m\\u202egpj.exe\\u009b\\u2028\\ud800',
  );
  for (const text of ['naïve 日本語 مرحبا', '👩‍🚀 🏳️‍🌈', 'می‌خواهم', 'C:\\photos']) assert.equal(visible(text), text);
  assert.equal(visibleLines('one\ntwo\r'), 'one\ntwo\\r');
});

test('JSON keeps its value', () => {
  const value = { path: 'a\u202eb\u007f\u0085\ufeff.jpg', lines: 'x\ny' };
  assert.deepEqual(JSON.parse(visibleOutput(JSON.stringify(value))), value);
});

test('colours and lines of a program’s own pass to a terminal, other commands do not', () => {
  const own = '\r\x1b[2K\x1b[1mphotos\x1b[22m\n\ttwo\r\n';
  assert.equal(visibleOutput(own), own);
  assert.equal(visibleOutput('\x1b[2J\x1b]0;title\x07\r!\x1b[2K'), '\\u001b[2J\\u001b]0;title\\u0007\\r!\\u001b[2K');
});

test('an error is safe to show whatever its fields are, and keeps the lines of its table', () => {
  const { message } = new UniAdapterError('data', {
    where: 'a\nb.csv',
    what: '1 entry\n  line\n',
    got: '\x1b[2J',
    fix: 'try\u202e',
  });
  assert.equal(message, 'a\\nb.csv: 1 entry\n  line\n: got \\u001b[2Jtry\\u202e');
});
