// What somebody meets who starts the server without anything: samples, ready to be searched in every way.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '../../client/index.js';
import { temporaryFolder } from '../toy.test-support.js';
import { startProcess } from './process.test-support.js';

const server = await startProcess(['--state', join(temporaryFolder(), 'state'), '--port', '0']);
after(() => server.end('SIGTERM'));
const client = createClient({ url: server.url });

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
  for (const adapter of ['none', ...searching])
    for await (const { hits } of client.search({ library: library.name, adapter, query: { text: 'a red car' } }))
      assert.ok(hits.length > 0, adapter);
});
