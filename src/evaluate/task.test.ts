// What a recipe says of how it is evaluated, and what scores come down to.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../data/dataset/dataset.js';
import type { MediaSet } from '../data/items/index.js';
import type { TaskName } from '../model/index.js';
import { temporaryFolder, toyBackbone, toyData, toyRecipe } from '../node/toy.test-support.js';
import { inferenceOf } from '../predict/programs/index.js';
import { awake } from '../predict/programs/toy.test-support.js';
import {
  evaluateAnswering,
  evaluateCaptioning,
  evaluateRetrieval,
  evaluateTask,
  figuresOf,
  headlineOf,
  type Scores,
} from './index.js';

const folder = temporaryFolder();
const candidates = ['red', 'green', 'yes'];
let backbone: string;
let set: MediaSet;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  set = (await openDataset(await toyData(join(folder, 'data')), { seed: 1 })).splits.train;
});

const recipeOf = (task: TaskName, ...changes: readonly string[]) =>
  toyRecipe(backbone, 'data', [`task=${task}`, ...changes]);

test('retrieval is evaluated in two stages, unless the matching head was not trained', async () => {
  const ready = await awake(backbone, { task: 'retrieval', frames: null });
  const looking = { ...ready, frames: null, candidates: [] };
  const twoStages = await evaluateRetrieval(ready.model, set, { ...looking, rerank: 3, similarityWeight: 2 });
  const oneStage = await evaluateRetrieval(ready.model, set, { ...looking, rerank: 0, similarityWeight: 0 });
  assert.notDeepEqual(twoStages.scores, oneStage.scores);
  const changes = ['retrieval.rerank=3', 'retrieval.similarityWeight=2'];
  const evaluate = (more: readonly string[], matches?: boolean) =>
    evaluateTask(ready.model, set, recipeOf('retrieval', ...changes, ...more), {
      ...looking,
      ...(matches !== undefined && { matches }),
    });
  assert.deepEqual(await evaluate([]), twoStages);
  assert.deepEqual(await evaluate(['retrieval.matching=0']), oneStage);
  assert.deepEqual(await evaluate([], false), oneStage);
  assert.deepEqual(await evaluate(['retrieval.matching=0'], true), twoStages);
});

test('answering and captioning are evaluated as their sections say', async () => {
  const answering = await awake(backbone, { task: 'answering', frames: null });
  const rank = { by: 'rank', candidates, k: 2, smoothing: 0 } as const;
  assert.deepEqual(
    await evaluateTask(answering.model, set, recipeOf('answering', 'answering.rankedAnswers=2'), {
      ...{ ...answering, frames: null, candidates },
    }),
    await evaluateAnswering(answering.model, set, { ...answering, frames: null, inference: rank }),
  );
  const captioning = await awake(backbone, { task: 'captioning', frames: null });
  const results = [];
  for (const beams of [1, 3]) {
    const how = { prompt: 'the ', beams, maxLength: 8, minLength: 7 };
    const changes = Object.entries(how).map(([key, value]) => `captioning.${key}=${JSON.stringify(value)}`);
    const looking = { ...captioning, frames: null, candidates: [] };
    const result = await evaluateTask(captioning.model, set, recipeOf('captioning', ...changes), looking);
    assert.deepEqual(result, await evaluateCaptioning(captioning.model, set, { ...captioning, ...how, frames: null }));
    results.push(result);
  }
  assert.notDeepEqual(results[0], results[1]);
});

test('answers are chosen where there are some to choose from, and smoothed as in training only by the official profile', () => {
  const inference = (answers: readonly string[], ...changes: readonly string[]) =>
    inferenceOf(recipeOf('answering', 'answering.rankedAnswers=7', 'answering.smoothing=0.2', ...changes), answers);
  assert.deepEqual(inference(candidates), { by: 'rank', candidates, k: 7, smoothing: 0 });
  assert.deepEqual(inference(candidates, 'profile=official'), { by: 'rank', candidates, k: 7, smoothing: 0.2 });
  const written = { by: 'generate', beams: 5, maxLength: 6 };
  const changes = ['answering.beams=5', 'answering.maxLength=6'];
  assert.deepEqual(inference([], ...changes), written);
  assert.deepEqual(inference(candidates, 'answering.inference=generate', ...changes), written);
});

const recalls = (r: number) => ({ 'R@1': r, 'R@5': r + 1, 'R@10': r + 2, medianRank: 3, meanRank: 4 });
const looked = { items: 2, frames: null, frameAware: false };
const both = { textToMedia: recalls(10), mediaToText: recalls(20) };
const scored: Readonly<Record<TaskName, Scores>> = {
  retrieval: { task: 'retrieval', ...both, firstStage: both, texts: 3, ...looked },
  answering: {
    ...{ task: 'answering', metric: 'vqa', accuracy: 60, byType: { number: 30, other: 90 } },
    ...{ questions: 3, inference: 'rank', ...looked },
  },
  captioning: { task: 'captioning', CIDEr: 133.3, BLEU: [70, 50, 40, 30], references: 5, ...looked },
};

test('the figures of scores have names and an order', () => {
  const ranks = [
    ['medianRank', 3],
    ['meanRank', 4],
  ] as const;
  const way = (name: string, r: number) =>
    [['R@1', r] as const, ['R@5', r + 1] as const, ['R@10', r + 2] as const, ...ranks].map(([key, value]) => [
      `${name} ${key}`,
      value,
    ]);
  assert.deepEqual(figuresOf(scored.retrieval), [...way('textToMedia', 10), ...way('mediaToText', 20)]);
  assert.deepEqual(figuresOf(scored.answering), [
    ['accuracy', 60],
    ['accuracy number', 30],
    ['accuracy other', 90],
  ]);
  assert.deepEqual(figuresOf(scored.captioning), [
    ['CIDEr', 133.3],
    ...[70, 50, 40, 30].map((value, i) => [`BLEU-${i + 1}`, value]),
  ]);
});

test('runs are compared by the mean of six recalls, by accuracy, or by CIDEr', () => {
  assert.equal(headlineOf(scored.retrieval), (10 + 11 + 12 + 20 + 21 + 22) / 6);
  assert.equal(headlineOf(scored.answering), 60);
  assert.equal(headlineOf(scored.captioning), 133.3);
});
