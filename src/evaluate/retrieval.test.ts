// Two-stage evaluation against a twin that scores every pair alone and ranks by hand.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import { captionsOf, type MediaSet } from '../data/items/index.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData, toyEntries } from '../node/toy.test-support.js';
import { createMatcher, createMediaEncoder, createTextEncoder } from '../predict/programs/index.js';
import type { Ready } from '../predict/programs/load.js';
import { assertClose, awake } from '../predict/programs/toy.test-support.js';
import {
  candidates,
  evaluateRetrieval,
  figuresOfWays,
  headlineOf,
  type RetrievalEvaluation,
  type RetrievalScores,
  rerankingOf,
  type Ways,
} from './index.js';

const folder = temporaryFolder();

/** A set, and what is known of each of its pairs from looking at it alone. */
interface Known {
  readonly ready: Ready;
  readonly frames: number | null;
  readonly set: MediaSet;
  /** The item of each text. */
  readonly owner: Int32Array;
  /** [items][texts] */
  readonly similarity: readonly (readonly number[])[];
  readonly logits: readonly (readonly number[])[];
}
/** Sixteen images, seventeen captions: the first image has two. */
let images: Known;
/** Twelve clips, a caption each; their frames are weighed. */
let clips: Known;

before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  const data = await toyData(
    join(folder, 'data'),
    toyEntries.map((entry) => ({ ...entry, split: 'test' })),
  );
  const set = (await openDataset(data, { seed: 1 })).splits.test;
  images = await known(await awake(backbone, { task: 'retrieval', frames: null }), set, null);
  clips = await known(await awake(backbone, { task: 'retrieval', frames: 2 }), toyClipSet(), 2);
});

async function known(ready: Ready, set: MediaSet, frames: number | null): Promise<Known> {
  const { model, codec } = ready;
  const { captions, textToMedia: owner } = captionsOf(set);
  const encoder = await createMediaEncoder(model, { ...ready, frames, batch: 1 });
  const texts = await createTextEncoder(model, { codec, batch: 1 });
  const matcher = await createMatcher(model, { frames, batch: 1, pairs: 1, maxTokens: codec.maxTokens });
  const { features, tokens } = await encoder.encode(set);
  const P = model.config.projection;
  const similarity: number[][] = set.items.map(() => []);
  const logits: number[][] = set.items.map(() => []);
  for (const caption of captions) {
    const feature = await texts.features([caption]);
    for (const media of set.items.keys()) {
      const dot = feature.reduce((sum, x, k) => sum + x * (features[media * P + k] as number), 0);
      similarity[media]?.push(dot);
      const sources = { tokens, features: feature, ...codec.captions([caption]) };
      logits[media]?.push(...(await matcher.scores([{ media, text: 0 }], sources)).logits);
    }
  }
  await Promise.all([encoder, texts, matcher].map((program) => program.release()));
  return { ready, frames, set, owner, similarity, logits };
}

const evaluate = ({ ready, set, frames }: Known, rerank: number, similarityWeight = 0, batch = 5) =>
  evaluateRetrieval(ready.model, set, { ...ready, frames, batch, rerank, similarityWeight });

/** The rank from 1 of the best right answer: first the best k by similarity, by matching; then the others by similarity. */
function rankByHand(first: readonly number[], second: readonly number[], right: readonly number[], k: number): number {
  const order = [...first.keys()].sort((a, b) => (first[b] as number) - (first[a] as number));
  const head = order.slice(0, k).sort((a, b) => (second[b] as number) - (second[a] as number));
  const ranked = [...head, ...order.slice(k)];
  const foundRight = ranked.filter((i) => right.includes(i));
  return ranked.filter((i) => !right.includes(i) || i === foundRight[0]).indexOf(foundRight[0] as number) + 1;
}

