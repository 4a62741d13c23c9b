// What each task makes of a batch: its arrays, and a loss that is the sum of single ones.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../../data/dataset/dataset.js';
import type { Item, MediaSet, Question, Sample } from '../../data/items/index.js';
import { captioningStep } from '../../model/task/index.js';
import {
  temporaryFolder,
  toyBackbone,
  toyClipSet,
  toyData,
  toyDecided,
  toyRecipe,
} from '../../node/toy.test-support.js';
import { loadFresh } from '../../predict/programs/load.js';
import { answerOracle, assertClose, pictureOf, programOf } from '../../predict/programs/toy.test-support.js';
import { taskOf } from './index.js';
import { initialState } from './state.js';
import { compileStep } from './step.js';

const folder = temporaryFolder();
let backbone: string;
let images: MediaSet;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  images = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

const U = 5;

/** A task in batches of four, and its model. */
async function taskWith(changes: readonly string[], frames: number | null = null) {
  const recipe = toyDecided(toyRecipe(backbone, 'data', changes), frames);
  const ready = await loadFresh(recipe, frames);
  const { codec, preprocess, model } = ready;
  const looking = { codec, preprocess, frames };
  const options = { recipe, looking, testFrames: frames, candidates: [], answerTokens: U };
  return { ready, task: taskOf(options, model.config.text.positions) };
}

/** The losses of a step over samples of a set, from the start. */
async function losses(
  { ready, task }: Awaited<ReturnType<typeof taskWith>>,
  set: MediaSet,
  samples: readonly Sample[],
  frames: number | null = null,
) {
  const { model } = ready;
  const pictures = await Promise.all(samples.map(({ item }) => pictureOf(set, item, ready, frames)));
  const image = Float32Array.from(pictures.flatMap((picture) => [...picture]));
  const { feeds, sizes } = task.encode(set.items, samples);
  const step = await compileStep(model, task, {});
  const state = initialState(step.sizes, model.weights, 1);
  const found = await step.run(
    state,
    { feeds: { image, ...feeds }, sizes },
    { learningRate: 0, alpha: 0, momentum: 0 },
  );
  await step.release();
  return found;
}

const q = (id: string, question: string, answers: readonly string[], weight?: number): Question => ({
  ...{ id, question, answers },
  ...(weight !== undefined && { weight }),
});
/** The items of a set with other questions. */
const asking = (set: MediaSet, questions: readonly (readonly Question[])[]): MediaSet => ({
  items: set.items.slice(0, questions.length).map((item, i): Item => ({ ...item, questions: questions[i] ?? [] })),
  frames: set.frames,
});
const annotated = [
  [q('1', 'what color is the square', ['red', 'red', 'blue', 'pink', 'red'])],
  [q('2', 'is the square red', []), q('3', 'what is the ground', ['black']), q('4', 'is the square blue', ['no'], 0.2)],
  [q('5', 'what is the square on', ['yellow', 'pink on grey'], 0.5)],
];
/** Item and number among those that are learnt: the unanswered one does not count. */
const samples: readonly Sample[] = [
  { item: 0, text: 0 },
  { item: 1, text: 1 },
  { item: 2, text: 0 },
  { item: 1, text: 0 },
];
const rows = [
  { sample: 0, question: 'what color is the square', answer: 'red', weight: 0.6 },
  { sample: 0, question: 'what color is the square', answer: 'blue', weight: 0.2 },
  { sample: 0, question: 'what color is the square', answer: 'pink', weight: 0.2 },
  { sample: 1, question: 'is the square blue', answer: 'no', weight: 0.2 },
  { sample: 2, question: 'what is the square on', answer: 'yellow', weight: 0.25 },
  { sample: 2, question: 'what is the square on', answer: 'pink on grey', weight: 0.25 },
  { sample: 3, question: 'what is the ground', answer: 'black', weight: 1 },
] as const;

test('questions of which nobody told an answer are no samples', async () => {
  const { task } = await taskWith(['task=answering']);
  assert.deepEqual(asking(images, annotated).items.map(task.texts), [1, 2, 1]);
});

test('a batch of questions holds every different answer with the share of those who gave it, and is filled up', async () => {
  const { ready, task } = await taskWith(['task=answering']);
  const { codec } = ready;
  const { feeds, sizes } = task.encode(asking(images, annotated).items, samples);
  const asked = codec.questions([0, 3, 4, 6].map((row) => rows[row]?.question ?? assert.fail()));
  const padded = [...rows, { ...rows[0], weight: 0 }];
  const answered = codec.answers(
    padded.map(({ answer }) => answer),
    U,
  );
  assert.deepEqual(feeds, {
    'question/ids': asked.ids,
    'question/mask': asked.mask,
    'question/media': Int32Array.of(0, 1, 2, 3),
    'answer/ids': answered.ids,
    'answer/mask': answered.mask,
    'answer/question': Int32Array.from(padded, ({ sample }) => sample),
    'answer/weight': Float32Array.from(padded, ({ weight }) => weight),
  });
  assert.deepEqual(sizes, { ...task.sizes, answers: 8 });
  assert.equal(task.sizes.answers, 4);
});

