// Answers, chosen and written, against the loss that training gives to one answer of one question at a time.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../../data/dataset/dataset.js';
import type { MediaSet } from '../../data/items/index.js';
import { encodeImages, textFeatures } from '../../model/blip/index.js';
import { fit, imageInput, textInputs } from '../../model/task/model.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData } from '../../node/toy.test-support.js';
import { stream } from '../../random/index.js';
import { type Answered, createAnswerer, createMediaEncoder, type Inference, type Pair } from './index.js';
import type { Ready } from './load.js';
import { createRanker } from './ranker.js';
import { type AnswerOracle, answerOracle, assertClose, awake, pictureOf, programOf } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let images: MediaSet;
const clips: MediaSet = toyClipSet();
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

const colours = ['red', 'green', 'blue', 'white', 'black', 'yellow', 'pink', 'grey'];
/** Several begin with the same word. */
const candidates = [...colours, 'yes', 'no', 'red square', 'red on black', 'no square', 'green then blue'];

interface Sizes {
  readonly frames: number | null;
  readonly batch: number;
  readonly pairs: number;
  readonly keep?: number;
}

/** The questions of a set, each with its item. */
const asked = ({ items }: MediaSet) =>
  items.flatMap(({ questions }, media) => questions.map(({ question }) => ({ media, question })));

async function answersOf(
  ready: Ready,
  set: MediaSet,
  questions: readonly { readonly media: number; readonly question: string }[],
  inference: Inference,
  sizes: Sizes,
): Promise<readonly Answered[]> {
  const { model, codec } = ready;
  const encoder = await createMediaEncoder(model, { ...ready, ...sizes, batch: 4, features: false });
  const { tokens } = await encoder.encode(set);
  const answerer = await createAnswerer(model, { ...sizes, codec, inference });
  const pairs: Pair[] = questions.map(({ media }, text) => ({ media, text }));
  const progress: number[] = [];
  const texts = codec.questions(questions.map(({ question }) => question));
  const answered = await answerer.answer(pairs, { tokens, ...texts }, (done) => progress.push(done));
  await Promise.all([encoder.release(), answerer.release()]);
  assert.equal(progress.at(-1), questions.length);
  return answered;
}

/** Every candidate alone: those whose first word is the most probable, by their loss. */
async function rankedByHand(oracle: AnswerOracle, media: number, question: string, k: number) {
  const all = [];
  for (const [place, answer] of candidates.entries())
    all.push({ place, answer, first: await oracle.firstLoss(media, question, answer) });
  all.sort((a, b) => a.first - b.first || a.place - b.place);
  const chosen = [];
  for (const { answer } of all.slice(0, k)) chosen.push({ answer, loss: await oracle.loss(media, question, answer) });
  return chosen.sort((a, b) => a.loss - b.loss);
}

for (const [name, frames, k, smoothing] of [
  ['the best four of images', null, 4, 0],
  ['all of images', null, 128, 0],
  ['the best five of clips', 2, 5, 0],
  ['smoothed losses', null, 6, 0.1],
] as const)
  test(`candidates are ranked as single losses rank them: ${name}`, async () => {
    const set = frames ? clips : images;
    const ready = await awake(backbone, { task: 'answering', frames });
    const questions = asked(set).filter((_, i) => i % 4 < 2);
    const inference = { by: 'rank', candidates, k, smoothing } as const;
    const answered = await answersOf(ready, set, questions, inference, { frames, batch: 2, pairs: 3, keep: 99 });
    const oracle = await answerOracle(ready, set, { frames, smoothing });
    for (const [i, { media, question }] of questions.entries()) {
      const { answers } = answered[i] ?? assert.fail();
      const expected = await rankedByHand(oracle, media, question, k);
      assert.deepEqual(
        answers.map(({ answer }) => answer),
        expected.map(({ answer }) => answer),
      );
      for (const [place, { probability }] of answers.entries())
        assertClose(Math.log(probability), -(expected[place]?.loss as number), 1e-4);
    }
    const orders = new Set(answered.map(({ answers }) => answers.map(({ answer }) => answer).join()));
    assert.ok(orders.size > 4, 'the toy tells questions apart');
    await oracle.release();
  });

test('more answers than are scored at once are ranked the same', async () => {
  const { model, codec } = await awake(backbone, { task: 'answering', frames: null });
  const draws = stream(3, 'states', 0);
  const states = Float32Array.from({ length: 3 * 8 * 32 }, () => draws.normal());
  const mask = new Int32Array(3 * 8).fill(1);
  const ranked = async (logitBytes: number) => {
    const ranker = await createRanker(model, { codec, candidates, k: 9, questions: 3, tokens: 8, logitBytes });
    const answers = await ranker.choose(states, mask);
    await ranker.release();
    return answers;
  };
  const all = await ranked(2 ** 28);
  const answerBytes = 4 * codec.longest(candidates) * model.config.text.vocabulary;
  for (const atOnce of [0.5, 1, 5, 26]) {
    const some = await ranked(atOnce * answerBytes);
    assert.deepEqual(
      some.map((answers) => answers.map(({ answer }) => answer)),
      all.map((answers) => answers.map(({ answer }) => answer)),
    );
    for (const [i, answers] of some.entries())
      for (const [place, { probability }] of answers.entries())
        assertClose(probability, all[i]?.[place]?.probability, 1e-5);
  }
});

