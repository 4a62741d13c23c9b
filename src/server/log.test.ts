import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../error/index.js';
import { fakeFile, fakeServer, fakeService, posted } from './fake.test-support.js';

test('each request is told of once, when its last byte is sent, by the pattern of its route', async () => {
  const server = fakeServer();
  const response = await server.ask('/v1/libraries/photos/items/a%2F1/media');
  assert.deepEqual([server.entries.length, server.inFlight()], [0, 1]);
  await response.arrayBuffer();
  assert.equal(server.inFlight(), 0);
  const { ms, id, ...entry } = server.entries[0] ?? fail('internal', { where: 'log', what: 'is empty' });
  assert.deepEqual(entry, {
    ...{ method: 'GET', route: '/v1/libraries/{library}/items/{item}/media', status: 200, bytesIn: 0, bytesOut: 10 },
  });
  assert.ok(ms >= 0);
  assert.equal(id, response.headers.get('x-request-id'));
});

test('requests that are refused and unknown ones are told of too', async () => {
  const server = fakeServer();
  for (const path of ['/v1/adapters/blue', '/v1/nothing']) await (await server.ask(path)).text();
  assert.deepEqual(
    server.entries.map(({ route, status }) => [route, status]),
    [
      ['/v1/adapters/{name}', 404],
      ['unknown', 404],
    ],
  );
});

test('the log knows the adapter and the bytes, but no text, no token and no name', async () => {
  const server = fakeServer(fakeService(), { token: 'a-secret-token-of-mine' });
  const body = { adapter: 'red', library: 'photos', query: { text: 'my private question' } };
  const init = posted(body, { authorization: 'Bearer a-secret-token-of-mine' });
  await (await server.ask('/v1/search', init)).text();
  await (await server.ask('/?token=a-secret-token-of-mine')).text();
  assert.equal(server.entries[0]?.adapter, 'red');
  assert.equal(server.entries[0]?.bytesIn, JSON.stringify(body).length);
  assert.doesNotMatch(JSON.stringify(server.entries), /private|secret|photos/);
});

test('a bug is 500 without what is inside, and the log has it under the id that the client sees', async () => {
  const bug = new TypeError('cannot read /home/me/secret');
  const server = fakeServer(fakeService({ info: () => Promise.reject(bug) }));
  const response = await server.ask('/v1/info');
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.doesNotMatch(text, /secret/);
  const id = response.headers.get('x-request-id') ?? '';
  assert.ok(id && text.includes(id));
  assert.deepEqual([server.entries[0]?.id, server.entries[0]?.error], [id, bug]);
});

test('an internal error of ours is a bug as well', async () => {
  const service = fakeService({ info: async () => fail('internal', { where: 'a/secret', what: 'went wrong' }) });
  const text = await (await fakeServer(service).ask('/v1/info')).text();
  assert.doesNotMatch(text, /secret/);
});

test('what is thrown and is no error is a bug like any other', async () => {
  const server = fakeServer(fakeService({ info: () => Promise.reject('a text') }));
  const response = await server.ask('/v1/info');
  await response.text();
  assert.deepEqual([response.status, server.entries[0]?.error, server.inFlight()], [500, 'a text', 0]);
});

test('a bug in the middle of an answer is told of too', async () => {
  const bug = new Error('the disk is gone');
  const broken = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(bug),
    });
  const server = fakeServer(fakeService({ media: async () => ({ ...fakeFile(), read: broken }) }));
  const response = await server.ask('/v1/uploads/u1/media');
  await assert.rejects(response.arrayBuffer(), bug);
  assert.equal(server.entries[0]?.error, bug);
});
