import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail } from '../error/index.js';
import { FILE, fakeServer, fakeService, posted, result } from './fake.test-support.js';
import { problemSchema, searchResultSchema } from './schema/index.js';

const { ask } = fakeServer();

const GOOD: Readonly<Record<string, { init?: RequestInit; status?: number; type?: string }>> = {
  '/v1/info': {},
  '/v1/libraries': {},
  '/v1/libraries/photos/items?kind=image&limit=10': {},
  '/v1/libraries/photos/items/a%2F1': {},
  '/v1/libraries/photos/items/a%2F1/media': { type: 'image/png' },
  '/v1/libraries/photos/items/a%2F1/picture?size=64': { type: 'image/webp' },
  '/v1/uploads': { init: { method: 'POST', body: FILE }, status: 201 },
  '/v1/uploads/u1/media': { type: 'image/png' },
  '/v1/uploads/u1/picture?frame=1&frames=4': { type: 'image/webp' },
  '/v1/search': { init: posted({ library: 'photos', query: { text: 'a car' } }) },
  '/v1/ask': { init: posted({ media: { upload: 'u1' }, questions: ['what colour?'] }) },
  '/v1/caption': { init: posted({ media: [{ library: 'photos', item: 'a/1' }] }) },
  '/v1/embed': { init: posted({ texts: ['a car'] }) },
  '/v1/adapters': {},
  '/v1/adapters/red': {},
  '/v1/adapters/red/files/adapter.json': {},
  '/v1/datasets': {},
  '/v1/train/plan': { init: posted({ name: 'blue', recipe: {} }) },
  '/v1/jobs/train': { init: posted({ name: 'blue', recipe: {} }), status: 202 },
  '/v1/jobs/index': { init: posted({ library: 'photos' }), status: 202 },
  '/v1/jobs': {},
  '/v1/jobs/j1': {},
  '/v1/jobs/j1/events': { type: 'text/event-stream' },
  '/v1/jobs/j1/stop': { init: { method: 'POST' }, status: 202 },
  '/v1/jobs/j1/resume': { init: { method: 'POST' }, status: 202 },
  '/v1/world': {},
  '/v1/world/draw': { init: posted({ domain: 'fluent3d', seed: 1 }) },
  '/healthz': {},
  '/readyz': {},
  '/metrics': { type: 'text/plain; version=0.0.4' },
  '/openapi.json': {},
};

for (const [path, { init, status = 200, type = 'application/json' }] of Object.entries(GOOD))
  test(`${init?.method ?? 'GET'} ${path} answers ${status} with ${type}`, async () => {
    const response = await ask(path, init);
    assert.equal(response.status, status, await response.clone().text());
    assert.equal(response.headers.get('content-type'), type);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.ok(response.headers.get('x-request-id'));
    assert.ok((await response.text()).length > 0);
  });

for (const path of ['/v1/adapters/red', '/v1/jobs/j1'])
  test(`DELETE ${path} answers 204`, async () => {
    const response = await ask(path, { method: 'DELETE' });
    assert.deepEqual([response.status, await response.text()], [204, '']);
  });

const search = (body: object) => posted({ library: 'photos', query: { text: 'a car' }, ...body });
const BAD: Readonly<Record<string, { path: string; init?: RequestInit; status: number; says: RegExp }>> = {
  'an unknown address': { path: '/v1/nothing', status: 404, says: /^\/v1\/nothing: no such route; see \/docs/ },
  'a method that an address does not have': { path: '/v1/search', status: 405, says: /got GET, expected POST/ },
  'an unknown name': { path: '/v1/adapters/blue', status: 404, says: /^blue: there is none of this name$/ },
  'an unknown job': { path: '/v1/jobs/j2/events', status: 404, says: /^j2: / },
  'a name that is none': { path: '/v1/adapters/.%2Fred', status: 422, says: /^\{name\}: is not usable: got '\.\/red'/ },
  'an unknown key of the query': {
    ...{ path: '/v1/libraries/photos/items?limt=3', status: 422 },
    says: /^\?limt: is not a key of it; did you mean \?limit\?$/,
  },
  'a number that is none': {
    ...{ path: '/v1/libraries/photos/items?limit=many', status: 422 },
    says: /^\?limit: is not usable: got 'many', expected a number$/,
  },
  'a frame behind the last': {
    ...{ path: '/v1/uploads/u1/picture?frame=4&frames=4', status: 422 },
    says: /^\?frame: is not usable: got '4', expected less than frames$/,
  },
  'an unknown key of the body': {
    ...{ path: '/v1/search', init: search({ limmit: 3 }), status: 422 },
    says: /^limmit: is not a key of it; did you mean limit\?$/,
  },
  'an unknown key deep in the body': {
    ...{ path: '/v1/search', init: search({ filter: { kindd: 'image' } }), status: 422 },
    says: /^filter\.kindd: is not a key of it; did you mean filter\.kind\?$/,
  },
  'an unknown key in one variant of several': {
    ...{ path: '/v1/search', init: search({ query: { txt: 'a car' } }), status: 422 },
    says: /query\.text: is missing: expected text\n.*query\.txt: is not a key of it: did you mean query\.text\?/,
  },
  'a text that is blank': {
    ...{ path: '/v1/search', init: search({ query: { text: ' ' } }), status: 422 },
    says: /^query\.text: is blank$/,
  },
  'a number that is too large': {
    ...{ path: '/v1/search', init: search({ limit: 1000 }), status: 422 },
    says: /^limit: is not usable: got 1000, expected at most 100$/,
  },
  'what is missing': {
    ...{ path: '/v1/ask', init: posted({ media: { upload: 'u1' } }), status: 422 },
    says: /^questions: is missing: expected a list$/,
  },
  'several problems at once': {
    ...{ path: '/v1/ask', init: posted({ questions: [], answers: 'five' }), status: 422 },
    says: /^the body: 3 problems\n/,
  },
  'a body that is no JSON': {
    ...{ path: '/v1/search', init: { ...posted(null), body: '{"library":' }, status: 400 },
    says: /^the body: is not JSON/,
  },
  'a body that is no UTF-8': {
    ...{ path: '/v1/search', init: { ...posted(null), body: new Uint8Array([0x22, 0xff, 0x22]) }, status: 400 },
    says: /^the body: is not JSON/,
  },
  'a body that is nested too deep': {
    ...{ path: '/v1/search', init: { ...posted(null), body: `${'['.repeat(500)}${']'.repeat(500)}` }, status: 422 },
    says: /^the body: is nested too deep/,
  },
  'no body': { path: '/v1/search', init: { ...posted(null), body: null }, status: 400, says: /is not JSON/ },
  'a body of another type': {
    ...{ path: '/v1/search', init: posted({}, { 'content-type': 'text/plain' }), status: 415 },
    says: /content-type: is of no use here: got text\/plain, expected application\/json$/,
  },
  'a body that is too long': {
    ...{ path: '/v1/search', init: search({ query: { text: 'a'.repeat(3000) } }), status: 413 },
    says: /^the body: is too long: got .*, expected at most 2000 bytes$/,
  },
};

