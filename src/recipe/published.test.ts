// recipes/: the published runs, against the numbers that were published.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseRecipe, type Recipe } from './index.js';

const recipe = (name: string): Recipe =>
  parseRecipe(parse(readFileSync(new URL(`../../recipes/${name}.yaml`, import.meta.url), 'utf8')), name);

const PUBLISHED = [
  // name, task, format, learning rate, batch, epochs, image size, frames of training and test, candidates
  ['coco', 'retrieval', 'coco', 1e-5, 256, 6, 384, 'auto', null, 256],
  ['flickr30k', 'retrieval', 'flickr30k', 1e-5, 256, 6, 384, 'auto', null, 128],
  ['msrvtt', 'retrieval', 'msrvtt', 1e-4, 64, 5, 224, 8, 8, 128],
  ['didemo', 'retrieval', 'didemo', 1e-4, 64, 5, 224, 8, 16, 128],
  ['msrvtt-qa', 'answering', 'msrvtt-qa', 2e-5, 96, 5, 224, 8, 8, 128],
  ['vqav2', 'answering', 'vqav2', 2e-5, 128, 10, 480, 'auto', null, 128],
  ['coco-captions', 'captioning', 'coco', 1e-5, 256, 5, 384, 'auto', null, null],
] as const;

for (const [name, task, format, rate, batch, epochs, size, frames, testFrames, candidates] of PUBLISHED)
  test(`recipes/${name}.yaml has the published numbers, and says which are second-hand`, () => {
    const { data, optimiser, train, retrieval, answering, ...rest } = recipe(name);
    assert.deepEqual([rest.task, rest.backbone, data.format], [task, 'blip-base', format]);
    assert.deepEqual([optimiser.learningRate, train.batch, train.epochs], [rate, batch, epochs]);
    assert.deepEqual([data.imageSize, data.frames, data.testFrames], [size, frames, testFrames]);
    const k = { retrieval: retrieval.rerank, answering: answering.rankedAnswers, captioning: null }[task];
    assert.equal(k, candidates);
    const text = readFileSync(new URL(`../../recipes/${name}.yaml`, import.meta.url), 'utf8');
    const isSecondHand = frames !== 'auto';
    assert.equal(/learningRate: \S+ # \*/.test(text), isSecondHand);
  });

test('VQA v2 trains on everything that BLIP trained on', () => {
  const { data, answering } = recipe('vqav2');
  assert.deepEqual([data.variant, data.visualGenome, answering.inference], ['server', true, 'rank']);
});

test('captions are written as BLIP writes them', () => {
  const { captioning } = recipe('coco-captions');
  assert.deepEqual(captioning, { smoothing: 0.1, prompt: 'a picture of ', beams: 3, minLength: 5, maxLength: 20 });
});

test('a variant belongs to a format', () => {
  const given = (format: string, variant: string) => parseRecipe({ data: { path: 'x', format, variant } }, 'recipe');
  assert.equal(given('msrvtt', '7k').data.variant, '7k');
  assert.throws(() => given('vqav2', '7k'), /recipe, data\.variant: is not one of vqav2: got 7k, expected server, val/);
  assert.throws(() => given('coco', 'full'), /is not one of coco: got full, expected null/);
});
