import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Item, Question } from './item.js';
import { countsOf, coverageOf, histogramOf, isLeak, type Place, sameBy, summaryOf, wordCounts } from './statistics.js';

const item = (id: string, more: Partial<Item> = {}): Item => ({
  ...{ id, media: `${id}.jpg`, kind: 'image', captions: [], questions: [], line: 1 },
  ...more,
});
const asked = (answers: readonly string[], type?: string): Question => ({
  ...{ id: '', question: 'what', answers },
  ...(type !== undefined && { type }),
});

test('a summary has the smallest, the middle, the mean and the largest of any values, as by hand', () => {
  const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 });
  fc.assert(
    fc.property(values, (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const half = sorted.length / 2;
      const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]] as [number, number];
      const { min, median, mean, max } = summaryOf(values) ?? assert.fail();
      assert.deepEqual([min, median, max], [Math.min(...values), (low + high) / 2, Math.max(...values)]);
      assert.ok(Math.abs(mean * values.length - values.reduce((a, b) => a + b)) < 1e-9 * values.length * 50);
    }),
  );
  assert.equal(summaryOf([]), null);
});

test('a histogram has every value once; few whole numbers have a bin each', () => {
  assert.deepEqual(histogramOf([5, 5, 7, 6, 5]), [3, 1, 1]);
  assert.deepEqual(histogramOf([3]), [1]);
  assert.deepEqual(histogramOf([]), []);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 1 }), (values) => {
      const bins = histogramOf(values);
      assert.equal(
        bins.reduce((a, b) => a + b),
        values.length,
      );
      assert.ok(bins.length <= 24 && (bins[0] as number) > 0 && (bins.at(-1) as number) > 0);
    }),
  );
});

test('items, captions, questions by type, and words are counted', () => {
  const items = [
    item('a', { captions: ['one two', ' three\n four  five '] }),
    item('b', { questions: [asked(['yes'], 'is'), asked(['two'], 'how'), asked([], 'is'), asked(['no'])] }),
  ];
  assert.deepEqual(countsOf(items), { items: 2, captions: 2, questions: 4, byType: { how: 1, is: 2 } });
  assert.deepEqual(wordCounts(items), [2, 3]);
});

test('a question is covered if its most common answer can be chosen; unknown answers do not count', () => {
  const questions = [
    asked(['red', 'blue', 'blue']),
    asked(['red']),
    asked(['green']),
    asked(['green', 'red']),
    asked([]),
  ];
  assert.deepEqual(coverageOf([item('a', { questions })], ['red', 'yes']), {
    ...{ questions: 4, covered: 1 },
    uncovered: [
      ['green', 2],
      ['blue', 1],
    ],
  });
});

test('places with the same key are together; a leak is in two splits', () => {
  const place = (split: Place['split'], id: string): Place => ({ split, item: item(id) });
  const places = [place('train', 'a'), place('train', 'b'), place('test', 'a'), place('train', 'b'), place('val', 'c')];
  const groups = sameBy(places, ({ item }) => (item.id === 'c' ? undefined : item.id));
  assert.deepEqual(
    groups.map((group) => [group.map(({ item, split }) => `${split} ${item.id}`), isLeak(group)]),
    [
      [['train a', 'test a'], true],
      [['train b', 'train b'], false],
    ],
  );
});
