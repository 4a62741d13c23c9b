// The client against the server, without a socket between.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UniAdapterError } from '../error/index.js';
import { FILE, fakeServer, fakeService, ITEM, result } from '../server/fake.test-support.js';
import type { ServerOptions, Service } from '../server/index.js';
import { ROUTES } from '../server/routes/index.js';
import { createClient } from './index.js';

const URL_ = 'http://localhost:3000';

function connect(changes: Partial<Service> = {}, options: Partial<ServerOptions> = {}) {
  const server = fakeServer(fakeService(changes), options);
  return { server, client: createClient({ url: `${URL_}/`, fetch: server.fetch }) };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const file = (name: string, bytes: Uint8Array<ArrayBuffer> = FILE) => new File([bytes], name);

test('the client reaches every route of the server', async () => {
  const { server, client } = connect();
  const item = { library: 'photos', item: ITEM.id };
  await client.info();
  await client.health();
  await client.ready();
  await client.metrics();
  await client.libraries();
  assert.equal((await client.items('photos', { kind: 'image', limit: 3 })).all, 1);
  assert.deepEqual(await client.item('photos', ITEM.id), ITEM);
  assert.equal((await client.media(item)).size, 10);
  assert.equal((await client.picture(item, { size: 64 })).type, 'image/webp');
  assert.equal((await client.upload(new Blob([FILE], { type: 'image/png' }))).bytes, 10);
  await client.media({ upload: 'u1' });
  await client.picture({ upload: 'u1' }, { frame: 1, frames: 4 });
  assert.deepEqual(await all(client.search({ library: 'photos', query: { text: 'a car' } })), [
    result('first'),
    result('final'),
  ]);
  assert.equal((await client.ask({ media: item, questions: ['what?'] })).answered[0]?.answers[0]?.answer, 'red');
  assert.deepEqual((await client.caption({ media: [item, item] })).captions, ['a car', 'a car']);
  assert.equal((await client.embed({ texts: ['a'] })).width, 1);
  assert.equal((await client.adapters()).length, 1);
  assert.equal((await client.adapter('red')).sha256, 'cd');
  assert.equal((await client.adapterFile('red', 'adapter.json')).size, 10);
  const added = await client.addAdapter('blue', [file('adapter.json'), file('adapter.safetensors')]);
  assert.deepEqual([added.name, added.bytes], ['blue', 10]);
  await client.removeAdapter('red');
  await client.datasets();
  assert.equal((await client.planTraining({ name: 'blue', recipe: {} })).steps, 3);
  assert.equal((await client.startTraining({ name: 'blue', recipe: {} })).title, 'blue');
  assert.equal((await client.startIndex({ library: 'photos' })).id, 'j1');
  assert.equal((await client.jobs()).length, 1);
  assert.equal((await client.job('j1')).id, 'j1');
  assert.deepEqual(
    (await all(client.jobEvents('j1'))).map(({ id }) => id),
    [1, 2, 3],
  );
  assert.equal((await client.stopJob('j1')).state, 'stopped');
  await client.resumeJob('j1');
  await client.finishJob('j1');
  await client.removeJob('j1');
  await client.worldOptions();
  await client.draw({ domain: 'fluent3d', seed: 1 });

  const reached = new Set(server.entries.map(({ method, route }) => `${method.toLowerCase()} ${route}`));
  assert.deepEqual([...reached].sort(), ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
  assert.deepEqual(
    server.entries.filter(({ status }) => status >= 400),
    [],
  );
});

test('every operation of the document is a method of the client, pictures and files by one for both kinds', () => {
  const { client } = connect();
  const named = { itemMedia: 'media', uploadMedia: 'media', itemPicture: 'picture', uploadPicture: 'picture' };
  for (const { name } of ROUTES) assert.ok((named[name as keyof typeof named] ?? name) in client, name);
});

test('an error of the server is the same error here', async () => {
  const { client } = connect();
  await assert.rejects(client.adapter('blue'), (error) => {
    assert.ok(error instanceof UniAdapterError);
    assert.equal(error.code, 'missing');
    assert.deepEqual(error.problem, { where: 'blue', what: 'there is none of this name' });
    return true;
  });
  await assert.rejects(client.items('photos', { limit: 1e6 }), (error) => {
    assert.ok(error instanceof UniAdapterError);
    const { where, got, expected } = error.problem;
    assert.deepEqual([error.code, where, got, expected], ['data', '?limit', "'1000000'", 'at most 200']);
    return true;
  });
});

test('an answer of something else than a server of this project is an error that says so', async () => {
  const client = createClient({ url: URL_, fetch: async () => new Response('<h1>Bad gateway</h1>', { status: 502 }) });
  await assert.rejects(client.info(), /^UniAdapterError: \/v1\/info: the answer is none .* got status 502/);
});

test('a search that fails between its stages gives the first, then the error', async () => {
  const { client } = connect({
    async *search() {
      yield result('first');
      throw new UniAdapterError('busy', { where: 'search', what: 'too much waits' });
    },
  });
  const stages: string[] = [];
  const searching = async () => {
    for await (const { stage } of client.search({ library: 'photos', query: { text: 'x' } })) stages.push(stage);
  };
  await assert.rejects(searching, /search: too much waits/);
  assert.deepEqual(stages, ['first']);
});

test('an upload may be a stream', async () => {
  const { client, server } = connect();
  const upload = await client.upload(new Blob([FILE, FILE]).stream(), undefined, 'video/mp4');
  assert.deepEqual([upload.bytes, server.entries[0]?.bytesIn], [20, 20]);
});

test('the token goes along', async () => {
  const server = fakeServer(fakeService(), { token: 'correct-horse-battery' });
  const client = (token?: string) => createClient({ url: URL_, fetch: server.fetch, ...(token && { token }) });
  await client('correct-horse-battery').info();
  await assert.rejects(client().info(), /has no valid token/);
  await assert.rejects(client('wrong').info(), (error) => error instanceof UniAdapterError && error.code === 'denied');
});

test('events go on where they were when the connection is lost, and none comes twice', async () => {
  const asked: (string | null)[] = [];
  const server = fakeServer();
  const client = createClient({
    url: URL_,
    fetch: async (request) => {
      asked.push(request.headers.get('last-event-id'));
      if (asked.length === 2) throw new TypeError('fetch failed');
      const response = await server.fetch(request);
      return asked.length === 1 ? new Response(cut(response), response) : response;
    },
  });
  assert.deepEqual(
    (await all(client.jobEvents('j1'))).map(({ id }) => id),
    [1, 2, 3],
  );
  assert.deepEqual(asked, ['0', '2', '2']);
});

/** The first two events and a half, then a broken connection. */
function cut(response: Response): ReadableStream<Uint8Array> {
  let chunks = 0;
  return (response.body as ReadableStream<Uint8Array>).pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        if (chunks++ < 2) return controller.enqueue(chunk);
        controller.enqueue(chunk.subarray(0, 20));
        controller.error(new TypeError('terminated'));
      },
    }),
  );
}

