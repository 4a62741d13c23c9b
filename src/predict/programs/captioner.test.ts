// Captions against a search that reads every text from its start, for one item at a time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Program } from '../../compiler/runtime/index.js';
import { constant, logSoftmax } from '../../compiler/tensor/index.js';
import { openDataset } from '../../data/dataset/dataset.js';
import type { MediaSet } from '../../data/items/index.js';
import { decode, vocabularyLogits } from '../../model/blip/index.js';
import { tokenEncoder } from '../../model/task/captioning.js';
import { beamSearch, fit, type NextTokens } from '../../model/task/index.js';
import { textInputs } from '../../model/task/model.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData } from '../../node/toy.test-support.js';
import { type CaptionerOptions, createCaptioner, createMediaEncoder, promptTokens } from './index.js';
import type { Ready } from './load.js';
import { awake, pictureOf, programOf } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let images: MediaSet;
const clips: MediaSet = toyClipSet();
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

type How = Pick<CaptionerOptions, 'prompt' | 'beams' | 'maxLength' | 'minLength'>;
const usual: How = { prompt: 'a picture of ', beams: 2, maxLength: 10, minLength: 6 };

async function captionsOf(ready: Ready, set: MediaSet, how: How, { frames = null as number | null, batch = 3 } = {}) {
  const { model, codec } = ready;
  const encoder = await createMediaEncoder(model, { ...ready, frames, batch: 4, features: false });
  const captioner = await createCaptioner(model, { ...how, codec, frames, batch });
  const { tokens } = await encoder.encode(set);
  const progress: number[] = [];
  const captions = await captioner.captions(tokens, set.items.length, (done) => progress.push(done));
  await Promise.all([encoder.release(), captioner.release()]);
  assert.equal(progress.at(-1), set.items.length);
  return captions;
}

/** Beam search in which every step reads the whole texts, from the picture on. */
async function captionByHand(ready: Ready, set: MediaSet, item: number, frames: number | null, how: How) {
  const { model, codec } = ready;
  const { beams, maxLength, minLength } = how;
  const image = await pictureOf(set, item, ready, frames);
  const V = model.config.text.vocabulary;
  let texts: number[][] = Array.from({ length: beams }, () => []);
  const next: NextTokens = async (tokens, parents, position) => {
    texts = Array.from(tokens, (token, row) => [...(texts[parents[row] as number] as number[]), token]);
    const length = position + 1;
    const program = await wholeTexts(ready, { beams, length, frames });
    const mask = new Int32Array(beams * length).fill(1);
    const out = await program.run({ ...model.weights, image, ids: Int32Array.from(texts.flat()), mask });
    const logProbs = out.logProbs as Float32Array;
    return Float32Array.from({ length: beams * V }, (_, i) => {
      const [row, token] = [Math.floor(i / V), i % V];
      return logProbs[(row * length + position) * V + token] as number;
    });
  };
  const given = [codec.tokens.bos, ...words(ready, how.prompt)];
  const [found] = await beamSearch(next, { texts: 1, beams, given, end: codec.tokens.sep, maxLength, minLength });
  return codec.decode(found?.[0]?.tokens ?? assert.fail());
}

/** Ids of a text's words. */
function words({ codec }: Ready, text: string): number[] {
  const { ids, mask } = codec.answers([text], 12);
  return [...ids.subarray(1, mask.lastIndexOf(1))];
}

const programs = new Map<string, Promise<Program>>();
function wholeTexts(
  { model }: Ready,
  { beams, length, frames }: { beams: number; length: number; frames: number | null },
) {
  const key = `${beams} ${length} ${frames}`;
  const program =
    programs.get(key) ??
    programOf(model, () => {
      const blip = fit(model, model.p);
      const { tokens } = tokenEncoder(model, { batch: 1, frames });
      const texts = textInputs(beams, length);
      const rows = constant(new Int32Array(beams), [beams], 'int32'); // all look at the one item
      return { logProbs: logSoftmax(vocabularyLogits(blip, decode(blip, texts, { tokens, rows }))) };
    });
  programs.set(key, program);
  return program;
}

const variants: Readonly<Record<string, { readonly how: How; readonly frames: number | null }>> = {
  'images, two beams': { how: usual, frames: null },
  'images, one beam, no prompt, a short text': {
    how: { prompt: '', beams: 1, maxLength: 6, minLength: 4 },
    frames: null,
  },
  'images, another prompt, a long text': {
    how: { prompt: 'the ', beams: 3, maxLength: 8, minLength: 7 },
    frames: null,
  },
  'clips, two beams': { how: usual, frames: 2 },
};
for (const [name, { how, frames }] of Object.entries(variants))
  test(`captions are those of a search that reads every text from its start: ${name}`, async () => {
    const set = frames ? clips : images;
    const ready = await awake(backbone, { task: 'captioning', frames });
    const captions = await captionsOf(ready, set, how, { frames });
    assert.equal(captions.length, set.items.length);
    for (const item of [0, 1, 4, 5]) assert.equal(captions[item], await captionByHand(ready, set, item, frames, how));
    assert.ok(new Set(captions).size > 2, 'the toy tells items apart');
    for (const caption of captions) {
      const given = 1 + words(ready, how.prompt).length;
      const length = given + words(ready, caption).length;
      assert.ok(length >= how.minLength && length <= how.maxLength, caption);
    }
  });

test('how many items are captioned at once does not change their captions', async () => {
  const ready = await awake(backbone, { task: 'captioning', frames: null });
  const alone = await captionsOf(ready, images, usual, { batch: 1 });
  for (const batch of [3, 64]) assert.deepEqual(await captionsOf(ready, images, usual, { batch }), alone);
});

test('a prompt is what the decoder’s first token begins and no end follows', async () => {
  const { codec } = await awake(backbone, { task: 'captioning', frames: null });
  const ids = (text: string) => [...codec.answers([text], 5).ids.subarray(1, 4)];
  assert.deepEqual(promptTokens(codec, 'a picture of '), [codec.tokens.bos, ...ids('a picture of')]);
  assert.deepEqual(promptTokens(codec, ''), [codec.tokens.bos]);
});

test('a caption never becomes longer than the decoder has positions for', async () => {
  const ready = await awake(backbone, { task: 'captioning', frames: null });
  const most = ready.model.config.text.positions;
  const long = { ...usual, minLength: 99 };
  const captions = await captionsOf(ready, images, { ...long, maxLength: 40 });
  assert.deepEqual(captions, await captionsOf(ready, images, { ...long, maxLength: most }));
  for (const caption of captions) assert.equal(caption.split(' ').length, most - 4);
});

after(async () => {
  for (const program of programs.values()) await (await program).release();
});
