// What a recipe leaves open, and what is made of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe, type RecipeInput } from '../../recipe/index.js';
import { decide, type Facts } from './decide.js';
import { learningRateOf } from './learning-rate.js';

const data = { path: 'photos' };
const decided = ({ facts, ...given }: Partial<RecipeInput> & { readonly facts?: Partial<Facts> } = {}) =>
  decide(parseRecipe({ data, ...given }, 'recipe'), {
    ...{ samples: 2000, width: 128, frames: null, saysSides: false },
    ...facts,
  });

test('nothing is left open, and nothing that was said is changed', () => {
  const recipe = decided();
  const { rerank: _, ...retrieval } = recipe.retrieval; // validation decides
  for (const section of [recipe.data, recipe.optimiser, retrieval]) assert.ok(!Object.values(section).includes('auto'));
  const said = decided({
    optimiser: { learningRate: 3e-3, warmupSteps: 7, schedule: 'epoch' },
    train: { epochs: 3, dropLast: true, evaluateEvery: 2, patience: 1 },
    retrieval: { queue: 100, momentum: 0.9, alpha: 0.1, queueStart: 'empty' },
    data: { ...data, flip: true },
    facts: { saysSides: true },
  });
  assert.deepEqual(
    [said.optimiser.learningRate, said.optimiser.warmupSteps, said.optimiser.schedule],
    [3e-3, 7, 'epoch'],
  );
  assert.deepEqual([said.train.epochs, said.train.evaluateEvery, said.train.patience], [3, 2, 1]);
  assert.deepEqual([said.retrieval.queue, said.retrieval.momentum, said.retrieval.alpha], [100, 0.9, 0.1]);
  assert.equal(said.data.flip, true);
  assert.deepEqual(decide(said, { samples: 5, width: 768, frames: 8, saysSides: true }).optimiser, said.optimiser);
});

test('epochs come near to a thousand steps: few passes over many samples, many over few', () => {
  const epochs = (samples: number) => decided({ facts: { samples } }).train.epochs;
  assert.deepEqual([37, 2000, 6000, 35_000, 600_000].map(epochs), [40, 16, 5, 1, 1]);
});

test('a queue never holds more than there is; short runs have none, no slow copy and no augmentation', () => {
  assert.equal(decided().retrieval.queue, 0);
  assert.equal(decided({ facts: { samples: 80 }, retrieval: { queue: 57600 } }).retrieval.queue, 80);
  const { retrieval: long, data: seen } = decided({ facts: { samples: 1000 }, train: { epochs: 100 } });
  assert.deepEqual([seen.augment, decided().data.augment], ['release', 'none']);
  assert.deepEqual([long.queue, long.momentum, long.alpha], [1000, 0.995, 0.4]);
});

test('the official profile decides as the release does', () => {
  const { optimiser, train, retrieval, data } = decided({
    profile: 'official',
    facts: { samples: 80, saysSides: true },
  });
  assert.deepEqual([optimiser.learningRate, optimiser.warmupSteps, optimiser.schedule], [1e-5, 0, 'epoch']);
  assert.deepEqual([train.dropLast, train.patience], [true, 0]);
  const { queue, queueStart, momentum, alpha } = retrieval;
  assert.deepEqual([queue, queueStart, momentum, alpha], [57600, 'random', 0.995, 0.4]);
  assert.equal(data.flip, true);
});

test('pictures are not mirrored where texts say left or right', () => {
  assert.deepEqual(
    [false, true].map((saysSides) => decided({ facts: { saysSides } }).data.flip),
    [true, false],
  );
});

test('a floor above the learning rate that is decided is refused', () => {
  assert.throws(
    () => decided({ optimiser: { minLearningRate: 5 } }),
    /optimiser\.minLearningRate: is above .* at most 0\.0/,
  );
});

test('the learning rate falls with width and length, and rises with the batch', () => {
  const course = { method: 'uniadapter', task: 'retrieval', width: 128, batch: 32, steps: 400 } as const;
  const rate = learningRateOf(course);
  assert.ok(learningRateOf({ ...course, width: 768 }) < rate / 3);
  assert.ok(learningRateOf({ ...course, steps: 40_000 }) < rate / 5);
  assert.ok(learningRateOf({ ...course, batch: 128 }) > 1.5 * rate);
  assert.equal(learningRateOf({ ...course, steps: 10 }), rate);
  assert.ok(learningRateOf({ ...course, method: 'full' }) < rate / 3);
});
