import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimmed } from './index.js';

/** Texts of these lengths, padded to 10; ids count from 1. */
function texts(...lengths: readonly number[]) {
  const mask = Int32Array.from({ length: 10 * lengths.length }, (_, i) =>
    Number(i % 10 < (lengths[Math.floor(i / 10)] as number)),
  );
  return { mask, ids: mask.map((seen, i) => seen * (i + 1)) };
}

test('texts are cut to the longest of them, rounded up to an even length', () => {
  const { ids, mask, length } = trimmed(texts(2, 3), 10);
  assert.equal(length, 4);
  assert.deepEqual([...ids], [1, 2, 0, 0, 11, 12, 13, 0]);
  assert.deepEqual([...mask], [1, 1, 0, 0, 1, 1, 1, 0]);
  assert.equal(trimmed(texts(2, 5), 10).length, 6);
});

test('texts are never longer than they were', () => {
  const all = texts(9, 1);
  assert.deepEqual(trimmed(all, 10), { ...all, length: 10 });
});
