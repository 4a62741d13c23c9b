// Pulling from a hub that is not there: a server on this machine that has one repository, counts what is asked of it,
// and can break off or send something else.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { refusal, temporaryFolder } from '../node/toy.test-support.js';
import { openCheckpoint } from './checkpoint/checkpoint.js';
import { convert } from './checkpoint/convert.js';
import { parseRepo } from './hub/cache.js';
import { downloadedFile } from './hub/url.js';
import { pull } from './pull.js';
import { readBackbone } from './store/backbone.js';

const fixtures = fileURLToPath(new URL('./checkpoint/fixtures/', import.meta.url));
const folder = temporaryFolder();
const commit = 'c'.repeat(40);
const repo = 'me/blip';
/** `meeting`: how many have to ask for a large file before anyone gets its second half; `arrived` counts them. */
const fresh = { from: 'itm-float32', breakAt: 0, spoil: false, token: '', meeting: 0, arrived: 0 };
const hub = { ...fresh, requests: [] as string[] };
const HALF = 150_000;

const server = createServer((request, response) => void answer(request, response));
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.env.HF_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

let caches = 0;
beforeEach(() => {
  const cache = join(folder, `${caches++}`);
  Object.assign(process.env, { HF_HUB_CACHE: join(cache, 'hub'), XDG_CACHE_HOME: join(cache, 'own') });
  delete process.env.HF_TOKEN;
  Object.assign(hub, { ...fresh, requests: [] });
});

