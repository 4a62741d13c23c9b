import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fewAtOnce } from './few.js';

test('all is done, eight at a time, and the results come in order', async () => {
  const seen: number[] = [];
  let running = 0;
  const results = await fewAtOnce(30, async (i) => {
    seen.push(++running);
    await setTimeout((7 * i) % 5);
    running--;
    return 2 * i;
  });
  assert.deepEqual(
    results,
    Array.from({ length: 30 }, (_, i) => 2 * i),
  );
  assert.equal(Math.max(...seen), 8);
  assert.deepEqual(await fewAtOnce(0, () => assert.fail()), []);
});

test('after an error nothing more is begun, and what was begun is over', async () => {
  let [begun, ended] = [0, 0];
  const work = async (i: number) => {
    begun++;
    await setTimeout(i === 3 ? 0 : 20);
    ended++;
    if (i >= 3) throw new Error(`number ${i}`);
  };
  await assert.rejects(fewAtOnce(100, work), /number 3/);
  assert.deepEqual([begun, ended], [8, 8]);
  await setTimeout(30);
  assert.equal(begun, 8);
});
