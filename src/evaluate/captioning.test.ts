// Captions of a split against the captioner on one item at a time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import { type MediaSet, subset } from '../data/items/index.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData } from '../node/toy.test-support.js';
import { createCaptioner, createMediaEncoder } from '../predict/programs/index.js';
import type { Ready } from '../predict/programs/load.js';
import type { OnProgress } from '../predict/programs/progress.js';
import { awake } from '../predict/programs/toy.test-support.js';
import { evaluateCaptioning } from './index.js';
import { captionMetrics } from './metric/index.js';

const folder = temporaryFolder();
const how = { prompt: 'a picture of ', beams: 2, maxLength: 9, minLength: 5 };
interface Toy {
  readonly ready: Ready;
  readonly frames: number | null;
  readonly set: MediaSet;
}
let images: Toy;
let clips: Toy;
before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  const { splits } = await openDataset(await toyData(join(folder, 'data')), { seed: 1 });
  const ready = await awake(backbone, { task: 'captioning', frames: null });
  images = { ready, frames: null, set: splits.train };
  clips = { ready: await awake(backbone, { task: 'captioning', frames: 2 }), frames: 2, set: toyClipSet() };
});

const evaluate = ({ ready, frames, set }: Toy, batch = 5, onProgress: OnProgress = () => {}) =>
  evaluateCaptioning(ready.model, set, { ...ready, ...how, frames, batch, onProgress });

/** The caption of an item that is alone in its set. */
async function alone({ ready, frames, set }: Toy, item: number): Promise<string> {
  const encoder = await createMediaEncoder(ready.model, { ...ready, frames, batch: 1, features: false });
  const captioner = await createCaptioner(ready.model, { ...ready, ...how, frames, batch: 1 });
  const { tokens } = await encoder.encode(subset(set, (_, index) => index === item));
  const [caption] = await captioner.captions(tokens, 1);
  await Promise.all([encoder.release(), captioner.release()]);
  return caption ?? assert.fail();
}

for (const name of ['images', 'clips'] as const)
  test(`every item of a split gets the caption it gets alone, whatever is captioned at once: ${name}`, async () => {
    const toy = name === 'images' ? images : clips;
    const expected = [];
    for (const item of toy.set.items.keys()) expected.push(await alone(toy, item));
    assert.ok(new Set(expected).size > 3, 'the toy tells items apart');
    for (const batch of [1, 7, 100]) assert.deepEqual((await evaluate(toy, batch)).captions, expected);
  });

test('captions are scored against all that people wrote, and the scores say what was looked at', async () => {
  for (const [toy, counts] of [
    [images, { items: 8, references: 9, frames: null }],
    [clips, { items: 12, references: 12, frames: 2 }],
  ] as const) {
    const { scores: all, captions } = await evaluate(toy);
    const { standing, ...scores } = all;
    const references = toy.set.items.map(({ captions }) => captions);
    const common = { task: 'captioning', frameAware: false } as const;
    assert.deepEqual(scores, { ...common, ...counts, ...captionMetrics(captions, references) });
    assert.deepEqual(Object.keys(standing ?? {}), ['CIDEr', 'BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4']);
    const { n, interval, baselines } = standing?.CIDEr ?? assert.fail();
    assert.deepEqual([n, baselines], [counts.items, {}]);
    assert.ok(interval[0] <= scores.CIDEr && scores.CIDEr <= interval[1]);
  }
});

test('progress counts items twice: encoded, then captioned', async () => {
  const seen: string[] = [];
  await evaluate(images, 3, (done, all) => seen.push(`${done}/${all}`));
  assert.deepEqual(
    seen,
    [...[1, 2, 3, 4, 5, 6, 7, 8], 8 + 3, 8 + 6, 8 + 8].map((done) => `${done}/16`),
  );
});

test('beside the scores stands what the most typical training caption would score, written for every item', async () => {
  const learnt = clips.set.items.map((item) => ({ ...item, captions: ['a red car'] }));
  const { ready, frames, set } = images;
  const { scores } = await evaluateCaptioning(ready.model, set, { ...ready, ...how, frames, learnt });
  const same = captionMetrics(
    set.items.map(() => 'a red car'),
    set.items.map(({ captions }) => captions),
  );
  assert.equal(scores.standing?.CIDEr?.baselines.caption, same.CIDEr);
  assert.equal(scores.standing?.['BLEU-1']?.baselines.caption, same.BLEU[0]);
});
