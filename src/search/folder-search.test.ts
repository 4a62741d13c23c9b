// Search: every hit against scores of single pairs.

import assert from 'node:assert/strict';
import { copyFile, mkdir, rename, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import {
  refusal,
  runToy,
  temporaryFolder,
  toyBackbone,
  toyClipData,
  toyData,
  toyEntries,
  toyRecipe,
} from '../node/toy.test-support.js';
import { createMatcher, createMediaEncoder, createTextEncoder } from '../predict/programs/index.js';
import { loadTrained } from '../predict/programs/load.js';
import { assertClose } from '../predict/programs/toy.test-support.js';
import { openSearch } from '../verbs/run.js';

const folder = temporaryFolder();
const adapter = join(folder, 'run', 'adapter');
const clipAdapter = join(folder, 'clip run', 'adapter');
const text = 'a green square on pink';
let backbone: string;
/** Twenty images: the toy's, and four of them once more. */
let images: string;
let clips: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = await toyData(join(folder, 'data'));
  clips = await toyClipData(join(folder, 'clips'));
  const changes = ['train.epochs=2', 'optimiser.learningRate=0.01'];
  await runToy(toyRecipe(backbone, images, changes), join(folder, 'run'));
  await runToy(toyRecipe(backbone, clips, [...changes, 'data.frames=2']), join(folder, 'clip run'));
  await mkdir(join(images, 'more'));
  for (const { image } of toyEntries.slice(0, 4)) await copyFile(join(images, image), join(images, 'more', image));
});

interface Score {
  readonly similarity: number;
  readonly match: number;
  readonly frameWeights: readonly number[] | null;
}

/** What a model says of each of the toy's items, one at a time. */
async function scoresOf(from: string | null, path: string, frames: number | null): Promise<Map<string, Score>> {
  const { model, codec, preprocess } = await loadTrained({ adapter: from, backbone, task: 'retrieval' });
  const { splits } = await openDataset(path, { seed: 1 });
  const encoder = await createMediaEncoder(model, { preprocess, frames, batch: 1 });
  const texts = await createTextEncoder(model, { codec, batch: 1 });
  const matcher = await createMatcher(model, { frames, batch: 1, pairs: 1, maxTokens: codec.maxTokens });
  const query = await texts.features([text]);
  const scores = new Map<string, Score>();
  for (const set of Object.values(splits)) {
    const { features, tokens } = await encoder.encode(set);
    const sources = { tokens, features: query, ...codec.captions([text]) };
    for (const [media, item] of set.items.entries()) {
      const similarity = query.reduce((sum, x, i) => sum + x * (features[media * query.length + i] as number), 0);
      const { logits, frameWeights } = await matcher.scores([{ media, text: 0 }], sources);
      scores.set(item.media, {
        ...{ similarity, match: logits[0] as number },
        frameWeights: frameWeights && [...frameWeights],
      });
    }
  }
  await Promise.all([encoder.release(), texts.release(), matcher.release()]);
  return scores;
}

for (const [name, from] of [
  ['an adapter', adapter],
  ['the backbone alone', null],
] as const)
  test(`with ${name}, the best sixteen by similarity are ranked by matching`, async () => {
    const scores = await scoresOf(from, images, null);
    const progress: (readonly [number, number])[] = [];
    const search = await openSearch({
      ...{ adapter: from, media: images },
      ...(from === null && { backbone }),
      onProgress: (done, all) => progress.push([done, all]),
    });
    const hits = await search.search(text, 16);
    await search.close();
    assert.deepEqual(progress.at(-1), [20, 20]);
    assert.deepEqual(
      hits.map(({ rank }) => rank),
      Array.from({ length: 16 }, (_, i) => i + 1),
    );
    assert.deepEqual(
      hits.map(({ firstStageRank }) => firstStageRank).sort((a, b) => a - b),
      hits.map(({ rank }) => rank),
    );
    for (const [i, hit] of hits.entries()) {
      const expected = scores.get(basename(hit.path)) ?? assert.fail(hit.path);
      assertClose(hit.similarity, expected.similarity, 1e-5);
      assertClose(hit.match, expected.match);
      assert.equal(hit.frameWeights, undefined);
      assert.ok(i === 0 || hit.match <= (hits[i - 1]?.match as number));
    }
    const bySimilarity = [...hits].sort((a, b) => a.firstStageRank - b.firstStageRank);
    for (const [i, hit] of bySimilarity.entries())
      assert.ok(i === 0 || hit.similarity <= (bySimilarity[i - 1]?.similarity as number));
    const left = [...scores.values()].map(({ similarity }) => similarity).sort((a, b) => b - a);
    assert.ok((bySimilarity.at(-1)?.similarity as number) >= (left.at(-1) as number) - 1e-6);
  });

test('clips are searched with their frames weighed, as many as in training', async () => {
  const scores = await scoresOf(clipAdapter, clips, 2);
  const search = await openSearch({ adapter: clipAdapter, media: clips, onProgress: () => {} });
  const hits = await search.search(text, 12);
  await search.close();
  assert.equal(hits.length, 12);
  for (const [i, { path, similarity, match, frameWeights }] of hits.entries()) {
    const expected = scores.get(basename(path)) ?? assert.fail(path);
    assertClose(similarity, expected.similarity, 1e-5);
    assertClose(match, expected.match);
    assert.ok(i === 0 || match <= (hits[i - 1]?.match as number));
    assert.equal(frameWeights?.length, 2);
    for (const [f, weight] of frameWeights?.entries() ?? []) assertClose(weight, expected.frameWeights?.[f], 1e-5);
  }
});