test('the events of a job that is not there are an error, at once', async () => {
  await assert.rejects(all(connect().client.jobEvents('j2')), /there is none of this name/);
});

test('a server that was never reached is an error, and is not asked for ever', async () => {
  let asked = 0;
  const client = createClient({
    url: URL_,
    fetch: async () => {
      asked++;
      throw new TypeError('fetch failed');
    },
  });
  await assert.rejects(all(client.jobEvents('j1')), /fetch failed/);
  assert.equal(asked, 1);
});

test('a server that is stopping says so to who asks whether it is ready', async () => {
  const { client } = connect({ health: () => ({ status: 'stopping' }) });
  await assert.rejects(client.ready(), { code: 'busy', message: /is stopping/ });
});

test('following a job ends when it is told to', async () => {
  const { client } = connect({
    async *jobEvents(_, __, signal) {
      yield { id: 1, event: { type: 'unreadable', path: 'a.png', problem: 'broken' } };
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  });
  const ending = new AbortController();
  const follow = async () => {
    for await (const _ of client.jobEvents('j1', 0, ending.signal)) setTimeout(() => ending.abort(), 10);
  };
  await assert.rejects(follow, { name: 'AbortError' });
});

test('text that is cut in the middle of a letter comes through', async () => {
  const bytes = new TextEncoder().encode(`event: final\ndata: {"stage":"final","adapter":"é😀"}\n\n`);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const client = createClient({ url: URL_, fetch: async () => new Response(body) });
  const [only] = await all(client.search({ library: 'photos', query: { text: 'x' } }));
  assert.equal(only?.adapter, 'é😀');
});

test('addresses are those of the server, with ids that are written as parts of them', () => {
  const { client } = connect();
  assert.equal(
    client.mediaUrl({ library: 'photos', item: 'a/1 b' }),
    `${URL_}/v1/libraries/photos/items/a%2F1%20b/media`,
  );
  assert.equal(
    client.pictureUrl({ upload: 'u1' }, { size: 64, frame: 1, frames: 4 }),
    `${URL_}/v1/uploads/u1/picture?size=64&frame=1&frames=4`,
  );
  assert.equal(createClient().adapterFileUrl('red', 'README.md'), '/v1/adapters/red/files/README.md');
});
