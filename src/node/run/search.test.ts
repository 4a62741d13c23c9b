// Search: every hit against scores of single pairs.

import assert from 'node:assert/strict';
import { copyFile, mkdir, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, test } from 'node:test';
import { createEncoder, createMatcher } from '../../model/index.js';
import { openManifest } from '../data/dataset.js';
import { refusal, runToy, temporaryFolder, toyBackbone, toyData, toyEntries, toyRecipe } from '../toy.test-support.js';
import { loadTrained } from './load.js';
import { openSearch } from './run.js';

const folder = temporaryFolder();
const adapter = join(folder, 'run', 'adapter');
const text = 'a green square on pink';
let backbone: string;
/** Twenty images: the toy's, and four of them once more. */
let images: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = await toyData(join(folder, 'data'));
  const recipe = toyRecipe(backbone, images, ['train.epochs=2', 'optimiser.learningRate=0.01']);
  await runToy(recipe, join(folder, 'run'));
  await mkdir(join(images, 'more'));
  for (const { image } of toyEntries.slice(0, 4)) await copyFile(join(images, image), join(images, 'more', image));
});

/** Similarity and matching logit of each of the toy's images, one at a time. */
async function scoresOf(from: string | null): Promise<Map<string, { similarity: number; match: number }>> {
  const ready = await loadTrained(from, backbone);
  const { splits } = await openManifest(images, { seed: 1 });
  const encoder = await createEncoder(ready.model, { ...ready, batch: 1 });
  const matcher = await createMatcher(ready.model, { images: 1, pairs: 1 });
  const query = await encoder.texts([text]);
  const scores = new Map<string, { similarity: number; match: number }>();
  for (const set of Object.values(splits)) {
    const { features, tokens } = await encoder.images(set);
    for (const [image, item] of set.items.entries()) {
      const similarity = query.reduce((sum, x, i) => sum + x * (features[image * query.length + i] as number), 0);
      const [match] = await matcher.scores([{ image, text: 0 }], { tokens, ...ready.encode([text]) });
      scores.set(item.image, { similarity, match: match as number });
    }
  }
  await encoder.release();
  await matcher.release();
  return scores;
}

for (const [name, from] of [
  ['an adapter', adapter],
  ['the backbone alone', null],
] as const)
  test(`with ${name}, the best sixteen by similarity are ranked by matching`, async () => {
    const scores = await scoresOf(from);
    const progress: (readonly [number, number])[] = [];
    const search = await openSearch({
      ...{ adapter: from, images },
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
      const expected = scores.get(basename(hit.image)) ?? assert.fail(hit.image);
      assert.ok(Math.abs(hit.similarity - expected.similarity) < 1e-5);
      assert.ok(Math.abs(hit.match - expected.match) < 1e-4);
      assert.ok(i === 0 || hit.match <= (hits[i - 1]?.match as number));
    }
    const bySimilarity = [...hits].sort((a, b) => a.firstStageRank - b.firstStageRank);
    for (const [i, hit] of bySimilarity.entries())
      assert.ok(i === 0 || hit.similarity <= (bySimilarity[i - 1]?.similarity as number));
    const left = [...scores.values()].map(({ similarity }) => similarity).sort((a, b) => b - a);
    assert.ok((bySimilarity.at(-1)?.similarity as number) >= (left.at(-1) as number) - 1e-6);
  });

test('a search gives as many hits as asked for, at most one per image; the first ones do not depend on it', async () => {
  const search = await openSearch({ adapter, images, onProgress: () => {} });
  const five = await search.search(text, 5);
  assert.equal(five.length, 5);
  assert.deepEqual((await search.search(text, 16)).slice(0, 5), five);
  const all = await search.search(text, 100);
  assert.equal(all.length, 20);
  assert.equal(new Set(all.map(({ image }) => image)).size, 20);
  const other = await search.search('red on black', 5);
  assert.notDeepEqual(other, five);
  assert.deepEqual(await search.search(text, 5), five, 'searches do not change each other');
  await search.close();
});

test('a list of files is searched in the order that the scores give, one file too', async () => {
  const files = ['red-black.png', 'green-pink.png'].map((name) => join(images, name));
  const search = await openSearch({ adapter, images: files, onProgress: () => {} });
  assert.deepEqual((await search.search(text, 9)).map(({ image }) => image).sort(), [...files].sort());
  await search.close();
  const one = await openSearch({ adapter, images: files[0] as string, onProgress: () => {} });
  assert.deepEqual(
    (await one.search(text, 9)).map(({ image }) => image),
    [files[0]],
  );
  await one.close();
});

test('folders without images, and folders that are not there are refused by name', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await writeFile(join(empty, 'a.txt'), '');
  const attempt = (images: string) => refusal(openSearch({ adapter, images, onProgress: () => {} }));
  assert.match((await attempt(empty)).message, /empty: holds no images: expected \.jpg, /);
  assert.match((await attempt(join(folder, 'nowhere'))).message, /nowhere: cannot be opened: got ENOENT/);
});

test('a broken image is told of and never found; a library of nothing else is refused', async () => {
  const broken = await toyData(join(folder, 'broken'));
  await truncate(join(broken, 'red-grey.png'), 90);
  const search = await openSearch({ adapter, images: broken, onProgress: () => {} });
  assert.deepEqual(
    search.unreadable.map(({ image, problem }) => [basename(image), problem]),
    [['red-grey.png', 'cannot be decoded']],
  );
  const hits = await search.search('a red square', 1000);
  assert.ok(hits.length > 5);
  assert.ok(!hits.some(({ image }) => image.endsWith('red-grey.png')));
  await search.close();
  const images = [join(broken, 'red-grey.png')];
  const { code, message } = await refusal(openSearch({ adapter, images, onProgress: () => {} }));
  assert.equal(code, 'data');
  assert.match(message, /not one image can be read: got cannot be decoded/);
});
