// Who is computed with whom, and when; with a pool that only takes notes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { refusal } from '../../node/toy.test-support.js';
import { sizeFor, takeOf } from '../local/batch-sizes.js';
import type { Batch, Reply } from '../local/messages.js';
import type { Work } from '../local/types.js';
import { createQueue } from './queue.js';

/** A pool of one whose batches end when they are told to. */
function note() {
  const batches: {
    readonly batch: Batch;
    readonly signal: AbortSignal;
    readonly end: (how?: Error | number) => Promise<void>;
  }[] = [];
  let busy = false;
  const run = (batch: Batch, signal: AbortSignal): Promise<readonly Reply<unknown>[]> =>
    new Promise((resolve, reject) => {
      busy = true;
      /** @param how  with an error, or with so many items alone */
      const end = async (how: Error | number = batch.items.length) => {
        busy = false;
        if (how instanceof Error) reject(how);
        else resolve(batch.items.map((item, i) => (i < how ? { value: item } : { later: true })));
        await setImmediate();
      };
      batches.push({ batch, signal, end });
    });
  const loaded = () => ['like this', 'and this'].map((folder) => ({ folder, bytes: 1, mixes: 'one method' }) as const);
  return { batches, pool: { idle: () => (busy ? 0 : 1), run, loaded } };
}

function open(limit = 100) {
  const { batches, pool } = note();
  const queue = createQueue(pool, limit);
  const text = (adapter: string | null, items: readonly string[], work?: Work) =>
    queue.submit({ kind: 'text', adapter, items }, work);
  const last = () => batches.at(-1) ?? assert.fail('nothing was begun');
  const items = () => batches.map(({ batch }) => batch.items);
  return { queue, text, last, items, batches };
}

test('what waits for one adapter is one batch, and each request gets its own', async () => {
  const { text, last, items } = open();
  const first = text('a', ['1']);
  const rest = [text('a', ['2', '3']), text('b', ['x']), text('a', ['4', '5'])];
  await last().end();
  assert.deepEqual(items()[1], ['2', '4', '3', '5']);
  await last().end();
  await last().end();
  assert.deepEqual(items()[2], ['x']);
  const found = await Promise.all([first, ...rest]);
  assert.deepEqual(
    found.map((outcomes) => outcomes.map((outcome) => ('value' in outcome ? outcome.value : null))),
    [['1'], ['2', '3'], ['x'], ['4', '5']],
  );
});

test('a long request waits for the short ones, and one adapter for the other', async () => {
  const { text, last, items } = open();
  const long = Array.from({ length: 80 }, (_, i) => `${i}`);
  const all = [text('a', long), text('a', ['short']), text('b', ['other'])];
  for (let i = 0; i < 5; i++) await last().end();
  await Promise.all(all);
  assert.equal(items()[0]?.length, 32, 'it was alone');
  const order = items()
    .map((batch) => batch.join())
    .join(' | ');
  const turn = (what: string) => items().findIndex((batch) => batch.includes(what));
  assert.ok([1, 2].includes(turn('short')), order);
  assert.ok([1, 2].includes(turn('other')), order);
  assert.deepEqual(items()[turn('other')], ['other']);
});

test('background work waits for everyone, and is begun a batch at a time', async () => {
  const { text, last, items } = open();
  const many = Array.from({ length: 64 }, (_, i) => `${i}`);
  const all = [text('a', many, { priority: 'background' }), text('a', ['now']), text('b', ['now too'])];
  for (let i = 0; i < 4; i++) await last().end();
  await Promise.all(all);
  assert.deepEqual(
    items().map((batch) => batch.length),
    [32, 1, 1, 32],
  );
});

test('texts of adapters that can be mixed are one batch, and what is looked at is not', async () => {
  const { text, last, batches, queue } = open();
  const all: Promise<unknown>[] = [
    text('a', ['1']),
    text('like this', ['2']),
    text('and this', ['3']),
    text('b', ['4']),
  ];
  for (const adapter of ['like this', 'and this']) all.push(queue.submit({ kind: 'media', adapter, items: ['x'] }));
  for (let i = 0; i < 5; i++) await last().end();
  await Promise.all(all);
  assert.deepEqual(
    batches.map(({ batch }) => batch.adapters),
    [['a'], ['like this', 'and this'], ['b'], ['like this'], ['and this']],
  );
});

