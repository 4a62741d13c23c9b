// What somebody meets who starts the server without anything: samples, ready to be searched in every way.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '../../client/index.js';
import type { Hit } from '../../server/index.js';
import { temporaryFolder } from '../toy.test-support.js';
import { startProcess } from './process.test-support.js';

const server = await startProcess(['--state', join(temporaryFolder(), 'state'), '--port', '0']);
after(() => server.end('SIGTERM'));
const client = createClient({ url: server.url });

/** As they are in the end. */
async function hitsOf(adapter: string, text: string): Promise<readonly Hit[]> {
  let last: readonly Hit[] = [];
  for await (const { hits } of client.search({ library: 'scenes', adapter, query: { text } })) last = hits;
  return last;
}

test('the sample library is indexed without an adapter, and under each that came with it', async () => {
  const jobs = await client.jobs();
  for (const { id } of jobs) for await (const _ of client.jobEvents(id)); // until it is over
  const [library] = await client.libraries();
  assert.equal(library?.isSample, true);
  const searching = (await client.adapters()).filter(({ task }) => task === 'retrieval').map(({ name }) => name);
  assert.deepEqual(
    library.indexes.map(({ adapter, isCurrent }) => [adapter, isCurrent]).sort(),
    [...searching.sort().map((name) => [name, true]), ['none', true]].sort(),
  );
  for (const adapter of ['none', ...searching]) assert.ok((await hitsOf(adapter, 'a red car')).length > 0, adapter);
});

interface Documented {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
}

test('every example of the documented API works as it stands', async () => {
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as Documented;
  const posted = Object.entries(paths).flatMap(([path, { post }]) => {
    const body = post?.requestBody?.content['application/json']?.example;
    return body === undefined ? [] : [{ path, body }];
  });
  assert.ok(posted.length > 5, `${posted.length}`);
  for (const { path, body } of posted) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
  }
});

test('what an example asks about is what it says', async () => {
  const [best] = await hitsOf('scene-search', 'a yellow cow');
  assert.match(best?.item.captions.join() ?? '', /yellow cow/);
});

/** What every object has of itself, or seems to. */
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

/** The same value with one of its texts or numbers at a time replaced, or with one key more in one of its objects. */
function* variants(value: unknown, name: string): Iterable<unknown> {
  if (typeof value !== 'object' || value === null) return yield name;
  if (!Array.isArray(value))
    yield JSON.parse(`{${JSON.stringify(name)}:{"a":1},${JSON.stringify(value).slice(1)}`.replace(/,}$/, '}'));
  for (const [key, inner] of Object.entries(value))
    for (const changed of variants(inner, name))
      yield Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed };
}

test('names that objects have of themselves are names like any other, in every path, parameter and body', async () => {
  const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as Documented;
  let sent = 0;
  const send = async (path: string, method: string, body?: string) => {
    sent++;
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(server.url + path, { method, headers, ...(body !== undefined && { body }) });
    const text = await answer.text();
    assert.ok(answer.status < 500, `${method} ${path} ${body}: ${answer.status} ${text}`);
  };
  for (const name of NAMES)
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { parameters = [], requestBody }] of Object.entries(methods)) {
        const own = path.replaceAll(/\{\w+\}/g, name);
        const asked = parameters.filter((one) => one.in === 'query').map((one) => `${one.name}=${name}`);
        if (own !== path || asked.length > 0) await send(`${own}?${asked.join('&')}&${name}=1`, method.toUpperCase());
        const example = requestBody?.content['application/json']?.example;
        if (example !== undefined)
          for (const changed of variants(example, name)) await send(own, 'POST', JSON.stringify(changed));
      }
  assert.ok(sent > 200, `${sent}`);
  for (const { id } of await client.jobs()) await client.stopJob(id).catch(() => undefined); // a training may have that name
  assert.ok((await hitsOf('none', 'a red car')).length > 0);
});
