import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeServer, fakeService } from '../fake.test-support.js';

const TOKEN = 'correct-horse-battery';
const open = fakeServer();
const closed = fakeServer(fakeService(), { token: TOKEN });

const statusOf = async (server: typeof open, url: string, headers: Record<string, string> = {}) =>
  (await server.fetch(new Request(url, { headers }))).status;

for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]'])
  test(`without a token a server answers under ${host}`, async () => {
    assert.equal(await statusOf(open, `http://${host}:3000/v1/info`), 200);
  });

for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '192.168.0.7'])
  test(`without a token a server does not answer under ${host}`, async () => {
    assert.equal(await statusOf(open, `http://${host}:3000/v1/info`), 403);
    assert.equal(await statusOf(open, `http://${host}:3000/`), 403);
  });

const FOREIGN: Readonly<Record<string, Record<string, string>>> = {
  'another site': { origin: 'https://evil.example' },
  'another port': { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' },
  'a file': { origin: 'null' },
  'another site that only embeds': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
  'another port that only embeds': { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
  'a link to the API': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
};

for (const [what, headers] of Object.entries(FOREIGN))
  test(`a request of ${what} is refused, with the cookie too`, async () => {
    assert.equal(await statusOf(open, 'http://localhost:3000/v1/info', headers), 403);
    const cookie = `uniadapter-token=${TOKEN}`;
    assert.equal(await statusOf(closed, 'http://localhost:3000/v1/info', { ...headers, cookie }), 403);
  });

test('the pages of the server itself are answered, and links to them', async () => {
  const own = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' };
  assert.equal(await statusOf(open, 'http://localhost:3000/v1/info', own), 200);
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  assert.equal(await statusOf(open, 'http://localhost:3000/docs', link), 200);
});

test('a program with the token is answered under any name', async () => {
  assert.equal(await statusOf(closed, 'http://gpu.example/v1/info', { authorization: `Bearer ${TOKEN}` }), 200);
});

for (const authorization of ['', 'Bearer ', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`])
  test(`'${authorization}' is no token`, async () => {
    const response = await closed.ask('/v1/info', { headers: authorization ? { authorization } : {} });
    assert.equal(response.status, 401);
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/);
    assert.doesNotMatch(await response.text(), new RegExp(TOKEN));
  });

test('all but health wants the token', async () => {
  for (const path of ['/v1/info', '/metrics', '/openapi.json', '/docs', '/', '/v1/nothing'])
    assert.equal((await closed.ask(path)).status, 401, path);
  for (const path of ['/healthz', '/readyz']) assert.equal((await closed.ask(path)).status, 200, path);
});

test('a page opened with the token keeps it in a cookie and loses it from the address', async () => {
  const response = await closed.ask(`/search?q=1&token=${TOKEN}`);
  assert.deepEqual([response.status, response.headers.get('location')], [303, '/search?q=1']);
  const cookie = response.headers.get('set-cookie') ?? '';
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const kept = { headers: { cookie: cookie.split(';')[0] ?? '' } };
  assert.equal((await closed.ask('/v1/info', kept)).status, 200);
  assert.equal((await closed.ask(`/search?token=${TOKEN}x`)).status, 401);
  assert.equal((await closed.ask(`/v1/info?token=${TOKEN}`)).status, 401);
});

test('the way on from the token leads to no other site', async () => {
  const response = await closed.ask(`//evil.example/?token=${TOKEN}`);
  assert.equal(response.headers.get('location'), '/evil.example/');
});

test('over TLS the cookie is kept to TLS', async () => {
  const response = await closed.fetch(new Request(`https://gpu.example/?token=${TOKEN}`));
  assert.match(response.headers.get('set-cookie') ?? '', /Secure/);
});

test('a browser without the token is asked for it', async () => {
  const response = await closed.ask('/', { headers: { accept: 'text/html' } });
  assert.equal(response.status, 401);
  assert.match(await response.text(), /<form>.*name="token"/s);
  assert.match(response.headers.get('content-security-policy') ?? '', /form-action 'self'/);
});

test('a browser with a wrong token is told so, and keeps where it was going', async () => {
  const accept = { headers: { accept: 'text/html' } };
  const right = await (await closed.ask('/search?q=%22%3Ered', accept)).text();
  assert.doesNotMatch(right, /not the token/);
  const response = await closed.ask('/search?q=%22%3Ered&token=wrong', accept);
  assert.equal(response.status, 401);
  const page = await response.text();
  assert.match(page, /role="alert".*This is not the token of this server/);
  assert.match(page, /<input type="hidden" name="q" value="&quot;&gt;red">/);
  assert.doesNotMatch(page, /value="wrong"/);
});