test('what nobody waits for any more is not begun', async () => {
  const { text, last, items, queue } = open();
  const stop = new AbortController();
  const first = text('a', ['1']);
  const unwanted = text('a', ['2'], { signal: stop.signal });
  const wanted = text('a', ['3']);
  stop.abort();
  assert.equal((await refusal(unwanted)).code, 'stopped');
  assert.equal(queue.waiting(), 1);
  await last().end();
  await last().end();
  await Promise.all([first, wanted]);
  assert.deepEqual(items(), [['1'], ['3']]);
  assert.equal((await refusal(text('a', ['4'], { signal: stop.signal }))).code, 'stopped');
});

test('a request that is stopped half way is not gone on with', async () => {
  const { text, last, items, queue } = open();
  const stop = new AbortController();
  const long = text('a', Array.from({ length: 64 }, String), { signal: stop.signal });
  stop.abort();
  assert.equal((await refusal(long)).code, 'stopped');
  await last().end();
  assert.equal(items().length, 1);
  assert.equal(queue.waiting(), 0);
});

test('more than may wait are refused, and later taken again', async () => {
  const { text, last } = open(2);
  const running = text('a', ['1']);
  const waiting = [text('a', ['2']), text('b', ['3'])];
  const refused = await refusal(text('a', ['4']));
  assert.equal(refused.code, 'busy');
  assert.match(refused.message, /2 requests/);
  await last().end();
  const taken = text('a', ['5']);
  for (let i = 0; i < 3; i++) await last().end();
  await Promise.all([running, ...waiting, taken]);
});

test('what a worker puts off is computed later, and others come between', async () => {
  const { text, last, items } = open();
  const slow = text('a', ['1', '2', '3'], { priority: 'background' });
  const quick = text('b', ['now']);
  await last().end(1);
  await last().end();
  await last().end(1);
  await last().end();
  assert.deepEqual(items(), [['1', '2', '3'], ['now'], ['2', '3'], ['3']]);
  await quick;
  assert.deepEqual(await slow, [{ value: '1' }, { value: '2' }, { value: '3' }]);
});

test('what is put off is not gone on with once it is stopped', async () => {
  const { text, last, items, queue } = open();
  const stop = new AbortController();
  const slow = text('a', ['1', '2'], { signal: stop.signal });
  stop.abort();
  assert.equal((await refusal(slow)).code, 'stopped');
  await last().end(1);
  assert.deepEqual([items(), queue.waiting()], [[['1', '2']], 0]);
});

test('when a worker dies, the requests of its batch fail and others are computed', async () => {
  const { text, last } = open();
  const first = text('a', ['1']);
  const second = text('a', ['2']);
  await last().end(new Error('gone'));
  const [outcome] = await first;
  assert.ok(outcome && 'error' in outcome && outcome.error.code === 'internal');
  await last().end();
  assert.deepEqual(await second, [{ value: '2' }]);
});

test('when the engine is closed, what waits is told so', async () => {
  const { text, last, queue } = open();
  const first = text('a', ['1']);
  const second = text('a', ['2']);
  queue.close();
  assert.equal((await refusal(second)).code, 'stopped');
  assert.equal((await refusal(text('a', ['3']))).code, 'stopped');
  await last().end();
  assert.deepEqual(await first, [{ value: '1' }]);
});

test('what a worker puts off after the engine was closed is stopped', async () => {
  const { text, last, items, queue } = open();
  const slow = text('a', ['1', '2']);
  queue.close();
  const refused = refusal(slow);
  await last().end(1);
  assert.equal((await refused).code, 'stopped');
  assert.deepEqual([items(), queue.waiting()], [[['1', '2']], 0]);
});

test('batches have few sizes, and are filled to three quarters at least', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 9, 12, 20, 24, 40].map((waiting) => takeOf(waiting, 32)),
    [1, 2, 3, 4, 4, 6, 7, 8, 12, 16, 24, 32],
  );
  assert.deepEqual([1, 3, 6, 24, 40].map(sizeFor), [1, 4, 8, 32, 32]);
});

test('a batch is stopped once nobody waits for anything in it, and not before', async () => {
  const { text, last } = open();
  const busy = text('a', ['first']);
  const [one, other] = [new AbortController(), new AbortController()];
  const given = [text('b', ['x', 'y'], { signal: one.signal }), text('b', ['z'], { signal: other.signal })];
  await last().end();
  await busy;
  assert.deepEqual(last().batch.items, ['x', 'z', 'y']);
  one.abort();
  assert.equal(last().signal.aborted, false, 'somebody still waits');
  other.abort();
  assert.equal(last().signal.aborted, true);
  for (const error of await Promise.all(given.map(refusal))) assert.equal(error.code, 'stopped');
});
