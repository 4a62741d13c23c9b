import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoised } from './memoised.js';

test('what is known is not found out again, unless it is forgotten or was a failure', async () => {
  const found: string[] = [];
  const { get, forget } = memoised(async (key) => {
    found.push(key);
    if (key === 'broken' && found.length < 3) throw new Error('not now');
    return `${key} ${found.length}`;
  });
  assert.deepEqual(await Promise.all([get('a'), get('a')]), ['a 1', 'a 1'], 'those who ask at once share it');
  assert.equal(await get('a'), 'a 1');
  await assert.rejects(get('broken'), /not now/);
  assert.equal(await get('broken'), 'broken 3');
  forget('a');
  assert.equal(await get('a'), 'a 4');
});