test('how many frames are looked at is asked for, or as in training, or eight where there are clips', async () => {
  const framesOf = async (from: string | null, media: string, frames?: number) => {
    const asked = { adapter: from, media, backbone, ...(frames && { frames }), onProgress: () => {} };
    const search = await openSearch(asked);
    const [hit] = await search.search(text, 1);
    await search.close();
    return hit?.frameWeights?.length;
  };
  assert.equal(await framesOf(clipAdapter, clips, 3), 3);
  assert.equal(await framesOf(clipAdapter, images), 2);
  assert.equal(await framesOf(adapter, clips), undefined, 'trained on images');
  assert.equal(await framesOf(adapter, clips, 4), 4);
  assert.equal(await framesOf(null, clips), undefined, 'the backbone alone weighs no frames');
});

test('a search gives as many hits as asked for, at most one per file; the first ones do not depend on it', async () => {
  const search = await openSearch({ adapter, media: images, onProgress: () => {} });
  const five = await search.search(text, 5);
  assert.equal(five.length, 5);
  assert.deepEqual((await search.search(text, 16)).slice(0, 5), five);
  const all = await search.search(text, 100);
  assert.equal(all.length, 20);
  assert.equal(new Set(all.map(({ path }) => path)).size, 20);
  const other = await search.search('red on black', 5);
  assert.notDeepEqual(other, five);
  assert.deepEqual(await search.search(text, 5), five, 'searches do not change each other');
  await search.close();
});

test('a list of files is searched in the order that the scores give, one file too', async () => {
  const files = ['red-black.png', 'green-pink.png'].map((name) => join(images, name));
  const search = await openSearch({ adapter, media: files, onProgress: () => {} });
  assert.deepEqual((await search.search(text, 9)).map(({ path }) => path).sort(), [...files].sort());
  await search.close();
  const one = await openSearch({ adapter, media: files[0] as string, onProgress: () => {} });
  assert.deepEqual(
    (await one.search(text, 9)).map(({ path }) => path),
    [files[0]],
  );
  await one.close();
});

test('folders without images or clips, and folders that are not there are refused by name', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await writeFile(join(empty, 'a.txt'), '');
  const attempt = (images: string) => refusal(openSearch({ adapter, media: images, onProgress: () => {} }));
  assert.match((await attempt(empty)).message, /empty: holds no images or clips: expected \.jpg, /);
  assert.match((await attempt(join(folder, 'nowhere'))).message, /nowhere: cannot be opened: got ENOENT/);
});

test('a broken file is told of and never found; a library of nothing else is refused', async () => {
  const broken = await toyData(join(folder, 'broken'));
  await truncate(join(broken, 'red-grey.png'), 90);
  const search = await openSearch({ adapter, media: broken, onProgress: () => {} });
  const [unreadable, ...others] = search.unreadable;
  assert.deepEqual([unreadable?.path, others], [join(broken, 'red-grey.png'), []]);
  assert.match(unreadable?.problem ?? '', /^cannot be decoded: got .+, expected a complete JPEG/);
  const hits = await search.search('a red square', 1000);
  assert.ok(hits.length > 5);
  assert.ok(!hits.some(({ path }) => path.endsWith('red-grey.png')));
  await search.close();
  const images = [join(broken, 'red-grey.png')];
  const { code, message } = await refusal(openSearch({ adapter, media: images, onProgress: () => {} }));
  assert.equal(code, 'data');
  assert.match(message, /not one file can be read, the first because it cannot be decoded: got /);
});

test('with a cache only new files are read, whatever they are called, and the hits are the same', async () => {
  const library = await toyClipData(join(folder, 'cached clips'));
  const cache = join(folder, 'cache');
  const look = async (frames?: number) => {
    let read = 0;
    const onProgress = () => void read++;
    const search = await openSearch({
      adapter: clipAdapter,
      media: library,
      cache,
      ...(frames && { frames }),
      onProgress,
    });
    const hits = await search.search(text, 20);
    await search.close();
    return { read, hits };
  };
  const before = await look();
  assert.deepEqual([before.read, before.hits.length], [12, 12]);
  const again = await look();
  assert.equal(again.read, 0);
  for (const [i, hit] of again.hits.entries()) {
    assert.equal(hit.path, before.hits[i]?.path);
    assert.equal(hit.similarity, before.hits[i]?.similarity);
    assertClose(hit.match, before.hits[i]?.match, 1e-5);
  }
  await rename(join(library, 'red-green.gif'), join(library, 'another.gif'));
  await truncate(join(library, 'red-blue.gif'), 90);
  const { read, hits } = await look();
  assert.deepEqual([read, hits.length], [1, 11], 'the broken one is tried');
  assert.ok(hits.some(({ path }) => path.endsWith('another.gif')));
  assert.equal((await look(3)).read, 12, 'other frames give other features');
});
