// Search in an index, with a model whose scores are known, against what comparing with everything gives.

import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { refusal, temporaryFolder } from '../node/toy.test-support.js';
import { openStore } from '../node/vectors/open-store.js';
import { indexLibrary } from './build.js';
import { fakeEngine, logitFor, vectorFor } from './engine.test-support.js';
import { itemId, scanLibrary } from './scan.js';
import { type LibraryHit, type LibraryResult, type LibrarySearch, type SearchTools, searchLibrary } from './search.js';
import type { VectorStore } from './types.js';

const root = temporaryFolder();
const folder = join(root, 'library');
const unmatched = join(root, 'unmatched');
const weighted = join(root, 'weighted');
const NAMES = Array.from({ length: 30 }, (_, i) => `${i % 2 ? 'odd' : 'even'}/${i}.png`);
const signal = new AbortController().signal;
let store: VectorStore;
let library: { readonly name: string; readonly root: string };
before(async () => {
  store = await openStore(join(root, 'store'));
  await mkdir(join(folder, 'odd'), { recursive: true });
  await mkdir(join(folder, 'even'));
  for (const name of NAMES) {
    await writeFile(join(folder, name), name);
    await writeFile(join(folder, name.replace('.png', '.txt')), `caption of ${name}`);
  }
  await writeFile(join(root, 'query.png'), 'a query');
  for (const [adapter, retrieval] of [
    [unmatched, { matching: 0 }],
    [weighted, { similarityWeight: 20 }],
  ] as const) {
    await mkdir(adapter);
    await writeFile(join(adapter, 'adapter.json'), JSON.stringify({ recipe: { data: { path: 'x' }, retrieval } }));
  }
  for (const adapter of [null, unmatched, weighted])
    for await (const _ of indexLibrary({ name: 'photos', folder }, { engine: fakeEngine(), store, adapter, signal }));
  library = { name: 'photos', root: (await scanLibrary(folder)).root };
});
after(() => store.close());

const TEXT = 'a green square';
const plain: LibrarySearch = {
  ...{ query: { text: TEXT }, find: 'media', filter: {}, limit: 10, offset: 0, rerank: 0, exact: false },
};

async function stages(change: Partial<LibrarySearch> = {}, tools: Partial<SearchTools> = {}): Promise<LibraryResult[]> {
  const results: LibraryResult[] = [];
  const all = { engine: fakeEngine(), store, adapter: null, backbone: 'tiny', signal, ...tools };
  for await (const result of searchLibrary(library, { ...plain, ...change }, all)) results.push(result);
  return results;
}
const final = async (...given: Parameters<typeof stages>) => (await stages(...given)).at(-1) as LibraryResult;

const cosine = (a: string, b: string): number =>
  vectorFor(a).reduce((sum, x, i) => sum + x * (vectorFor(b)[i] as number), 0);
/** Names by similarity to what a query says. */
const nearest = (said: string, prefix = ''): string[] =>
  [...NAMES].sort((a, b) => cosine(prefix + b, said) - cosine(prefix + a, said));
const pathsOf = (hits: readonly LibraryHit[]) => hits.map(({ path }) => path);
const nameOf = (path: string) => path.split('/').at(-1) as string;

test('a text finds the nearest media; there is one stage where nothing is re-ranked', async () => {
  const [result, ...more] = await stages();
  assert.equal(more.length, 0);
  assert.deepEqual([result?.stage, result?.searched, result?.reranked], ['final', 30, 0]);
  const hits = result?.hits ?? [];
  assert.deepEqual(pathsOf(hits), nearest(TEXT).slice(0, 10));
  for (const [i, { rank, firstRank, match, probability, similarity, path }] of hits.entries()) {
    assert.deepEqual([rank, firstRank, match, probability], [i + 1, i + 1, null, null]);
    assert.ok(Math.abs(similarity - cosine(TEXT, path)) < 1e-5);
  }
});

test('the nearest are re-ranked as one block, the others follow; the first stage comes before', async () => {
  const [first, second] = await stages({ rerank: 6 });
  assert.deepEqual([first?.stage, second?.stage, second?.reranked], ['first', 'final', 6]);
  const order = nearest(TEXT);
  assert.deepEqual(pathsOf(first?.hits ?? []), order.slice(0, 10));
  const logit = (path: string) => logitFor(TEXT, nameOf(path));
  const block = order.slice(0, 6).sort((a, b) => logit(b) - logit(a));
  const hits = second?.hits ?? [];
  assert.deepEqual(pathsOf(hits), [...block, ...order.slice(6, 10)]);
  for (const [i, hit] of hits.entries()) {
    assert.deepEqual([hit.rank, hit.firstRank], [i + 1, order.indexOf(hit.path) + 1]);
    if (i >= 6) assert.deepEqual([hit.match, hit.probability, hit.frameWeights], [null, null, undefined]);
    else {
      assert.equal(hit.match, logit(hit.path));
      assert.ok(Math.abs((hit.probability ?? 0) - 1 / (1 + Math.exp(-logit(hit.path)))) < 1e-12);
      assert.deepEqual(hit.frameWeights, [0.5, 1.5]);
    }
  }
});

