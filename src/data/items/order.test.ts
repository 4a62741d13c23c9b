import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captionsOf } from './gallery.js';
import { sampleCount, stepsPerEpoch, type TextCount, trainOrder } from './order.js';
import { toyItem } from './toy.test-support.js';

const items = Array.from({ length: 7 }, (_, i) => toyItem(i));
const captions: TextCount = (item) => item.captions.length;
const questions: TextCount = (item) => item.questions.length;
const pairsOf = (order: Uint32Array) =>
  Array.from({ length: order.length / 2 }, (_, i) => `${order[2 * i]}/${order[2 * i + 1]}`);

test('an epoch visits every caption of every item once, in another order than the next', () => {
  const order = trainOrder(items, captions, 5, 0);
  assert.deepEqual(pairsOf(order).toSorted(), captionsOf({ items }).captions.toSorted());
  assert.notDeepEqual(trainOrder(items, captions, 5, 1), order);
  assert.notDeepEqual(trainOrder(items, captions, 6, 0), order);
  assert.deepEqual(trainOrder(items, captions, 5, 0), order);
  assert.equal(sampleCount(items, captions), 13);
});

test('where questions are the samples, items without any are not visited', () => {
  assert.deepEqual(pairsOf(trainOrder(items, questions, 5, 0)).toSorted(), ['1/0', '3/0', '5/0']);
  assert.equal(sampleCount(items, questions), 3);
});

test('a last batch that is not full counts, or is dropped; a set smaller than a batch is one of repetitions', () => {
  const of = (dropLast: boolean) => [13, 12, 3, 0].map((samples) => stepsPerEpoch(samples, { batch: 4, dropLast }));
  assert.deepEqual(of(false), [4, 3, 1, 0]);
  assert.deepEqual(of(true), [3, 3, 1, 0]);
});
