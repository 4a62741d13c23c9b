// Two-stage evaluation against a twin that scores every pair alone and ranks by hand.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { captionsOf, type RetrievalSet } from '../data/index.js';
import { createEncoder, createMatcher } from '../model/index.js';
import { openManifest } from '../node/data/dataset.js';
import { loadTrained, type Ready } from '../node/run/load.js';
import { temporaryFolder, toyBackbone, toyData, toyEntries } from '../node/toy.test-support.js';
import { candidates, evaluateRetrieval } from './index.js';

const folder = temporaryFolder();
let ready: Ready;
/** Sixteen images, seventeen captions: the first image has two. */
let set: RetrievalSet;
let owner: Int32Array;
/** [images][texts], each pair alone. */
let similarity: number[][];
let logits: number[][];

before(async () => {
  ready = await loadTrained(null, await toyBackbone(join(folder, 'backbone')));
  const data = await toyData(
    join(folder, 'data'),
    toyEntries.map((entry) => ({ ...entry, split: 'test' })),
  );
  set = (await openManifest(data, { seed: 1 })).splits.test;
  const { captions, textToMedia } = captionsOf(set);
  owner = textToMedia;
  const encoder = await createEncoder(ready.model, { ...ready, batch: 1 });
  const matcher = await createMatcher(ready.model, { images: 1, pairs: 1 });
  const { features, tokens } = await encoder.images(set);
  const texts = await encoder.texts(captions);
  const P = ready.model.config.projection;
  const indices = [...captions.keys()];
  const dot = (image: number, text: number) => {
    let sum = 0;
    for (let k = 0; k < P; k++) sum += (features[image * P + k] as number) * (texts[text * P + k] as number);
    return sum;
  };
  similarity = set.items.map((_, image) => indices.map((text) => dot(image, text)));
  logits = await Promise.all(
    set.items.map((_, image) =>
      Promise.all(
        indices.map(async (text) => {
          const { ids, mask } = ready.encode([captions[text] as string]);
          const [logit] = await matcher.scores([{ image, text: 0 }], { tokens, ids, mask });
          return logit as number;
        }),
      ),
    ),
  );
  await encoder.release();
  await matcher.release();
});

const evaluate = (rerank: number, similarityWeight = 0, batch = 5) =>
  evaluateRetrieval(ready.model, set, { ...ready, batch, rerank, similarityWeight });

/** The rank from 1 of the best right answer: first the best k by similarity, by matching; then the others by similarity. */
function rankByHand(first: readonly number[], second: readonly number[], right: readonly number[], k: number): number {
  const order = [...first.keys()].sort((a, b) => (first[b] as number) - (first[a] as number));
  const head = order.slice(0, k).sort((a, b) => (second[b] as number) - (second[a] as number));
  const ranked = [...head, ...order.slice(k)];
  const foundRight = ranked.filter((i) => right.includes(i));
  return ranked.filter((i) => !right.includes(i) || i === foundRight[0]).indexOf(foundRight[0] as number) + 1;
}

function twin(k: number, weight: number) {
  const column = (matrix: readonly (readonly number[])[], text: number) => matrix.map((row) => row[text] as number);
  const score = logits.map((row, i) => row.map((logit, j) => logit + weight * (similarity[i]?.[j] as number)));
  const texts = [...owner.keys()];
  return {
    textToMedia: summary(
      texts.map((text) => rankByHand(column(similarity, text), column(score, text), [owner[text] as number], k)),
    ),
    mediaToText: summary(
      set.items.map((_, image) =>
        rankByHand(
          similarity[image] as number[],
          score[image] as number[],
          texts.filter((text) => owner[text] === image),
          k,
        ),
      ),
    ),
  };
}

function summary(ranks: readonly number[]) {
  const sorted = [...ranks].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const within = (k: number) => (100 * ranks.filter((rank) => rank <= k).length) / ranks.length;
  return {
    ...{ 'R@1': within(1), 'R@5': within(5), 'R@10': within(10) },
    medianRank: ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2,
    meanRank: ranks.reduce((a, b) => a + b, 0) / ranks.length,
  };
}

for (const k of [0, 1, 3, 16, 128])
  for (const weight of [0, 5])
    test(`the scores are those of single pairs ranked by hand, with k = ${k} and β = ${weight}`, async () => {
      const { scores } = await evaluate(k, weight);
      const { textToMedia, mediaToText, firstStage, ...counts } = scores;
      assert.deepEqual({ textToMedia, mediaToText }, twin(k, weight));
      assert.deepEqual(firstStage, twin(0, 0));
      assert.deepEqual(counts, { images: 16, texts: 17 });
    });

test('re-scoring changes the ranking of this toy, so that the twin can fail', () => {
  const summaries = [twin(0, 0), twin(3, 0), twin(128, 0), twin(128, 5)].map((ways) => JSON.stringify(ways));
  assert.equal(new Set(summaries).size, summaries.length);
});

test('images outside a text’s best k stay below them, in their order', async () => {
  const { ranking } = await evaluate(3);
  for (const text of owner.keys()) {
    const scores = set.items.map((_, image) => ranking[image * owner.length + text] as number);
    const order = set.items.map((_, image) => image).sort((a, b) => sim(b, text) - sim(a, text));
    const lowestKept = Math.min(...order.slice(0, 3).map((image) => scores[image] as number));
    const rest = order.slice(3).map((image) => scores[image] as number);
    assert.ok((rest[0] as number) < lowestKept);
    for (const [i, score] of rest.entries()) if (i > 0) assert.ok(score < (rest[i - 1] as number), `${rest}`);
  }
});
const sim = (image: number, text: number) => similarity[image]?.[text] as number;

test('how many images and captions are encoded at once does not change the scores', async () => {
  const [one, several, all] = await Promise.all([1, 7, 100].map((batch) => evaluate(128, 0, batch)));
  for (const other of [several, all])
    for (const [i, x] of other?.ranking.entries() ?? assert.fail())
      assert.ok(Math.abs(x - (one?.ranking[i] as number)) < 1e-5 * Math.max(1, Math.abs(x)));
});

test('candidates are the best k both ways, each pair once', () => {
  const matrix = Float32Array.of(0.9, 0.1, 0.2, 0.3, 0.8, 0.7); // two images, three texts
  const { pairs, ofImage, ofText } = candidates(matrix, 2, 3, 1);
  assert.deepEqual(pairs, [
    { image: 0, text: 0 },
    { image: 1, text: 1 },
    { image: 1, text: 2 },
  ]);
  assert.deepEqual([...ofImage], [1, 1, 0]);
  assert.deepEqual([...ofText], [1, 1, 1]);
});

test('progress counts images, captions and pairs, up to all of them', async () => {
  const seen: (readonly [number, number])[] = [];
  await evaluateRetrieval(ready.model, set, {
    ...ready,
    ...{ batch: 5, rerank: 2, similarityWeight: 0 },
    onProgress: (done, all) => seen.push([done, all]),
  });
  const done = seen.map(([done]) => done);
  assert.deepEqual(
    done,
    [...done].sort((a, b) => a - b),
  );
  const [last, all] = seen.at(-1) ?? assert.fail();
  assert.equal(last, all);
  assert.ok(all > 33);
});
