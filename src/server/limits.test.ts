// What keeps a request small, short and from here.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../error/index.js';
import { fakeServer, fakeService, posted } from './fake.test-support.js';

const HASTY = { limits: { bodyBytes: 1000, uploadBytes: 1000, adapterBytes: 1000, seconds: 0.05 } };

/** A body of so many chunks, and how many of them were taken. */
function slowBody(chunks: number, chunk = new Uint8Array(1000)) {
  const sent = { chunks: 0 };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent.chunks++ < chunks) controller.enqueue(chunk);
      else controller.close();
    },
  });
  return { sent, init: { method: 'POST', body, duplex: 'half' } as RequestInit };
}

test('an upload is taken as it comes, and cut off as soon as it is too long', async () => {
  const fits = slowBody(5);
  const taken = await fakeServer().ask('/v1/uploads', fits.init);
  assert.equal(((await taken.json()) as { bytes: number }).bytes, 5000);
  const long = slowBody(1e6);
  const refused = await fakeServer().ask('/v1/uploads', long.init);
  assert.equal(refused.status, 413);
  assert.ok(long.sent.chunks < 20, `${long.sent.chunks} chunks were taken`);
});

test('an upload that is cut off is 413 whatever those who read it make of that', async () => {
  const service = fakeService({
    async upload(body) {
      const reader = body.getReader();
      for (
        let part = await reader.read();
        !part.done;
        part = await reader.read().catch(() => fail('data', { where: 'upload', what: 'no image' }))
      );
      return fail('data', { where: 'upload', what: 'no image' });
    },
  });
  const { init } = slowBody(10);
  assert.equal((await fakeServer(service).ask('/v1/uploads', init)).status, 413);
});

test('a body that says that it is too long is not read at all', async () => {
  const { init, sent } = slowBody(10);
  const response = await fakeServer().ask('/v1/uploads', { ...init, headers: { 'content-length': '10000' } });
  assert.equal(response.status, 413);
  assert.ok(sent.chunks <= 1, `${sent.chunks} chunks were taken`);
});

test('a JSON body without a length is cut off too', async () => {
  const { init, sent } = slowBody(1e6);
  const response = await fakeServer().ask('/v1/search', { ...init, headers: { 'content-type': 'application/json' } });
  assert.equal(response.status, 413);
  assert.ok(sent.chunks < 20, `${sent.chunks} chunks were taken`);
});

test('a request that takes too long is answered with 504, and those who work for it are told', async () => {
  let told: AbortSignal | undefined;
  const service = fakeService({
    caption(_, { signal }) {
      told = signal;
      return new Promise(() => undefined);
    },
  });
  const server = fakeServer(service, HASTY);
  const response = await server.ask('/v1/caption', posted({ media: [{ upload: 'u1' }] }));
  assert.equal(response.status, 504);
  assert.match(await response.text(), /took too long: expected an answer within 0\.05 s/);
  assert.equal(told?.aborted, true);
});

test('the events of a job outlast the time limit', async () => {
  const service = fakeService({
    async *jobEvents(_, __, signal) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.equal(signal.aborted, false);
      yield { id: 1, event: { type: 'unreadable', path: 'a.png', problem: 'broken' } };
    },
  });
  const server = fakeServer(service, HASTY);
  assert.match(await (await server.ask('/v1/jobs/j1/events')).text(), /^id: 1\nevent: unreadable\n/);
});

test('a search that takes too long between its stages says so in the stream', async () => {
  const service = fakeService({
    async *search(_, { signal }) {
      yield {
        adapter: 'none',
        stage: 'first',
        hits: [],
        searched: 0,
        reranked: 0,
        reranking: '',
        seconds: { embed: 0, nearest: 0, rerank: 0 },
      };
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  });
  const server = fakeServer(service, HASTY);
  const init = posted({ library: 'photos', query: { text: 'x' } }, { accept: 'text/event-stream' });
  assert.match(await (await server.ask('/v1/search', init)).text(), /event: problem\ndata: .*took too long/);
});

test('a client that goes away ends the work for it', async () => {
  const client = new AbortController();
  let told: AbortSignal | undefined;
  const service = fakeService({
    caption(_, { signal }) {
      told = signal;
      return new Promise(() => client.abort());
    },
  });
  const server = fakeServer(service);
  const response = await server.ask('/v1/caption', { ...posted({ media: [{ upload: 'u1' }] }), signal: client.signal });
  assert.equal(response.status, 499);
  await response.text();
  assert.equal(told?.aborted, true);
  assert.equal(server.entries[0]?.status, 499);
});

test('a client that stops reading events ends the iteration', async () => {
  let ended = false;
  const service = fakeService({
    async *jobEvents(_, __, signal) {
      try {
        yield { id: 1, event: { type: 'unreadable', path: 'a.png', problem: 'broken' } };
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      } finally {
        ended = true;
      }
    },
  });
  const server = fakeServer(service);
  const response = await server.ask('/v1/jobs/j1/events');
  const reader = response.body?.getReader();
  await reader?.read();
  const waiting = reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 10)); // until the server waits too
  await reader?.cancel();
  await waiting;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(ended, true);
  assert.deepEqual(
    server.entries.map(({ status, error }) => [status, error]),
    [[499, undefined]],
  );
  assert.equal(server.inFlight(), 0);
});

test('a server that stops takes nothing new, says so to those who watch it, and lives', async () => {
  const server = fakeServer(fakeService({ health: () => ({ status: 'stopping' }) }));
  assert.equal((await server.ask('/healthz')).status, 200);
  assert.equal((await server.ask('/readyz')).status, 503);
  const refused = await server.ask('/v1/info');
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '10']);
});

test('what has no room is refused with when to ask again', async () => {
  const service = fakeService({ ask: async () => fail('busy', { where: 'the queue', what: 'is full' }) });
  const response = await fakeServer(service).ask('/v1/ask', posted({ media: { upload: 'u1' }, questions: ['what?'] }));
  assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '2']);
});
