// Answers of a split against a search for the smallest single loss, and scores counted by hand.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import { type MediaSet, type Question, subset } from '../data/items/index.js';
import { temporaryFolder, toyBackbone, toyClipSet, toyData } from '../node/toy.test-support.js';
import type { Ready } from '../predict/programs/load.js';
import { answerOracle, assertClose, awake } from '../predict/programs/toy.test-support.js';
import { type AnsweringEvaluation, bestAnswer, evaluateAnswering } from './index.js';

const folder = temporaryFolder();
const candidates = ['red', 'green', 'blue', 'white', 'black', 'pink', 'yes', 'no', 'red on black'];
const inference = { by: 'rank', candidates, k: 128 } as const;

/** A set with three questions an image, or two a clip, and the answer to each with the smallest loss. */
interface Known {
  readonly ready: Ready;
  readonly frames: number | null;
  readonly set: MediaSet;
  readonly asked: readonly { readonly item: number; readonly question: Question; readonly best: string }[];
}
let images: Known;
let clips: Known;

before(async () => {
  const backbone = await toyBackbone(join(folder, 'backbone'));
  const { splits } = await openDataset(await toyData(join(folder, 'data')), { seed: 1 });
  images = await known(await awake(backbone, { task: 'answering', frames: null }), splits.train, null);
  const some = subset(toyClipSet(), (_, item) => item % 2 === 0);
  clips = await known(await awake(backbone, { task: 'answering', frames: 2 }), some, 2);
});

async function known(ready: Ready, set: MediaSet, frames: number | null): Promise<Known> {
  const oracle = await answerOracle(ready, set, { frames });
  const asked = [];
  for (const [item, { questions }] of set.items.entries())
    for (const question of questions) {
      const losses = [];
      for (const answer of candidates) losses.push(await oracle.loss(item, question.question, answer));
      asked.push({ item, question, best: candidates[losses.indexOf(Math.min(...losses))] as string });
    }
  await oracle.release();
  return { ready, frames, set, asked };
}

const evaluate = ({ ready, frames, set }: Known, how: Partial<AnsweringEvaluation> = {}) =>
  evaluateAnswering(ready.model, set, { ...ready, frames, batch: 5, inference, ...how });

/** The same questions, answered otherwise. @param answers  of question number i, whose best answer is known */
function withAnswers(toy: Known, answers: (best: string, i: number) => readonly string[]): Known {
  let i = 0;
  const items = toy.set.items.map((item) => ({
    ...item,
    questions: item.questions.map((question) => {
      const { best } = toy.asked[i] ?? assert.fail();
      return { ...question, answers: answers(best, i++) };
    }),
  }));
  return { ...toy, set: { ...toy.set, items } };
}

for (const name of ['images', 'clips'] as const)
  test(`every question of a split is answered by the candidate with the smallest loss: ${name}`, async () => {
    const toy = name === 'images' ? images : clips;
    const { predictions } = await evaluate(toy);
    assert.deepEqual(
      predictions.map((prediction) => ({
        item: prediction.item,
        question: prediction.question,
        best: bestAnswer(prediction),
      })),
      toy.asked,
    );
    assert.ok(new Set(toy.asked.map(({ best }) => best)).size > 2, 'the toy tells questions apart');
    for (const { frameWeights } of predictions) assert.equal(frameWeights?.length, toy.frames ?? undefined);
  });

test('where every question has one answer, the score is how many are right, of each type too', async () => {
  const toy = withAnswers(images, (best, i) => [i % 4 === 0 ? best.toUpperCase() : i % 3 === 0 ? best : 'mauve']);
  const { standing, ...scores } = (await evaluate(toy)).scores ?? assert.fail();
  const right = toy.asked.map((_, i) => i % 4 === 0 || i % 3 === 0);
  const percent = (some: readonly boolean[]) => (100 * some.filter(Boolean).length) / some.length;
  const ofType = (type: string) => percent(right.filter((_, i) => toy.asked[i]?.question.type === type));
  assert.deepEqual(scores, {
    ...{ task: 'answering', metric: 'exact', inference: 'rank', questions: 24, items: 8 },
    ...{ frames: null, frameAware: false, candidates: candidates.length },
    accuracy: percent(right),
    byType: { color: ofType('color'), 'yes/no': ofType('yes/no') },
  });
  assert.notEqual(ofType('color'), ofType('yes/no'));
  assert.deepEqual(Object.keys(standing ?? {}), ['accuracy', 'accuracy color', 'accuracy yes/no']);
  for (const [name, { n, interval }] of Object.entries(standing ?? {})) {
    const type = name.replace(/^accuracy ?/, '');
    const own = right.filter((_, i) => type === '' || toy.asked[i]?.question.type === type);
    assert.equal(n, own.length);
    assert.ok(interval[0] < percent(own) && percent(own) < interval[1]);
  }
});