async function answer({ url = '', method = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  hub.requests.push(`${method} ${url}${headers.range ? ` ${headers.range}` : ''}`);
  if (hub.token && headers.authorization !== `Bearer ${hub.token}`) return void response.writeHead(401).end();
  const names = await readdir(join(fixtures, hub.from));
  if (url === `/api/models/${repo}/revision/main`) {
    const siblings = [...names, '.gitattributes', 'README.md'].map((rfilename) => ({ rfilename }));
    return void response.end(JSON.stringify({ sha: commit, siblings }));
  }
  const name = names.find((name) => url === `/${repo}/resolve/${commit}/${name}` || url === `/files/${name}`);
  if (!name) return void response.writeHead(404).end();
  const content = await readFile(join(fixtures, hub.from, name));
  const etag = createHash('sha256').update(content).digest('hex');
  const start = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
  const length = content.length - start;
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': length, 'x-linked-etag': `"${etag}"` });
  if (method === 'HEAD') return void response.end();
  const isLarge = content.length > 100_000;
  if (hub.spoil && isLarge) content[content.length - 1] = 1 + (content.at(-1) as number);
  if (hub.meeting && isLarge) {
    await new Promise<void>((resolve) => response.write(content.subarray(start, HALF), () => resolve()));
    hub.arrived++;
    while (hub.arrived < hub.meeting) await new Promise((resolve) => setTimeout(resolve, 10));
    return void response.end(content.subarray(Math.max(start, HALF)));
  }
  if (!hub.breakAt || !isLarge) return void response.end(content.subarray(start));
  response.write(content.subarray(start, hub.breakAt), () => setTimeout(() => response.destroy(), 20));
}

const quiet = () => {};
const bodies = () => hub.requests.filter((request) => request.startsWith('GET /me/'));

test('a repository becomes a backbone by its name, in the layout that Python shares', async () => {
  assert.match((await refusal(readBackbone(repo))).message, /is not in the cache.*; run: uniadapter pull me\/blip$/);
  const progress: (readonly [string, number, number])[] = [];
  const { path, offline } = await pull(repo, (...step) => progress.push(step));
  assert.equal(offline, false);
  const models = join(process.env.HF_HUB_CACHE as string, 'models--me--blip');
  assert.equal(path, join(models, 'snapshots', commit));
  assert.equal(await readFile(join(models, 'refs', 'main'), 'utf8'), commit);
  assert.match(await readlink(join(path, 'model.safetensors')), /^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
  assert.ok(!(await readdir(path)).includes('expected.safetensors'), 'only what is needed is fetched');
  const { bytes, info, sha256 } = await readBackbone(repo);
  assert.equal(info.name, repo);
  assert.deepEqual(progress.at(-1), ['model.safetensors', bytes, bytes]);
  assert.equal(
    sha256,
    createHash('sha256')
      .update(await readFile(join(path, 'model.safetensors')))
      .digest('hex'),
  );
});

test('what is there is never fetched again, and is enough without a network', async () => {
  await pull(repo, quiet);
  const fetched = bodies().length;
  await pull(repo, quiet);
  assert.equal(bodies().length, fetched);
  const endpoint = process.env.HF_ENDPOINT;
  process.env.HF_ENDPOINT = 'http://127.0.0.1:1';
  try {
    assert.equal((await pull(repo, quiet)).offline, true);
    assert.equal((await pull(`${repo}@${commit}`, quiet)).offline, false);
    assert.match((await refusal(pull('me/other', quiet))).message, /cannot be reached.*set HF_ENDPOINT to a mirror/);
  } finally {
    process.env.HF_ENDPOINT = endpoint;
  }
});

test('an interrupted download goes on where it stopped', async () => {
  hub.breakAt = 150_000;
  assert.match((await refusal(pull(repo, quiet))).message, /the connection broke.*run the same command again/);
  hub.breakAt = 0;
  await pull(repo, quiet);
  assert.match(bodies().at(-1) as string, /model\.safetensors bytes=150000-$/);
  await readBackbone(repo);
});

test('a file that is not what was announced is thrown away, and nothing is left that would pass for it', async () => {
  hub.spoil = true;
  assert.match(
    (await refusal(pull(repo, quiet))).message,
    /thrown away: got sha256 [0-9a-f]{64}, expected [0-9a-f]{64}/,
  );
  await refusal(readBackbone(repo));
  hub.spoil = false;
  await pull(repo, quiet);
  assert.ok(!bodies().at(-1)?.includes('bytes='), 'from the start');
});

test('a repository that is not public needs a token', async () => {
  hub.token = 'secret';
  assert.match((await refusal(pull(repo, quiet))).message, /HTTP 401; set HF_TOKEN to a token that may read it/);
  process.env.HF_TOKEN = 'secret';
  await pull(repo, quiet);
});

test('all shards of an index come, and PyTorch files are converted', async () => {
  hub.from = 'caption-bfloat16-shards';
  await pull(repo, quiet);
  assert.equal((await readBackbone(repo)).arrays.size, 103);
});

test('a file of an address, or of the disk, is converted once', async () => {
  hub.from = 'original';
  const url = `${process.env.HF_ENDPOINT}/files/legacy.pth`;
  const beside = dirname(downloadedFile(url)); // a small vocabulary; without one beside the file BERT's is taken
  await mkdir(beside, { recursive: true });
  await cp(join(fixtures, 'original', 'vocab.txt'), join(beside, 'vocab.txt'));
  const { path } = await pull(url, quiet);
  assert.equal((await readBackbone(url)).folder, path);
  const asked = hub.requests.length;
  await pull(url, quiet);
  assert.equal(hub.requests.length, asked);
  const local = await pull(join(fixtures, 'vqa-float16-bin'), quiet);
  const { mtimeMs } = await stat(join(local.path, 'backbone.safetensors'));
  await pull(join(fixtures, 'vqa-float16-bin'), quiet);
  assert.equal((await stat(join(local.path, 'backbone.safetensors'))).mtimeMs, mtimeMs);
});

/** Another process that pulls. */
function pullElsewhere(source: string): ChildProcess {
  const script = `import { pull } from ${JSON.stringify(import.meta.resolve('./pull.ts'))}; await pull(${JSON.stringify(source)}, () => {});`;
  const tsx = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
  return spawn(process.execPath, tsx, { stdio: 'inherit' });
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('processes that pull the same repository at once all succeed, and leave one sound copy', async () => {
  hub.meeting = 3;
  const others = [pullElsewhere(repo), pullElsewhere(repo)];
  const ended = others.map((child) => once(child, 'exit'));
  await pull(repo, quiet);
  assert.deepEqual(await Promise.all(ended), [
    [0, null],
    [0, null],
  ]);
  assert.equal(hub.arrived, 3, 'all were under way together');
  await readBackbone(repo);
  const blobs = await readdir(join(process.env.HF_HUB_CACHE as string, 'models--me--blip', 'blobs'));
  assert.ok(
    blobs.every((name) => /^[0-9a-f]{64}$/.test(name)),
    blobs.join(),
  );
});

test('what a process that was killed had fetched, the next one goes on with', async () => {
  hub.meeting = 2;
  const child = pullElsewhere(repo);
  await until(() => hub.arrived === 1);
  const blobs = join(process.env.HF_HUB_CACHE as string, 'models--me--blip', 'blobs');
  const parts = async () => (await readdir(blobs)).filter((name) => name.endsWith('.incomplete'));
  let sizes: number[] = [];
  while (sizes[0] !== HALF)
    sizes = await Promise.all((await parts()).map(async (name) => (await stat(join(blobs, name))).size));
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  await pull(repo, quiet);
  assert.match(bodies().at(-1) as string, new RegExp(`bytes=${HALF}-$`));
  assert.deepEqual(await parts(), []);
  await readBackbone(repo);
});

test('files that two processes convert at once become one backbone', async () => {
  const local = join(fixtures, 'vqa-float16-bin');
  const ends = [pullElsewhere(local), pullElsewhere(local)].map((child) => once(child, 'exit'));
  for (const end of await Promise.all(ends)) assert.deepEqual(end, [0, null]);
  const checkpoint = await openCheckpoint(local);
  const folders = await Promise.all([1, 2, 3, 4].map(() => convert(checkpoint)));
  assert.equal(new Set(folders).size, 1);
  assert.deepEqual(await readdir(dirname(folders[0] as string)), [basename(folders[0] as string)]);
  await readBackbone(local);
});

test('a name is of a repository only if it can be one', () => {
  assert.deepEqual(parseRepo('a/b@v1'), { id: 'a/b', revision: 'v1' });
  for (const name of ['tiny', '../b', 'a/b/c', './a', 'a/../b@x', 'a/b@../x'])
    assert.equal(parseRepo(name), null, name);
});