test('pages put together are the whole, re-ranked or not, whatever their size', async () => {
  for (const rerank of [0, 7, 100]) {
    const whole = (await final({ limit: 100, rerank })).hits;
    assert.equal(whole.length, 30);
    for (const limit of [3, 8]) {
      const pages: LibraryHit[] = [];
      for (let offset = 0; offset < 30; offset += limit) pages.push(...(await final({ limit, offset, rerank })).hits);
      const facts = (hits: readonly LibraryHit[]) => hits.map(({ id, rank, firstRank }) => [id, rank, firstRank]);
      assert.deepEqual(facts(pages), facts(whole));
    }
  }
});

test('an adapter whose matching head was never trained is not asked, and one may weigh similarity in', async () => {
  const [only, ...more] = await stages({ rerank: 6 }, { adapter: unmatched });
  assert.deepEqual([only?.stage, only?.reranked, more.length], ['final', 0, 0]);
  const order = nearest(TEXT);
  const score = (path: string) => logitFor(TEXT, nameOf(path)) + 20 * cosine(TEXT, path);
  const block = order.slice(0, 6).sort((a, b) => score(b) - score(a));
  assert.deepEqual(pathsOf((await final({ rerank: 6, limit: 6 }, { adapter: weighted })).hits), block);
});

test('filters hold', async () => {
  const odd = nearest(TEXT).filter((name) => name.startsWith('odd/'));
  const { hits, searched } = await final({ filter: { folder: 'odd' }, limit: 100 });
  assert.deepEqual([pathsOf(hits), searched], [odd, 30]);
  assert.deepEqual((await final({ filter: { kind: 'video' } })).hits, []);
  assert.deepEqual((await final({ filter: { until: 1 } })).hits, []);
});

test('a picture finds captions, with a second stage, and other pictures, without', async () => {
  const query = { file: join(root, 'query.png') };
  const captions = await final({ query, find: 'captions', rerank: 5, limit: 5 });
  const block = nearest('a query', 'caption of ').slice(0, 5);
  const logit = (name: string) => logitFor(`caption of ${name}`, 'query.png');
  assert.deepEqual(
    pathsOf(captions.hits),
    block.sort((a, b) => logit(b) - logit(a)),
  );
  assert.deepEqual(captions.hits[0]?.text, `caption of ${block[0]}`);
  assert.deepEqual([captions.searched, captions.reranked], [30, 5]);
  const media = await final({ query, rerank: 5 });
  assert.deepEqual([pathsOf(media.hits), media.reranked], [nearest('a query').slice(0, 10), 0]);
});

test('a file of the library is searched with by the embedding that the index has', async () => {
  const engine = fakeEngine();
  const path = 'odd/3.png';
  const { hits } = await final({ query: { item: itemId(path), path } }, { engine });
  assert.deepEqual([pathsOf(hits), engine.embedded], [nearest(path).slice(0, 10), []]);
  assert.ok(Math.abs((hits[0]?.similarity ?? 0) - 1) < 1e-5);
  const other = await final({ query: { item: 'nobody', path } }, { engine });
  assert.deepEqual([pathsOf(other.hits), engine.embedded], [pathsOf(hits), ['3.png']]);
});

for (const [what, harm] of [
  ['went away', rm],
  ['broke', (file: string) => writeFile(file, 'broken')],
] as const)
  test(`a file that ${what} since is found, but not matched, and spoils no other`, async () => {
    const [path = ''] = nearest(TEXT);
    await harm(join(folder, path));
    try {
      const { hits } = await final({ rerank: 6, limit: 6 });
      assert.deepEqual([hits.at(-1)?.path, hits.at(-1)?.match], [path, null]);
      assert.ok(hits.slice(0, -1).every(({ match }) => match !== null));
    } finally {
      await writeFile(join(folder, path), path);
    }
  });

test('a query that cannot be read, and a library without an index, are refused', async () => {
  await writeFile(join(root, 'broken.png'), 'broken');
  const unreadable = await refusal(stages({ query: { file: join(root, 'broken.png') } }));
  assert.match(unreadable.message, /broken\.png: is broken/);
  const missing = await refusal(stages({}, { engine: fakeEngine('other') }));
  assert.equal(missing.code, 'missing');
});
