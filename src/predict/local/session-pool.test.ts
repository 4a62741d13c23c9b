// Programs of equal graphs are one session; what was not used for long is released and made again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lowered } from '../../compiler/onnx/index.js';
import type { Backend } from '../../compiler/runtime/index.js';
import { pooledBackend } from './session-pool.js';

/** A backend whose sessions say their names, and that counts them. */
function counted() {
  const events: string[] = [];
  const backend: Backend = {
    target: 'cpu',
    async load({ bytes }) {
      const name = Buffer.from(bytes).toString();
      if (name === 'broken' && !events.includes('broken')) {
        events.push('broken');
        throw new Error('it does not load');
      }
      events.push(`open ${name}`);
      return {
        run: async () => ({ name: Float32Array.of(name.length) }),
        release: async () => void events.push(`close ${name}`),
      };
    },
  };
  return { backend, events };
}

const graph = (name: string) =>
  ({ bytes: Buffer.from(name), inputs: new Map(), outputs: new Map(), int8: [] }) as unknown as Lowered;
const none = new Map<string, Uint8Array>();

test('programs of the same graph share a session until the last of them is released', async () => {
  const { backend, events } = counted();
  const pool = pooledBackend(backend, 1000);
  const [one, other] = [await pool.load(graph('a'), none, 1), await pool.load(graph('a'), none, 1)];
  for (const session of [one, other]) await session.run({});
  await one.release();
  await other.run({});
  assert.deepEqual(events, ['open a']);
  await other.release();
  assert.deepEqual(events, ['open a', 'close a']);
});

test('the same graph over other numbers is another session', async () => {
  const { backend, events } = counted();
  const pool = pooledBackend(backend, 1000);
  for (const numbers of [[1], [2], [2]])
    await (await pool.load(graph('a'), new Map([['frozen', Uint8Array.from(numbers)]]), 1)).run({});
  assert.deepEqual(events, ['open a', 'open a']);
});

test('when sessions hold too much, those that were not used for long go, and come back when they are run', async () => {
  const { backend, events } = counted();
  const pool = pooledBackend(backend, 25);
  const [a, b, c] = [
    await pool.load(graph('a'), none, 10),
    await pool.load(graph('b'), none, 10),
    await pool.load(graph('c'), none, 10),
  ] as const;
  for (const session of [a, b, a, c]) await session.run({});
  assert.deepEqual(events, ['open a', 'open b', 'close b', 'open c']);
  await b.run({});
  assert.deepEqual(events.slice(4), ['close a', 'open b']);
});

test('programs that give their memory back after each run do not count', async () => {
  const { backend, events } = counted();
  const pool = pooledBackend(backend, 25);
  const [a, huge] = [await pool.load(graph('a'), none, 10), await pool.load(graph('huge'), none, 2 ** 30)] as const;
  for (const session of [a, huge, a]) await session.run({});
  assert.deepEqual(events, ['open a', 'open huge']);
});

test('a session that could not be made is tried again', async () => {
  const { backend, events } = counted();
  const session = await pooledBackend(backend, 25).load(graph('broken'), none, 1);
  await assert.rejects(session.run({}), /does not load/);
  await session.run({});
  assert.deepEqual(events, ['broken', 'open broken']);
});

test('before each run somebody is asked whether it shall be', async () => {
  const { backend, events } = counted();
  let isWanted = true;
  const pool = pooledBackend(backend, 1000, () => {
    if (!isWanted) throw new Error('not wanted');
  });
  const session = await pool.load(graph('a'), none, 1);
  await session.run({});
  isWanted = false;
  await assert.rejects(session.run({}), /not wanted/);
  assert.deepEqual(events, ['open a']);
});
