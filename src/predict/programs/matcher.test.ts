// How well items and captions match, against the task's own graphs on one pair at a time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../../data/dataset/dataset.js';
import { captionsOf, type MediaSet } from '../../data/items/index.js';
import { encodeImages, match, textFeatures } from '../../model/blip/index.js';
import { fit, frameWeightsIn, imageInput, seenWeights, textInputs } from '../../model/task/model.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData } from '../../node/toy.test-support.js';
import { createMatcher, createMediaEncoder, createTextEncoder, type Pair } from './index.js';
import type { Ready } from './load.js';
import { assertClose, awake, pictureOf, programOf } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let images: MediaSet;
const clips: MediaSet = toyClipSet();
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

interface Scored {
  readonly logit: number;
  readonly weights: readonly number[] | null;
}

const allPairs = (set: MediaSet): Pair[] =>
  set.items.flatMap((_, media) => captionsOf(set).captions.map((_, text) => ({ media, text })));

/** Scores of pairs by `media text`. */
async function scored(
  ready: Ready,
  set: MediaSet,
  pairs: readonly Pair[],
  sizes: { readonly frames: number | null; readonly batch: number; readonly pairs: number },
): Promise<Map<string, Scored>> {
  const { model, codec } = ready;
  const { captions } = captionsOf(set);
  const encoder = await createMediaEncoder(model, { ...ready, ...sizes, batch: 4 });
  const texts = await createTextEncoder(model, { codec, batch: 4 });
  const matcher = await createMatcher(model, { ...sizes, maxTokens: codec.maxTokens });
  const { tokens } = await encoder.encode(set);
  const features = await texts.features(captions);
  const progress: number[] = [];
  const sources = { tokens, features, ...codec.captions(captions) };
  const { logits, frameWeights } = await matcher.scores(pairs, sources, (done) => progress.push(done));
  await Promise.all([encoder, texts, matcher].map((program) => program.release()));
  assert.equal(progress.at(-1), pairs.length);
  const F = sizes.frames ?? 1;
  return new Map(
    pairs.map(({ media, text }, i) => {
      const weights = frameWeights && [...frameWeights.subarray(i * F, (i + 1) * F)];
      return [`${media} ${text}`, { logit: logits[i] as number, weights }];
    }),
  );
}

/** The logit of a pair and the weights of its frames by the graph that trains: everything from the picture on. */
async function alone(ready: Ready, set: MediaSet, frames: number | null) {
  const { model, codec } = ready;
  const program = await programOf(model, () => {
    const blip = fit(model, model.p);
    const { tokens, frameFeatures } = encodeImages(blip, imageInput(model.config, { batch: 1, frames }));
    const texts = textInputs(1, codec.maxTokens);
    const keyWeights = seenWeights(model, textFeatures(blip, texts), frameFeatures);
    const logits = match(blip, texts, { tokens, keyWeights });
    return { logits, ...(keyWeights && { weights: frameWeightsIn(model.config, keyWeights) }) };
  });
  return {
    async score(media: number, text: number): Promise<Scored> {
      const caption = captionsOf(set).captions[text] as string;
      const image = await pictureOf(set, media, ready, frames);
      const { logits, weights } = await program.run({ ...model.weights, image, ...codec.captions([caption]) });
      return { logit: logits?.[1] as number, weights: weights ? [...(weights as Float32Array)] : null };
    },
    release: () => program.release(),
  };
}

for (const [name, frames, changes] of [
  ['images', null, []],
  ['clips whose frames are weighed', 2, []],
  ['clips whose frames are not weighed', 2, ['method.frameAware=never']],
  ['clips of one frame', 1, []],
] as const)
  test(`pairs are scored as the training graph scores them one by one: ${name}`, async () => {
    const set = frames === null ? images : clips;
    const ready = await awake(backbone, { task: 'retrieval', frames }, changes);
    const pairs = allPairs(set).filter((_, i) => i % 5 === 0);
    const found = await scored(ready, set, pairs, { frames, batch: 3, pairs: 7 });
    const oracle = await alone(ready, set, frames);
    for (const { media, text } of pairs) {
      const { logit, weights } = found.get(`${media} ${text}`) ?? assert.fail();
      const expected = await oracle.score(media, text);
      assertClose(logit, expected.logit, 1e-4);
      assert.equal(weights === null, expected.weights === null);
      for (const [f, weight] of weights?.entries() ?? []) assertClose(weight, expected.weights?.[f], 1e-5);
    }
    const isWeighed = name === 'clips whose frames are weighed';
    assert.equal(
      [...found.values()].every(({ weights }) => weights !== null),
      isWeighed,
    );
    await oracle.release();
  });

test('the weights of frames are F times the softmax of a quarter of their cosines with the text', async () => {
  const ready = await awake(backbone, { task: 'retrieval', frames: 2 });
  const pairs: Pair[] = [5, 0, 7].map((media) => ({ media, text: 3 }));
  const found = await scored(ready, clips, pairs, { frames: 2, batch: 2, pairs: 2 });
  const still = await createMediaEncoder(ready.model, { ...ready, frames: null, batch: 1 });
  const texts = await createTextEncoder(ready.model, { codec: ready.codec, batch: 1 });
  const text = await texts.features([captionsOf(clips).captions[3] as string]);
  let apart = 0;
  for (const { media } of pairs) {
    const loud: number[] = [];
    for (const at of [0.25, 0.75]) {
      const frame: MediaSet = { items: clips.items.slice(0, 1), frames: () => clips.frames(media, [at]) };
      const { features } = await still.encode(frame);
      loud.push(Math.exp(features.reduce((sum, x, i) => sum + x * (text[i] as number), 0) / 4));
    }
    const [first = 0, second = 0] = loud;
    const weights = found.get(`${media} 3`)?.weights ?? assert.fail();
    assertClose(weights[0], (2 * first) / (first + second), 1e-5);
    assertClose(weights[1], (2 * second) / (first + second), 1e-5);
    apart = Math.max(apart, Math.abs((weights[0] as number) - 1));
  }
  assert.ok(apart > 1e-3, 'the toy tells frames apart');
  await Promise.all([still.release(), texts.release()]);
});

for (const frames of [null, 2])
  test(`how many pairs are matched at once does not change their scores: ${frames ?? 'no'} frames`, async () => {
    const set = frames ? clips : images;
    const ready = await awake(backbone, { task: 'retrieval', frames });
    const pairs = allPairs(set).slice(0, 72);
    const shuffled = pairs.map((_, i) => pairs[(i * 31) % pairs.length] as Pair);
    const expected = await scored(ready, set, pairs, { frames, batch: 1, pairs: 1 });
    const logits = new Set([...expected.values()].map(({ logit }) => logit.toFixed(5)));
    assert.ok(logits.size > 30, 'the toy tells pairs apart');
    for (const [sizes, order] of [
      [{ batch: 8, pairs: 100 }, pairs],
      [{ batch: 2, pairs: 7 }, pairs],
      [{ batch: 3, pairs: 5 }, shuffled],
    ] as const)
      for (const [pair, { logit, weights }] of await scored(ready, set, order, { frames, ...sizes })) {
        const alone = expected.get(pair) ?? assert.fail();
        assertClose(logit, alone.logit, 1e-5);
        for (const [f, weight] of weights?.entries() ?? []) assertClose(weight, alone.weights?.[f], 1e-5);
      }
  });