test('where annotators differ, an answer counts as far as three others gave it', async () => {
  const given = (i: number) => i % 6; // of ten annotators, how many agree with the model
  const toy = withAnswers(images, (best, i) => [...Array(given(i)).fill(best), ...Array(10 - given(i)).fill('mauve')]);
  const { scores } = await evaluate(toy);
  const accuracies = toy.asked.map((_, i) => {
    const n = given(i);
    return (n * Math.min(1, (n - 1) / 3) + (10 - n) * Math.min(1, n / 3)) / 10; // without each of them in turn
  });
  const mean = (some: readonly number[]) => (100 * some.reduce((a, b) => a + b, 0)) / some.length;
  assert.equal(scores?.metric, 'vqa');
  assertClose(scores?.accuracy, mean(accuracies), 1e-9);
  const colours = accuracies.filter((_, i) => toy.asked[i]?.question.type === 'color');
  assertClose(scores?.byType.color, mean(colours), 1e-9);
});

test('questions that nobody answered are answered and not scored', async () => {
  const toy = withAnswers(images, (best, i) => (i % 2 ? [] : [best]));
  const { scores, predictions } = await evaluate(toy);
  assert.deepEqual([scores?.questions, scores?.accuracy, predictions.length], [12, 100, 24]);
  assert.deepEqual(
    predictions.map(bestAnswer),
    images.asked.map(({ best }) => best),
  );
  const none = await evaluate(withAnswers(images, () => []));
  assert.equal(none.scores, null);
  assert.equal(none.predictions.length, 24);
});

test('questions without a type are in no type', async () => {
  const items = images.set.items.map((item) => ({
    ...item,
    questions: item.questions.map(({ type, ...question }) => (type === 'color' ? question : { ...question, type })),
  })) as MediaSet['items'];
  const { scores } = await evaluate({ ...images, set: { ...images.set, items } });
  assert.deepEqual(Object.keys(scores?.byType ?? {}), ['yes/no']);
  assert.equal(scores?.questions, 24);
});

test('scores of clips tell how many frames were looked at, and whether they were weighed', async () => {
  const { scores } = await evaluate(clips);
  assert.deepEqual([scores?.items, scores?.questions, scores?.frames, scores?.frameAware], [6, 12, 2, true]);
  const { ready } = clips;
  const model = { ...ready.model, method: { ...ready.model.method, frameAware: false } };
  const plain = await evaluate({ ...clips, ready: { ...ready, model } });
  assert.equal(plain.scores?.frameAware, false);
  assert.ok(plain.predictions.every(({ frameWeights }) => frameWeights === null));
});

test('answers can be written instead of chosen', async () => {
  const { scores, predictions } = await evaluate(images, { inference: { by: 'generate', beams: 2, maxLength: 4 } });
  assert.equal(scores?.inference, 'generate');
  assert.ok(predictions.some((prediction) => !candidates.includes(bestAnswer(prediction))));
});

test('how many pictures are encoded at once does not change the answers, and progress counts items and questions', async () => {
  for (const batch of [1, 100]) {
    const seen: (readonly [number, number])[] = [];
    const onProgress = (done: number, all: number) => seen.push([done, all]);
    const { predictions } = await evaluate(clips, { batch, onProgress });
    assert.deepEqual(
      predictions.map(bestAnswer),
      clips.asked.map(({ best }) => best),
    );
    const done = seen.map(([done]) => done);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
    );
    assert.deepEqual(seen.at(-1), [6 + 12, 6 + 12]);
  }
});

test('a split without questions is refused; no answer at all is an empty one', async () => {
  const items = images.set.items.map((item) => ({ ...item, questions: [] }));
  await assert.rejects(evaluate({ ...images, set: { ...images.set, items } }), {
    code: 'data',
    message: /holds no questions/,
  });
  assert.equal(bestAnswer({ answers: [] }), '');
});

test('beside the accuracy stands what is right without looking: by chance, by the commonest training answer, by the question', async () => {
  const toy = withAnswers(images, (best) => [best]);
  const asked = [...new Set(toy.asked.map(({ question }) => question.question))];
  const counted = (question: string, answer: string) =>
    toy.asked.filter((one) => one.question.question === question && one.best === answer).length;
  const favourites = new Map(
    asked.map((question) => [
      question,
      candidates.toSorted((a, b) => counted(question, b) - counted(question, a))[0] as string,
    ]),
  );
  const learnt = toy.set.items.map((item) => ({
    ...item,
    questions: asked.map((question, i) => ({ id: `${i}`, question, answers: [favourites.get(question) as string] })),
  }));
  const { ready, frames, set } = toy;
  const { scores } = await evaluateAnswering(ready.model, set, { ...ready, frames, batch: 5, inference, learnt });
  const { baselines = {} } = scores?.standing?.accuracy ?? {};
  const right = toy.asked.filter(({ question, best }) => favourites.get(question.question) === best).length;
  assertClose(baselines.question, (100 * right) / toy.asked.length, 1e-9);
  assertClose(baselines.chance, 100 / candidates.length, 1e-9);
  assert.ok((baselines.majority as number) <= (baselines.question as number));
  const alone = await evaluate(toy);
  const single = Math.max(...candidates.map((answer) => toy.asked.filter(({ best }) => best === answer).length));
  assertClose(alone.scores?.standing?.accuracy?.baselines.single, (100 * single) / toy.asked.length, 1e-9);
});
