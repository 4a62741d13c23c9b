import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { fakeServer, fakeService } from '../fake.test-support.js';

const known = { type: 'unreadable', path: 'a.png', problem: 'broken' } as const;

test('a client that was cut off goes on behind the last event, by the address or by the header', async () => {
  const { ask } = fakeServer();
  const idsOf = async (path: string, headers: Record<string, string> = {}) =>
    [...(await (await ask(path, { headers })).text()).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  assert.deepEqual(await idsOf('/v1/jobs/j1/events'), [1, 2, 3]);
  assert.deepEqual(await idsOf('/v1/jobs/j1/events?after=2'), [3]);
  assert.deepEqual(await idsOf('/v1/jobs/j1/events', { 'last-event-id': '1' }), [2, 3]);
  assert.deepEqual(await idsOf('/v1/jobs/j1/events?after=1', { 'last-event-id': '3' }), []); // a browser that reconnects
  assert.deepEqual(await idsOf('/v1/jobs/j1/events', { 'last-event-id': 'x' }), [1, 2, 3]);
});

test('a comment comes while there is nothing to tell, and no event is lost by it', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    let tell: () => void = () => undefined;
    const service = fakeService({
      async *jobEvents() {
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
        yield { id: 1, event: known };
      },
    });
    const reader = (await fakeServer(service).ask('/v1/jobs/j1/events')).body?.getReader();
    const read = async () => new TextDecoder().decode((await reader?.read())?.value);
    for (const _ of [1, 2]) {
      const quiet = read();
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(15_000);
      assert.equal(await quiet, ': nothing new\n\n');
    }
    const event = read();
    tell();
    assert.equal(await event, `id: 1\nevent: unreadable\ndata: ${JSON.stringify(known)}\n\n`);
    assert.equal(await read(), '');
  } finally {
    mock.timers.reset();
  }
});

test('a text with line breaks is one event', async () => {
  const event = { ...known, problem: 'two\nlines\n\nevent: final' };
  const service = fakeService({
    async *jobEvents() {
      yield { id: 1, event };
    },
  });
  const text = await (await fakeServer(service).ask('/v1/jobs/j1/events')).text();
  assert.equal(text.split('\n\n').length, 2);
  assert.deepEqual(JSON.parse(text.split('data: ')[1] ?? ''), event);
});

test('HEAD of the events of a job does not begin them', async () => {
  let begun = false;
  const service = fakeService({
    async *jobEvents() {
      begun = true;
      yield { id: 1, event: known };
    },
  });
  const response = await fakeServer(service).ask('/v1/jobs/j1/events', { method: 'HEAD' });
  assert.equal(response.status, 200);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(begun, false);
});
