import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeFile, fakeServer, fakeService, MODIFIED } from '../fake.test-support.js';

const file = fakeFile();
const { ask } = fakeServer(fakeService({ media: async () => file }));
const get = (headers: Record<string, string>, method = 'GET') => ask('/v1/uploads/u1/media', { method, headers });

const RANGES: Readonly<Record<string, readonly [status: number, body: string, range: string | null]>> = {
  'bytes=0-3': [206, '0123', 'bytes 0-3/10'],
  'bytes=4-': [206, '456789', 'bytes 4-9/10'],
  'bytes=-3': [206, '789', 'bytes 7-9/10'],
  'bytes=8-100': [206, '89', 'bytes 8-9/10'],
  'bytes=-100': [206, '0123456789', 'bytes 0-9/10'],
  'bytes=0-1,4-5': [200, '0123456789', null],
  'bytes=5-2': [200, '0123456789', null],
  'bytes=-': [200, '0123456789', null],
  'lines=1-2': [200, '0123456789', null],
};

for (const [range, [status, body, sent]] of Object.entries(RANGES))
  test(`the range ${range} of ten bytes is ${status} ${body}`, async () => {
    const response = await get({ range });
    assert.deepEqual([response.status, await response.text()], [status, body]);
    assert.equal(response.headers.get('content-range'), sent);
    assert.equal(response.headers.get('content-length'), String(body.length));
  });

for (const range of ['bytes=10-', 'bytes=-0', 'bytes=99-100'])
  test(`the range ${range} of ten bytes is refused`, async () => {
    const response = await get({ range });
    assert.equal(response.status, 416);
    assert.equal(response.headers.get('content-range'), 'bytes */10');
  });

test('a file that the client has is not sent again', async () => {
  const etag = (await get({})).headers.get('etag') ?? '';
  assert.equal(etag, '"tag-1"');
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await get({ 'if-none-match': known });
    assert.deepEqual([response.status, await response.text()], [304, '']);
  }
  assert.equal((await get({ 'if-none-match': '"other"' })).status, 200);
  assert.equal((await get({ 'if-modified-since': MODIFIED.toUTCString() })).status, 304);
  assert.equal((await get({ 'if-modified-since': new Date(0).toUTCString() })).status, 200);
});

test('a range of a file that has changed since is the whole file', async () => {
  assert.equal((await get({ range: 'bytes=0-3', 'if-range': '"tag-1"' })).status, 206);
  assert.equal((await get({ range: 'bytes=0-3', 'if-range': '"tag-0"' })).status, 200);
});

test('HEAD says all about a file and does not open it', async () => {
  const before = file.opened;
  const response = await get({}, 'HEAD');
  assert.deepEqual([response.status, await response.text()], [200, '']);
  assert.equal(response.headers.get('content-length'), '10');
  assert.equal(response.headers.get('accept-ranges'), 'bytes');
  assert.equal(file.opened, before);
});

test('files of users are never run as pages', async () => {
  const { headers } = await get({});
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*sandbox/);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('pictures are known by their content, and made as asked', async () => {
  const first = await ask('/v1/uploads/u1/picture?size=64&frame=2&frames=8');
  assert.deepEqual(await first.json(), { size: 64, frame: 2, frames: 8 });
  const etag = first.headers.get('etag') ?? '';
  const again = (size: number) =>
    ask(`/v1/uploads/u1/picture?size=${size}&frame=2&frames=8`, { headers: { 'if-none-match': etag } });
  assert.equal((await again(64)).status, 304);
  assert.equal((await again(65)).status, 200);
});