for (const frames of [null, 2])
  for (const inference of [
    { by: 'rank', candidates, k: 5 },
    { by: 'generate', beams: 2, maxLength: 5 },
  ] as const)
    test(`how many questions are read at once changes no answer: ${inference.by}, ${frames ?? 'no'} frames`, async () => {
      const set = frames ? clips : images;
      const ready = await awake(backbone, { task: 'answering', frames });
      const questions = asked(set);
      const shuffled = questions.map((_, i) => questions[(i * 7) % questions.length] ?? assert.fail());
      const key = ({ media, question }: (typeof questions)[number]) => `${media} ${question}`;
      const answered = async (order: typeof questions, sizes: { readonly batch: number; readonly pairs: number }) => {
        const all = await answersOf(ready, set, order, inference, { frames, ...sizes });
        return new Map(order.map((one, i) => [key(one), all[i] ?? assert.fail()]));
      };
      const alone = await answered(questions, { batch: 1, pairs: 1 });
      for (const found of [
        await answered(questions, { batch: 3, pairs: 5 }),
        await answered(shuffled, { batch: 2, pairs: 64 }),
      ])
        for (const [one, { answers, frameWeights }] of found) {
          const expected = alone.get(one) ?? assert.fail();
          assert.deepEqual(
            answers.map(({ answer }) => answer),
            expected.answers.map(({ answer }) => answer),
            one,
          );
          for (const [i, { probability }] of answers.entries())
            assertClose(probability, expected.answers[i]?.probability, 1e-5);
          assert.equal(frameWeights?.length, frames ?? undefined);
          for (const [f, weight] of frameWeights?.entries() ?? [])
            assertClose(weight, expected.frameWeights?.[f], 1e-5);
        }
    });

test('the frames of a clip are weighed by their similarity to the question', async () => {
  const ready = await awake(backbone, { task: 'answering', frames: 2 });
  const questions = asked(clips).slice(0, 6);
  const inference = { by: 'rank', candidates, k: 2 } as const;
  const answered = await answersOf(ready, clips, questions, inference, { frames: 2, batch: 2, pairs: 4 });
  const { model, codec } = ready;
  const program = await programOf(model, () => {
    const blip = fit(model, model.p);
    const { frameFeatures } = encodeImages(blip, imageInput(model.config, { batch: 1, frames: 2 }));
    return { frameFeatures, text: textFeatures(blip, textInputs(1, codec.maxTokens)) };
  });
  let apart = 0;
  for (const [i, { media, question }] of questions.entries()) {
    const image = await pictureOf(clips, media, ready, 2);
    const out = await program.run({ ...model.weights, image, ...codec.questions([question]) });
    const [frames, text] = [out.frameFeatures as Float32Array, out.text as Float32Array];
    const loud = [0, 1].map((f) =>
      Math.exp(text.reduce((sum, x, p) => sum + x * (frames[16 * f + p] as number), 0) / 4),
    );
    const weights = answered[i]?.frameWeights ?? assert.fail();
    for (const f of [0, 1])
      assertClose(weights[f], (2 * (loud[f] as number)) / ((loud[0] as number) + (loud[1] as number)), 1e-5);
    apart = Math.max(apart, Math.abs((weights[0] as number) - 1));
  }
  assert.ok(apart > 1e-3, 'the toy tells frames apart');
  await program.release();
});

test('as many answers come back as are kept, five unless told, the most probable first', async () => {
  const ready = await awake(backbone, { task: 'answering', frames: null });
  const questions = asked(images).slice(0, 5);
  const inference = { by: 'rank', candidates, k: 9 } as const;
  const answered = (sizes: Partial<Sizes>) =>
    answersOf(ready, images, questions, inference, { frames: null, batch: 1, pairs: 2, ...sizes });
  const [all, five, two] = [await answered({ keep: 9 }), await answered({}), await answered({ keep: 2 })];
  for (const [i, { answers, frameWeights }] of all.entries()) {
    assert.equal(answers.length, 9);
    assert.equal(frameWeights, null);
    assert.deepEqual(five[i]?.answers, answers.slice(0, 5));
    assert.deepEqual(two[i]?.answers, answers.slice(0, 2));
    for (const [place, { probability }] of answers.entries())
      assert.ok(place === 0 || probability <= (answers[place - 1]?.probability as number));
  }
});

for (const frames of [null, 2])
  test(`a written answer is as probable as the training graph finds it: ${frames ?? 'no'} frames`, async () => {
    const set = frames ? clips : images;
    const ready = await awake(backbone, { task: 'answering', frames });
    const questions = asked(set).filter((_, i) => i % 2 === 0);
    const inference = { by: 'generate', beams: 3, maxLength: 8 } as const;
    const answered = await answersOf(ready, set, questions, inference, { frames, batch: 2, pairs: 4 });
    const oracle = await answerOracle(ready, set, { frames });
    let compared = 0;
    for (const [i, { media, question }] of questions.entries())
      for (const { answer, probability } of answered[i]?.answers ?? assert.fail()) {
        const words = answer.split(' ').filter(Boolean).length;
        if (words > 6) continue; // cut off before its end
        const loss = await oracle.loss(media, question, answer);
        assertClose(Math.log(probability), -loss, 1e-4);
        compared++;
      }
    assert.ok(compared > 5, `${compared} answers are long enough and end`);
    await oracle.release();
  });