for (const [what, { path, init, status, says }] of Object.entries(BAD))
  test(`${what} is refused with ${status}`, async () => {
    const response = await ask(path, init);
    assert.equal(response.status, status);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    const problem = problemSchema.parse(await response.json());
    assert.match(problem.detail, says);
    assert.equal(problem.status, status);
  });

test('a body of very many entries is refused before they are looked at', async () => {
  const server = fakeServer(fakeService(), { limits: { bodyBytes: 1e6, uploadBytes: 1, adapterBytes: 1, seconds: 5 } });
  for (const entries of [new Array(2e5).fill(0), new Array(6e4).fill([0])]) {
    const response = await server.ask('/v1/ask', posted({ media: { upload: 'u1' }, questions: entries }));
    assert.equal(response.status, 422);
    assert.match(
      problemSchema.parse(await response.json()).detail,
      /^the body: holds too much: expected at most 10000 /,
    );
  }
});

test('of a body that is nothing but problems no more than ten are looked for', async () => {
  const keys = Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [`key${i}`, 1]));
  const server = fakeServer(fakeService(), { limits: { bodyBytes: 1e6, uploadBytes: 1, adapterBytes: 1, seconds: 5 } });
  const started = performance.now();
  const response = await server.ask('/v1/search', search({ ...keys, ['x'.repeat(1e5)]: 1 }));
  const { what, detail } = problemSchema.parse(await response.json());
  assert.match(what, /^more than 10 problems\n(.*\n){9}.*$/);
  assert.ok(detail.length < 2000);
  assert.ok(performance.now() - started < 10_000);
});

test('a method that an address does not have is answered with those that it has', async () => {
  const response = await ask('/v1/adapters/red', { method: 'PATCH' });
  assert.equal(response.headers.get('allow'), 'GET, PUT, DELETE');
});

test('a search sends both stages as events when it is asked to', async () => {
  const response = await ask(
    '/v1/search',
    posted({ library: 'photos', query: { text: 'x' } }, { accept: 'text/event-stream' }),
  );
  const blocks = (await response.text()).trimEnd().split('\n\n');
  assert.deepEqual(
    blocks.map((block) => block.split('\n')[0]),
    ['event: first', 'event: final'],
  );
  assert.deepEqual(searchResultSchema.parse(JSON.parse(blocks[1]?.split('data: ')[1] ?? '')), result('final'));
});

test('a search that is refused at once is refused by status even when events are asked for', async () => {
  const init = posted({ library: 'others', query: { text: 'x' } }, { accept: 'text/event-stream' });
  assert.equal((await ask('/v1/search', init)).status, 404);
});

test('what goes wrong between the stages is an event', async () => {
  const service = fakeService({
    async *search() {
      yield result('first');
      fail('busy', { where: 'search', what: 'too much waits' });
    },
  });
  const init = posted({ library: 'photos', query: { text: 'x' } }, { accept: 'text/event-stream' });
  const text = await (await fakeServer(service).ask('/v1/search', init)).text();
  assert.match(text, /event: first\n.*\n\nevent: problem\ndata: \{.*"code":"busy"/);
});
