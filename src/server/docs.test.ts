// docs/api.md is true: its tables are made from the routes, its requests are answered, its program runs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { apiDocs, withApiDocs } from './docs.js';
import { fakeServer } from './fake.test-support.js';
import { problemSchema } from './schema/index.js';

const ROOT = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/api.md', ROOT), 'utf8');
const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, info = '', body = '']) => ({ info, body }));

test('docs/api.md is what the routes say; `npx tsx scripts/api-docs.ts` writes it anew', () => {
  assert.equal(text, withApiDocs(text));
  for (const part of Object.values(apiDocs())) assert.ok(text.includes(part));
});

const commands = blocks.filter(({ info }) => info === 'sh').flatMap(({ body }) => body.trim().split('\n'));

for (const command of commands)
  test(`docs/api.md: ${command.slice(0, 70)}… is answered`, async () => {
    const [, path = ''] = /https?:\/\/[^/]+(\/\S+)/.exec(command) ?? [];
    const [, json] = / -d '(.*)'$/.exec(command) ?? [];
    const type = /content-type: ([\w/]+)/.exec(command)?.[1];
    const body = json?.replace('scenes', 'photos') ?? (command.includes('--data-binary') ? 'bytes' : undefined);
    const init = body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': type ?? '' } };
    const response = await fakeServer().ask(path, init);
    assert.ok(response.ok, `${response.status} ${await response.clone().text()}`);
    await response.body?.cancel();
  });

test('docs/api.md: the refusal is what the server says', async () => {
  const shown = problemSchema.parse(JSON.parse(blocks.find(({ info }) => info === 'json')?.body ?? ''));
  const body = JSON.stringify({ library: 'photos', query: { text: 'x' }, filter: { kindd: 'image' } });
  const headers = { 'content-type': 'application/json' };
  const response = await fakeServer().ask('/v1/search', { method: 'POST', body, headers });
  assert.deepEqual(await response.json(), shown);
});

test('docs/api.md: the program runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uniadapter-'));
  const server = fakeServer();
  mock.method(globalThis, 'fetch', (request: Request) => server.fetch(request));
  const lines: unknown[][] = [];
  mock.method(console, 'log', (...words: unknown[]) => lines.push(words));
  try {
    const path = join(folder, 'program.mts');
    const source = blocks.find(({ info }) => info === 'ts')?.body ?? '';
    await writeFile(path, source.replace("'uniadapter'", `'${new URL('src/index.ts', ROOT).href}'`));
    await import(pathToFileURL(path).href);
  } finally {
    mock.restoreAll();
    await rm(folder, { recursive: true });
  }
  assert.deepEqual(lines, [['first', []], ['final', []], ['red'], [1, 2], [2, 2], [3, 2]]);
  assert.deepEqual(
    server.entries.map(({ route }) => route),
    ['/v1/search', '/v1/uploads', '/v1/ask', '/v1/jobs/index', '/v1/jobs/{id}/events'],
  );
});