function twin({ set, owner, similarity, logits }: Known, k: number, weight: number) {
  const column = (matrix: readonly (readonly number[])[], text: number) => matrix.map((row) => row[text] as number);
  const score = logits.map((row, i) => row.map((logit, j) => logit + weight * (similarity[i]?.[j] as number)));
  const texts = [...owner.keys()];
  return {
    textToMedia: summary(
      texts.map((text) => rankByHand(column(similarity, text), column(score, text), [owner[text] as number], k)),
    ),
    mediaToText: summary(
      set.items.map((_, media) =>
        rankByHand(
          similarity[media] as number[],
          score[media] as number[],
          texts.filter((text) => owner[text] === media),
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

/** Every figure has its n, lies in its interval, and stands beside chance. */
function assertStanding(
  standing: RetrievalScores['standing'],
  n: Readonly<Record<keyof Ways, number>>,
  ways: ReturnType<typeof twin>,
): void {
  for (const [name, value] of figuresOfWays(ways)) {
    const own = standing?.[name] ?? assert.fail(name);
    assert.equal(own.n, n[name.split(' ')[0] as keyof Ways]);
    assert.ok(own.interval[0] <= value && value <= own.interval[1], `${name}: ${value} in ${own.interval}`);
    assert.ok((own.baselines.chance as number) > 0);
  }
}

test('where it is left open, the stage is taken that was better on validation, or the one that is better here', async () => {
  const both = async (decide: NonNullable<RetrievalEvaluation['decide']>) =>
    (
      await evaluateRetrieval(images.ready.model, images.set, {
        ...images.ready,
        frames: null,
        rerank: 128,
        similarityWeight: 0,
        decide,
      })
    ).scores;
  const stages = { firstStage: 50, reranked: 49, items: 8 };
  const off = await both(() => rerankingOf('auto', { by: 'validation', stages }));
  assert.deepEqual(off.textToMedia, off.firstStage.textToMedia);
  assert.deepEqual(off.reranking, { isOn: false, by: 'validation', stages });
  const on = await both(() => rerankingOf('auto', { by: 'validation', stages: { ...stages, reranked: 50 } }));
  assert.deepEqual(on.textToMedia, on.secondStage?.textToMedia);
  const own = await both((stages) => rerankingOf('auto', stages && { by: 'validation', stages }));
  assert.equal(headlineOf(own), Math.max(own.reranking?.stages?.firstStage ?? 0, own.reranking?.stages?.reranked ?? 0));
  assert.deepEqual(rerankingOf(0, { by: 'validation', stages }), { isOn: false, by: 'recipe' });
  assert.deepEqual(rerankingOf('auto', null), { isOn: true, by: 'default' });
});

for (const k of [0, 1, 3, 16, 128])
  for (const weight of [0, 5])
    test(`the scores are those of single pairs ranked by hand, with k = ${k} and β = ${weight}`, async () => {
      const { scores } = await evaluate(images, k, weight);
      const { textToMedia, mediaToText, firstStage, secondStage, reranking, standing, ...counts } = scores;
      assert.deepEqual({ textToMedia, mediaToText }, twin(images, k, weight));
      assert.deepEqual(firstStage, twin(images, 0, 0));
      assert.deepEqual(secondStage, k === 0 ? null : twin(images, k, weight));
      assert.deepEqual(reranking, { isOn: k > 0, by: 'recipe' });
      assertStanding(standing, { textToMedia: 17, mediaToText: 16 }, twin(images, k, weight));
      assert.deepEqual(counts, { task: 'retrieval', items: 16, texts: 17, frames: null, frameAware: false });
    });

for (const k of [0, 3, 128])
  test(`the scores of clips are those of single pairs, their frames weighed, with k = ${k}`, async () => {
    const { scores } = await evaluate(clips, k, 2);
    const { textToMedia, mediaToText, secondStage: _, reranking: __, standing, ...rest } = scores;
    assertStanding(standing, { textToMedia: 12, mediaToText: 12 }, twin(clips, k, 2));
    assert.deepEqual({ textToMedia, mediaToText }, twin(clips, k, 2));
    const counts = { task: 'retrieval', items: 12, texts: 12, frames: 2, frameAware: true };
    assert.deepEqual(rest, { ...counts, firstStage: twin(clips, 0, 0) });
  });

test('re-scoring changes the ranking of these toys, so that the twin can fail', () => {
  for (const toy of [images, clips]) {
    const summaries = [twin(toy, 0, 0), twin(toy, 3, 0), twin(toy, 128, 0), twin(toy, 128, 5)];
    assert.equal(new Set(summaries.map((ways) => JSON.stringify(ways))).size, summaries.length);
  }
});

test('items outside a text’s best k stay below them, in their order', async () => {
  const { set, owner, similarity } = images;
  const sim = (media: number, text: number) => similarity[media]?.[text] as number;
  const { ranking } = await evaluate(images, 3);
  for (const text of owner.keys()) {
    const scores = set.items.map((_, media) => ranking[media * owner.length + text] as number);
    const order = set.items.map((_, media) => media).sort((a, b) => sim(b, text) - sim(a, text));
    const lowestKept = Math.min(...order.slice(0, 3).map((media) => scores[media] as number));
    const rest = order.slice(3).map((media) => scores[media] as number);
    assert.ok((rest[0] as number) < lowestKept);
    for (const [i, score] of rest.entries()) if (i > 0) assert.ok(score < (rest[i - 1] as number), `${rest}`);
  }
});

test('how many pictures are encoded at once does not change the scores', async () => {
  for (const toy of [images, clips])
    for (const rerank of [0, 128]) {
      const [one, ...others] = await Promise.all([1, 7, 100].map((batch) => evaluate(toy, rerank, 0, batch)));
      for (const { ranking } of others) for (const [i, x] of ranking.entries()) assertClose(x, one?.ranking[i], 1e-5);
    }
});

test('candidates are the best k both ways, each pair once', () => {
  const matrix = Float32Array.of(0.9, 0.1, 0.2, 0.3, 0.8, 0.7); // two items, three texts
  const { pairs, ofMedia, ofText } = candidates(matrix, 2, 3, 1);
  assert.deepEqual(pairs, [
    { media: 0, text: 0 },
    { media: 1, text: 1 },
    { media: 1, text: 2 },
  ]);
  assert.deepEqual([...ofMedia], [1, 1, 0]);
  assert.deepEqual([...ofText], [1, 1, 1]);
});

test('progress counts items, captions and pairs, up to all of them', async () => {
  const seen: (readonly [number, number])[] = [];
  const { ready, set } = images;
  await evaluateRetrieval(ready.model, set, {
    ...ready,
    ...{ frames: null, batch: 5, rerank: 2, similarityWeight: 0 },
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