test('batches come in few sizes: multiples of the number of questions', async () => {
  const { task } = await taskWith(['task=answering']);
  const answersOf = (counts: readonly number[]) => {
    const words = ['red', 'green', 'blue', 'white', 'black'];
    const set = asking(
      images,
      counts.map((count, i) => [q(`${i}`, 'what color is the square', words.slice(0, count))]),
    );
    return task.encode(
      set.items,
      counts.map((_, item) => ({ item, text: 0 })),
    ).sizes.answers;
  };
  assert.deepEqual(
    [
      [1, 1, 1, 1],
      [1, 2, 1, 1],
      [2, 2, 2, 2],
      [5, 2, 1, 1],
    ].map(answersOf),
    [4, 8, 8, 12],
  );
});

for (const [name, frames, profile] of [
  ['images', null, 'default'],
  ['clips', 2, 'default'],
  ['clips, as the release divides', 2, 'official'],
] as const)
  test(`the loss of questions is the weighted sum of single, smoothed losses: ${name}`, async () => {
    const set = asking(frames ? toyClipSet() : images, annotated);
    const toy = await taskWith(['task=answering', 'answering.smoothing=0.3', `profile=${profile}`], frames);
    const { answer, total } = await losses(toy, set, samples, frames);
    const oracle = await answerOracle(toy.ready, set, { frames, smoothing: 0.3 });
    let expected = 0;
    for (const { sample, question, answer, weight } of rows)
      expected += weight * (await oracle.loss(samples[sample]?.item ?? 0, question, answer));
    await oracle.release();
    assertClose(answer, expected / (profile === 'official' ? 4 * 2 : 4));
    assert.equal(total, answer);
    const plain = await taskWith(['task=answering', 'answering.smoothing=0', `profile=${profile}`], frames);
    const unsmoothed = (await losses(plain, set, samples, frames)).total ?? Number.NaN;
    assert.ok(Math.abs(unsmoothed - (total ?? 0)) > 1e-3, 'smoothing makes a difference');
  });

const captionSamples: readonly Sample[] = [
  { item: 0, text: 1 },
  { item: 3, text: 0 },
  { item: 0, text: 0 },
  { item: 5, text: 0 },
];
const captionOf = (set: MediaSet, { item, text }: Sample) => set.items[item]?.captions[text] ?? assert.fail();

test('a batch of captions holds them after the prompt, with room for all that the decoder reads', async () => {
  for (const [prompt, length] of [
    ['a picture of ', 11],
    ['', 8],
    ['a picture of a square on ', 12], // as many as there are positions
  ] as const) {
    const { ready, task } = await taskWith(['task=captioning', `captioning.prompt="${prompt}"`]);
    const { feeds, sizes } = task.encode(images.items, captionSamples);
    const captions = captionSamples.map((sample) => captionOf(images, sample));
    const { ids, mask } = ready.codec.prompted(prompt, captions, length);
    assert.deepEqual(feeds, { 'caption/ids': ids, 'caption/mask': mask });
    assert.deepEqual(sizes, { batch: 4, tokens: length, frames: null });
    assert.deepEqual(images.items.slice(0, 2).map(task.texts), [2, 1]);
  }
});

for (const frames of [null, 2])
  test(`the loss of captions is the mean over their tokens, the prompt’s left out: ${frames ?? 'no'} frames`, async () => {
    const set = frames ? toyClipSet() : images;
    const some = frames ? [0, 3, 0, 5].map((item) => ({ item, text: 0 })) : captionSamples;
    const toy = await taskWith(['task=captioning', 'captioning.smoothing=0.3', 'captioning.prompt="a "'], frames);
    const { caption, total } = await losses(toy, set, some, frames);
    assert.equal(total, caption);
    const { model, codec } = toy.ready;
    const one = { batch: 1, tokens: 12, frames };
    const program = await programOf(model, () => ({
      loss: captioningStep(model, one, { given: 2, smoothing: 0.3 }).total,
    }));
    let [sum, tokens] = [0, 0];
    for (const sample of some) {
      const { ids, mask } = codec.answers([`a ${captionOf(set, sample)}`], 12);
      const image = await pictureOf(set, sample.item, toy.ready, frames);
      const { loss } = await program.run({ ...model.weights, image, 'caption/ids': ids, 'caption/mask': mask });
      const learnt = mask.lastIndexOf(1) - 1; // without [DEC] and the prompt
      sum += learnt * (loss?.[0] as number);
      tokens += learnt;
    }
    await program.release();
    assertClose(caption, sum / tokens);
  });

test('a batch for retrieval holds captions and, to tell which belong together, the numbers of their items', async () => {
  const { ready, task } = await taskWith(['task=retrieval']);
  const { feeds, sizes } = task.encode(images.items, captionSamples);
  const { ids, mask } = ready.codec.captions(captionSamples.map((sample) => captionOf(images, sample)));
  assert.deepEqual(feeds, { ids, mask, index: Int32Array.of(0, 3, 0, 5) });
  assert.deepEqual(sizes, { batch: 4, tokens: 8, frames: null });
  assert.equal(task.queue, 6);
});
