// Pushing to and pulling from a hub that is not there: a server on this machine that keeps what is pushed as the real one
// does (repositories, preupload, git-lfs, commits of lines of JSON), and can refuse or break off.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { parse } from 'yaml';
import { refusal, runToy, temporaryFolder, toyBackbone, toyData, toyRecipe } from '../node/toy.test-support.js';
import { push as pushRun } from '../verbs/api.js';
import { evaluateRun } from '../verbs/run.js';
import { pull } from './pull.js';
import { push } from './push.js';
import { openAdapter } from './store/adapter-folder.js';
import { adapterFolder } from './store/adapter-name.js';

const folder = temporaryFolder();
const TOKEN = 'hf_secretOfTheTest';
const REPO = 'me/red-squares';

/** What the server has, and how it behaves. */
const hub = {
  repos: new Map<string, Map<string, Buffer>>(),
  objects: new Map<string, Buffer>(),
  requests: [] as string[],
  visibility: null as string | null,
  /** Status of requests whose address has this in it. */
  refuse: null as { readonly at: string; readonly status: number } | null,
  breakAt: '',
};

const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
let address = '';
let adapter = '';
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const backbone = await toyBackbone(join(folder, 'backbone'));
  await runToy(toyRecipe(backbone, await toyData(join(folder, 'data'))), join(folder, 'run'));
  adapter = join(folder, 'run', 'adapter');
});
after(() => server.close());

