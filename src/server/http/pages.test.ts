import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeFile, fakeServer, fakeService } from '../fake.test-support.js';

const asked: string[] = [];
const FILES: Readonly<Record<string, string>> = {
  'index.html': 'text/html',
  'icon.svg': 'image/svg+xml',
  'assets/index-Bx3k9.js': 'text/javascript',
  'docs/swagger-ui.css': 'text/css',
};
const { ask } = fakeServer(fakeService(), {
  assets: async (path) => {
    asked.push(path);
    const type = FILES[path];
    return type ? fakeFile(new TextEncoder().encode(path), type) : null;
  },
});
const PAGE = { headers: { accept: 'text/html,*/*' } };

for (const path of ['/', '/search', '/adapters/red-cars', '/adapters/red.v2', '/train/runs'])
  test(`${path} is the studio, asked for again each time`, async () => {
    const response = await ask(path, PAGE);
    assert.deepEqual([response.status, await response.text()], [200, 'index.html']);
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /sandbox|unsafe-eval/);
  });

test('files with a hash in their name are kept for ever, others are not', async () => {
  const hashed = await ask('/assets/index-Bx3k9.js');
  assert.equal(hashed.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(hashed.headers.get('content-type'), 'text/javascript');
  assert.equal((await ask('/icon.svg')).headers.get('cache-control'), 'no-cache');
  assert.equal((await ask('/icon.svg', { headers: { 'if-none-match': '"tag-1"' } })).status, 304);
});

for (const path of ['/assets/gone-1234.js', '/v1/nothing', '/v1/', '/search.json'])
  test(`${path} is not the studio but 404`, async () => {
    assert.equal((await ask(path, PAGE)).status, 404);
  });

test('what is no page is 404 for programs too', async () => {
  assert.equal((await ask('/search')).status, 404);
  assert.equal((await ask('/', { method: 'POST' })).status, 404);
});

for (const path of [
  '/..%2f..%2fetc%2fpasswd',
  '/%2e%2e/secret',
  '/.env',
  '/assets/.git/config',
  '/a%5c..%5cb',
  '/a%00b',
  '//etc/passwd',
  '/%',
  '/C:/x',
])
  test(`${path} is never asked of the files`, async () => {
    asked.length = 0;
    const response = await ask(path);
    assert.equal(response.status, 404);
    for (const name of asked) assert.ok(!/\.\.|\\|\0|^\/|:|\/\.|^\./.test(name), name);
  });

test('/docs shows the document by scripts of this server alone', async () => {
  const page = await (await ask('/docs')).text();
  const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source);
  assert.deepEqual(sources, ['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
  assert.doesNotMatch(page, /<script>|https?:/);
  assert.match(await (await ask('/docs/start.js')).text(), /openapi\.json/);
  assert.equal((await ask('/docs/swagger-ui.css')).headers.get('content-type'), 'text/css');
});
