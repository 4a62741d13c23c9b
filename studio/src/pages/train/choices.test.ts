import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../../../src/recipe/index.js';
import type { Dataset } from '../../../../src/server/schema/index.js';
import { type Choices, EFFORTS, METHODS, requestOf, samplesOf, settingsOf, tasksOf } from './choices.js';

const dataset: Dataset = {
  ...{ name: 'beach', items: 1000, kind: 'both', captions: 5000, questions: 2000, isSample: false, problem: null },
  splits: { train: 800, val: 100, test: 100 },
};
const chosen = (change: Partial<Choices> = {}): Choices => ({
  ...{ name: 'first', dataset, task: 'retrieval', skipBad: false },
  ...settingsOf('normal', { dataset, task: 'retrieval' }),
  ...change,
});

test('every method, task and effort gives a recipe without a flaw', () => {
  for (const method of METHODS)
    for (const task of tasksOf(dataset))
      for (const effort of EFFORTS) {
        const settings = settingsOf(effort, { dataset, task });
        const recipe = parseRecipe(requestOf(chosen({ task, ...settings, method })).recipe, 'the choices');
        assert.equal(recipe.method.name, method);
        assert.equal(recipe.train.epochs, settings.epochs);
      }
});

test('the size of lora is its rank', () => {
  const { method } = parseRecipe(requestOf(chosen({ method: 'lora', size: 8 })).recipe, 'the choices');
  assert.ok(method.name === 'lora' && method.rank === 8);
});

test('more effort means more steps and a larger adapter', () => {
  const [quick, normal, thorough] = EFFORTS.map((effort) => settingsOf(effort, { dataset, task: 'retrieval' }));
  assert.ok((quick?.epochs ?? 0) < (normal?.epochs ?? 0) && (normal?.epochs ?? 0) < (thorough?.epochs ?? 0));
  assert.ok((quick?.size ?? 0) < (normal?.size ?? 0) && (normal?.size ?? 0) < (thorough?.size ?? 0));
});

test('a batch is never larger than what there is to train on', () => {
  const few = { ...dataset, items: 10, captions: 20, splits: { train: 6, val: 2, test: 2 } };
  assert.equal(samplesOf(few, 'retrieval'), 12);
  assert.equal(settingsOf('quick', { dataset: few, task: 'retrieval' }).batch, 12);
});

test('a learning rate is left to the data unless somebody chooses one', () => {
  const rateOf = (change: Partial<Choices>) =>
    parseRecipe(requestOf(chosen(change)).recipe, 'the choices').optimiser.learningRate;
  assert.equal(rateOf({}), 'auto');
  assert.equal(rateOf({ learningRate: 1e-3 }), 1e-3);
});

test('nothing is learnt that the dataset has no texts for', () => {
  assert.deepEqual(tasksOf({ captions: 10, questions: 0 }), ['retrieval', 'captioning']);
  assert.deepEqual(tasksOf({ captions: 0, questions: 4 }), ['answering']);
  assert.deepEqual(tasksOf({ captions: 1, questions: 1 }), ['retrieval', 'answering', 'captioning']);
});

test('pictures have no frames, clips have', () => {
  const framesOf = (kind: Dataset['kind']) =>
    parseRecipe(requestOf(chosen({ dataset: { ...dataset, kind } })).recipe, 'the choices').data.frames;
  assert.equal(framesOf('images'), 'auto');
  assert.equal(framesOf('videos'), 4);
});
