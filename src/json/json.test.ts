import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isTooDeep, parseJson, shown } from './index.js';

test('JSON is read as it always is', () => {
  fc.assert(fc.property(fc.json(), (text) => assert.deepEqual(parseJson(text), JSON.parse(text))));
});

const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

test('a hundred levels are read, more are refused before anything is parsed', () => {
  parseJson(nested(100));
  assert.throws(() => parseJson(nested(102)), /more than 100 deep/);
  assert.throws(() => parseJson('['.repeat(50_000_000)), SyntaxError);
});

test('brackets in texts are no levels, and escaped quotes do not end a text', () => {
  for (const text of ['['.repeat(500), `\\"${'{'.repeat(500)}`, `\\\\`, '"]['])
    assert.equal(parseJson(JSON.stringify(text)), text);
  assert.throws(() => parseJson(`"\\\\"${'['.repeat(500)}`), /100 deep/);
});

test('values that hold themselves are too deep', () => {
  const one: { self?: unknown } = {};
  one.self = [1, one];
  assert.ok(isTooDeep(one));
  assert.ok(!isTooDeep(JSON.parse(nested(100))) && isTooDeep(JSON.parse(nested(102))));
});

test('long values are cut in messages', () => {
  assert.equal(shown({ a: [1] }), '{"a":[1]}');
  assert.equal(shown(undefined), 'nothing');
  assert.equal(shown('x'.repeat(1000)).length, 201);
});
