// Adapters whose weights are numbers, of which nothing comes that is one.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../../data/dataset/dataset.js';
import type { MediaSet } from '../../data/items/index.js';
import type { LoadedModel } from '../../model/index.js';
import { refusal, temporaryFolder, toyBackbone, toyData } from '../../node/toy.test-support.js';
import { createAnswerer, createMediaEncoder, createTextEncoder } from './index.js';
import { awake } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let images: MediaSet;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

const HUGE = 3e38;

/** The model with an adapter's matrices as large as numbers can be. */
function overflowing(model: LoadedModel, matrix: string): LoadedModel {
  const changed = Object.entries(model.weights).map(([path, weight]) => {
    const isMeant = path.endsWith(`${matrix}.weight`) && weight instanceof Float32Array;
    return [path, isMeant ? weight.map(() => HUGE) : weight] as const;
  });
  return { ...model, weights: Object.fromEntries(changed) };
}

const said = { code: 'overflow', message: /^the model: computes a \w+ that is no number; the weights of its adapter/ };

test('features of texts and images are numbers, or refused', async () => {
  const ready = await awake(backbone, { task: 'retrieval', frames: null });
  const texts = await createTextEncoder(overflowing(ready.model, 'text_proj'), { codec: ready.codec, batch: 2 });
  await assert.rejects(texts.features(['a red square']), said);
  const media = await createMediaEncoder(overflowing(ready.model, 'vision_proj'), {
    ...ready,
    frames: null,
    batch: 4,
  });
  await assert.rejects(media.encode(images), said);
  await Promise.all([texts.release(), media.release()]);
});

for (const inference of [
  { by: 'rank', candidates: ['red', 'green'], k: 2 },
  { by: 'generate', beams: 2, minLength: 1, maxLength: 4 },
] as const)
  test(`probabilities of answers are numbers, or the question is refused: ${inference.by}`, async () => {
    const { model, codec, preprocess } = await awake(backbone, { task: 'answering', frames: null });
    const sizes = { preprocess, frames: null, batch: 4, pairs: 2 };
    const encoder = await createMediaEncoder(model, { ...sizes, features: false });
    const { tokens } = await encoder.encode(images);
    const answerer = await createAnswerer(overflowing(model, 'multi_up_proj'), { ...sizes, codec, inference });
    const asked = { tokens, ...codec.questions(['what color is the square']) };
    const { code, message } = await refusal(answerer.answer([{ media: 0, text: 0 }], asked));
    assert.equal(code, said.code);
    assert.match(message, said.message);
    await Promise.all([encoder.release(), answerer.release()]);
  });