let caches = 0;
beforeEach(() => {
  const cache = join(folder, `cache-${caches++}`);
  for (const name of ['HF_HOME', 'HF_TOKEN_PATH', 'HF_HUB_CACHE']) delete process.env[name];
  Object.assign(process.env, { HF_ENDPOINT: address, HF_TOKEN: TOKEN, XDG_CACHE_HOME: cache });
  Object.assign(hub, {
    repos: new Map(),
    objects: new Map(),
    requests: [],
    visibility: null,
    refuse: null,
    breakAt: '',
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '', method = '', headers } = request;
  hub.requests.push(`${method} ${url}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const reply = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  if (hub.breakAt && url.includes(hub.breakAt)) return void response.destroy();
  if (hub.refuse && url.includes(hub.refuse.at))
    return void reply(hub.refuse.status, { error: `no: ${headers.authorization}` });
  if (url.startsWith('/storage/')) {
    assert.equal(headers.authorization, undefined, 'the token is the hub’s alone');
    hub.objects.set(url.slice('/storage/'.length), body);
    return void response.end();
  }
  if (headers.authorization !== `Bearer ${TOKEN}`) return void reply(401, { error: 'Invalid credentials' });
  if (url === '/api/repos/create') return void create(JSON.parse(body.toString()), reply);
  const files = hub.repos.get(REPO);
  if (!files) return void reply(404, { error: 'Repository not found' });
  if (url === `/api/models/${REPO}/preupload/main`) {
    const { files } = JSON.parse(body.toString()) as { files: { path: string }[] };
    const mode = (path: string) => (path.endsWith('.safetensors') ? 'lfs' : 'regular');
    return void reply(200, { files: files.map(({ path }) => ({ path, uploadMode: mode(path), shouldIgnore: false })) });
  }
  if (url === `/${REPO}.git/info/lfs/objects/batch`) {
    const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
    const upload = ({ oid }: { oid: string }) => ({ upload: { href: `${address}/storage/${oid}` } });
    const asked = objects.map((o) => ({ ...o, ...(!hub.objects.has(o.oid) && { actions: upload(o) }) }));
    return void reply(200, { transfer: 'basic', objects: asked });
  }
  if (url === `/api/models/${REPO}/commit/main`) {
    for (const line of body.toString().split('\n')) commit(files, JSON.parse(line));
    return void reply(200, { commitOid: 'd'.repeat(40), commitUrl: `${address}/${REPO}/commit/d`, hookOutput: '' });
  }
  if (url === `/api/models/${REPO}/revision/main`)
    return void reply(200, { sha: 'd'.repeat(40), siblings: [...files.keys()].map((rfilename) => ({ rfilename })) });
  const content = files.get(url.replace(`/${REPO}/resolve/${'d'.repeat(40)}/`, ''));
  if (!content) return void reply(404, { error: 'Entry not found' });
  const etag = createHash('sha256').update(content).digest('hex');
  response.writeHead(200, { 'content-length': content.length, etag: `"${etag}"` });
  response.end(method === 'HEAD' ? undefined : content);
}

function create(
  { name, organization, visibility = null }: { name: string; organization: string; visibility?: string | null },
  reply: (status: number, value: unknown) => void,
): void {
  const id = `${organization}/${name}`;
  if (hub.repos.has(id)) {
    reply(409, { error: 'You already created this model repo' });
    return;
  }
  hub.visibility = visibility;
  hub.repos.set(id, new Map());
  reply(200, { url: `${address}/${id}`, id });
}

interface Line {
  readonly key: string;
  readonly value: { readonly path: string; readonly content: string; readonly oid: string };
}

function commit(files: Map<string, Buffer>, { key, value }: Line): void {
  if (key === 'file') files.set(value.path, Buffer.from(value.content, 'base64'));
  if (key === 'lfsFile')
    files.set(value.path, hub.objects.get(value.oid) ?? assert.fail('an object that was not sent'));
}

const quiet = () => {};
const text = (name: string) => hub.repos.get(REPO)?.get(name)?.toString() ?? '';

test('what is pushed can be pulled, and is used by its name', async () => {
  const { url, commit } = await pushRun(join(folder, 'run'), REPO);
  assert.deepEqual([url, commit, hub.visibility], [`${address}/${REPO}`, 'd'.repeat(40), null]);
  assert.match(
    (await refusal(adapterFolder(REPO))).message,
    /adapter me\/red-squares: is not in the cache.*uniadapter pull me/,
  );
  const pulled = await pull(REPO, quiet);
  assert.ok(pulled.kind === 'adapter');
  assert.deepEqual(pulled.backbone, { name: join(folder, 'backbone'), isPresent: true });
  const found = await adapterFolder(REPO);
  assert.equal(found, pulled.path);
  const own = await openAdapter(adapter);
  const data = { ...own.recipe.data, path: 'data' }; // where it is on this machine is nobody's business
  const recipe = { ...own.recipe, data };
  assert.equal(own.recipe.data.path, join(folder, 'data'));
  assert.deepEqual(
    { ...(await openAdapter(found)), folder: '' },
    { ...own, folder: '', recipe, info: { ...own.info, recipe } },
  );
  const evaluated = (adapter: string) => evaluateRun({ adapter, recipe: own.recipe, split: 'test', onProgress: quiet });
  assert.deepEqual(await evaluated(found), await evaluated(adapter));
  const asked = hub.requests.length;
  process.env.HF_ENDPOINT = 'http://127.0.0.1:1';
  assert.equal((await pull(REPO, quiet)).offline, true);
  assert.equal((await pull(`${REPO}@${'d'.repeat(40)}`, quiet)).offline, false);
  assert.equal(hub.requests.length, asked);
});

test('the card says what hubs ask for, and how to use the adapter by its name', async () => {
  await push(adapter, REPO, { isPrivate: true });
  assert.equal(hub.visibility, 'private');
  const card = text('README.md');
  const front = parse(card.split('---\n')[1] as string);
  assert.deepEqual([front.library_name, front.tags], ['uniadapter', ['adapter', 'blip', 'uniadapter', 'retrieval']]);
  assert.ok(!('base_model' in front), 'a folder is no model on a hub');
  const [{ name, results }] = front['model-index'];
  assert.equal(name, 'red-squares');
  assert.deepEqual(results[0].dataset, { type: 'manifest', name: 'data', split: 'test' });
  assert.equal(results[0].metrics[0].name, 'textToMedia R@1');
  for (const line of [
    'npx uniadapter pull me/red-squares',
    'npx uniadapter search me/red-squares "a red car on the left" --in photos',
    "const search = await openSearch('me/red-squares', { media: 'photos' });",
  ])
    assert.ok(card.split('\n').includes(line), line);
  assert.match(card, /\| Trained \| [\d,]+ of [\d,]+ parameters/);
  assert.match(card, /```yaml\ntask: retrieval\n/);
});

test('pushing again replaces what is there, and keeps a card that the user wrote', async () => {
  await push(adapter, REPO, { isPrivate: false });
  const card = join(adapter, 'README.md');
  const generated = await readFile(card, 'utf8');
  await writeFile(card, '# Mine\n');
  try {
    await push(adapter, REPO, { isPrivate: false });
    assert.equal(text('README.md'), '# Mine\n');
    assert.equal(hub.requests.filter((request) => request.startsWith('PUT')).length, 1, 'weights are sent once');
  } finally {
    await writeFile(card, generated);
  }
});

test('the token may be where hf auth login keeps it', async () => {
  delete process.env.HF_TOKEN;
  const message = (await refusal(push(adapter, REPO, { isPrivate: false }))).message;
  assert.match(message, /pushing needs a token.*begins with hf_.*settings\/tokens/);
  process.env.HF_TOKEN_PATH = join(folder, 'token');
  await writeFile(process.env.HF_TOKEN_PATH, `${TOKEN}\n`);
  await push(adapter, REPO, { isPrivate: false });
  assert.equal((await pull(REPO, quiet)).kind, 'adapter');
});

for (const [what, at, status, message] of [
  ['a token that nobody knows', '/api/repos/create', 401, /the token may not write there.*HTTP 401.*set HF_TOKEN/],
  ['a token that may only read', '/preupload/', 403, /the token may not write there.*HTTP 403.*set HF_TOKEN/],
  ['a repository that is gone', '/commit/', 404, /the hub refused.*HTTP 404.*check the name/],
  ['storage that is full', '/storage/', 507, /the hub refused.*HTTP 507/],
] as const)
  test(`${what} is said so, and the token is never told`, async () => {
    hub.refuse = { at, status };
    const error = await refusal(push(adapter, REPO, { isPrivate: false }));
    assert.match(error.message, message);
    assert.ok(!error.message.includes(TOKEN), error.message);
    assert.equal(text('adapter.json'), '', 'nothing is committed');
  });

for (const at of ['/api/repos/create', '/storage/', '/commit/'])
  test(`a connection that breaks at ${at} leaves nothing, and the same command goes on`, async () => {
    hub.breakAt = at;
    const { message } = await refusal(push(adapter, REPO, { isPrivate: false }));
    assert.match(message, /cannot be reached, or the connection broke.*run the same command again/);
    assert.equal(text('adapter.json'), '');
    hub.breakAt = '';
    await push(adapter, REPO, { isPrivate: false });
    assert.notEqual(text('adapter.json'), '');
  });

test('what is no adapter, no repository or no token is refused before anything is sent', async () => {
  assert.match(
    (await refusal(push(join(folder, 'data'), REPO, { isPrivate: false }))).message,
    /adapter\.safetensors: does not exist/,
  );
  assert.match((await refusal(push(adapter, 'red-squares', { isPrivate: false }))).message, /expected owner\/name/);
  process.env.HF_TOKEN = 'other';
  const { message } = await refusal(push(adapter, REPO, { isPrivate: false }));
  assert.match(message, /the token is none of Hugging Face’s/);
  assert.ok(!message.includes('other'));
  assert.deepEqual(hub.requests, []);
});
