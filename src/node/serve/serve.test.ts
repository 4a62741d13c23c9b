// The real command as a process, over sockets: start, index, search, ask, upload, adapters, a training, restart, the end.

import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '../../client/index.js';
import type { Job } from '../../server/index.js';
import { refusal, runToy, temporaryFolder, toyBackbone, toyData, toyRecipe } from '../toy.test-support.js';
import { putLoad } from './load.test-support.js';
import { type ServerProcess, startProcess } from './process.test-support.js';

const folder = temporaryFolder();
const data = await toyData(join(folder, 'squares'));
const backbone = await toyBackbone(join(folder, 'toy'), 1, ['red', 'green', 'yes', 'no']);
await runToy(toyRecipe(backbone, data, ['train.epochs=1']), join(folder, 'runs', 'search'));
await runToy(toyRecipe(backbone, data, ['task=answering', 'train.epochs=1']), join(folder, 'runs', 'answers'));
const state = join(folder, 'state');
const ARGUMENTS = [
  data,
  '--adapters',
  join(folder, 'runs'),
  '--backbone',
  backbone,
  '--state',
  relative('.', state),
  '--port',
  '0',
];

let server: ServerProcess = await startProcess(ARGUMENTS);
after(() => server.child.kill('SIGKILL'));
const clientOf = ({ url }: ServerProcess) => createClient({ url });

async function ended(client: ReturnType<typeof createClient>, id: string): Promise<Job> {
  for (;;) {
    const job = await client.job(id);
    if (job.state !== 'waiting' && job.state !== 'running') return job;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('the address it prints answers, and everything can be done over it', async () => {
  const client = clientOf(server);
  assert.deepEqual(await client.ready(), { status: 'ok' });
  const [first] = await client.jobs();
  assert.equal(first?.title, 'Index squares', 'a library without an index gets one');
  assert.equal((await ended(client, first.id)).state, 'done');
  const results: string[] = [];
  for await (const { stage, hits } of client.search({ library: 'squares', query: { text: 'a red square on grey' } })) {
    results.push(stage);
    assert.equal(hits.length, 16);
  }
  assert.deepEqual(results, ['first', 'final']);
  const upload = await client.upload(new Blob([await readFile(join(data, 'red-grey.png'))]));
  const media = { upload: upload.upload };
  const { answered } = await client.ask({ adapter: 'answers', media, questions: ['what color is the square'] });
  assert.ok((answered[0]?.answers.length ?? 0) > 0);
  assert.equal((await client.picture(media, { size: 20 })).type, 'image/webp');
  const names = ['adapter.json', 'adapter.safetensors'];
  const files = await Promise.all(
    names.map(async (name) => new File([await readFile(join(folder, 'runs', 'search', 'adapter', name))], name)),
  );
  assert.equal((await client.addAdapter('mine', files)).origin, 'uploaded');
  assert.equal(
    (await ended(client, (await client.startIndex({ library: 'squares', adapter: 'mine' })).id)).state,
    'done',
  );
  for await (const { hits } of client.search({ library: 'squares', adapter: 'mine', query: { media } }))
    assert.equal(hits[0]?.item.path, 'red-grey.png');
  await client.removeAdapter('mine');
  assert.equal((await refusal(client.adapter('mine'))).code, 'missing');
  assert.match(await client.metrics(), /^uniadapter_requests_total\{.*route="\/v1\/search",status="200"\} [1-9]/m);
});

const training = (epochs: number) => ({
  data: { path: 'squares', augment: 'none' },
  train: { batch: 4, epochs, checkpointEvery: 2 },
  ...{ retrieval: { queue: 6 }, method: { bottleneck: 4 } },
});

test('SIGTERM ends it with 0 while a training runs, which goes on after a restart', async () => {
  const client = clientOf(server);
  const { id } = await client.startTraining({ name: 'long', recipe: training(400) as never });
  for await (const { event } of client.jobEvents(id)) if (event.type === 'train' && event.event.type === 'step') break;
  const second = startProcess(ARGUMENTS);
  await assert.rejects(second, /another server keeps its state there/);
  assert.equal(await server.end('SIGTERM'), 0, server.said());
  assert.ok(await stat(join(state, 'runs', 'long', 'checkpoint', 'checkpoint.json')));
  server = await startProcess(ARGUMENTS);
  const again = clientOf(server);
  assert.equal((await again.job(id)).state, 'stopped');
  await again.resumeJob(id);
  let resumedAt: unknown;
  for await (const { event } of again.jobEvents(id))
    if (event.type === 'train' && event.event.type === 'plan' && event.event.resumedAt !== 0) {
      resumedAt = event.event.resumedAt;
      break;
    }
  assert.ok(Number(resumedAt) > 0);
  assert.equal((await again.stopJob(id)).state, 'stopped');
});

test('under load and under attack it lives, answers what is good and refuses the rest', async () => {
  const { counts, searches, questions, jobs, memory } = await putLoad({
    ...{ url: server.url, pid: server.child.pid, seconds: 4, users: 4, library: 'squares' },
    ...{ searching: ['none', 'search'], asking: ['none', 'answers'] },
  });
  const told = JSON.stringify(counts, null, 1);
  assert.equal(server.child.exitCode, null, server.said());
  assert.ok(searches.length > 0 && questions.length > 0, told);
  assert.deepEqual(jobs, ['done', 'done']);
  for (const what of [
    'huge json 413',
    'pixel bomb 422',
    'half a png 422',
    'climb 404',
    'broken json 400',
    'endless 413',
  ])
    assert.ok(what in counts, `${what}: ${told}`);
  const good = /^(search|ask|job) (200|201|202|404)$/; // 404: its index is being made
  const bad = /^(?!search |ask |job ).* (4\d\d|cut off|open|AbortError|TypeError|Error)$/;
  const wrong = Object.keys(counts).filter((what) => !good.test(what) && !bad.test(what) && what !== 'gone 200');
  assert.deepEqual(wrong, [], told);
  assert.ok(Math.max(...Object.values(memory)) < 2 ** 31, JSON.stringify(memory));
  assert.equal((await clientOf(server).health()).status, 'ok');
});

test('without a token it does not listen to other computers', async () => {
  const open = startProcess([...ARGUMENTS.slice(0, -4), '--state', join(folder, 'open'), '--host', '0.0.0.0']);
  await assert.rejects(open, /nothing would keep them from your libraries.*UNIADAPTER_TOKEN/s);
});

test('with a token it lets in whoever has it, on any address', async () => {
  const token = 'a-token-of-some-length';
  const args = [...ARGUMENTS.slice(0, -4), '--state', join(folder, 'closed'), '--port', '0', '--host', '0.0.0.0'];
  const closed = await startProcess(args, { UNIADAPTER_TOKEN: token });
  try {
    assert.equal((await refusal(createClient({ url: closed.url }).info())).code, 'denied');
    assert.equal((await createClient({ url: closed.url, token }).info()).backbone.name, 'toy');
    assert.ok(!closed.said().includes(token));
  } finally {
    assert.equal(await closed.end('SIGINT'), 0);
  }
});

test('a request that hangs is cut off at the end of the server, and a port that is taken is said', async () => {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n');
  const taken = startProcess([...ARGUMENTS.slice(0, -4), '--state', join(folder, 'taken'), '--port', port]);
  await assert.rejects(taken, /is taken; choose another --port/);
  const started = performance.now();
  assert.equal(await server.end('SIGTERM'), 0);
  assert.ok(performance.now() - started < 20_000);
  socket.destroy();
});
