import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Item, SPLIT_NAMES, type Split } from './item.js';
import { splitItems } from './split.js';

const item = (i: number, split?: Split): Item => ({
  id: `${i}`,
  media: `${i}.jpg`,
  kind: 'image',
  captions: ['a', 'b'],
  questions: [],
  line: i + 1,
  ...(split && { split }),
});
const many = (n: number) => Array.from({ length: n }, (_, i) => item(i));
const ids = (items: readonly Item[]) => items.map(({ id }) => id);

test('made splits share out every item once, in about the given fractions', () => {
  const items = many(2000);
  const splits = splitItems(items, { seed: 1 });
  const all = SPLIT_NAMES.flatMap((name) => ids(splits[name]));
  assert.deepEqual(new Set(all), new Set(ids(items)));
  assert.equal(all.length, 2000);
  assert.ok(Math.abs(splits.train.length - 1600) < 60 && Math.abs(splits.test.length - 200) < 50);
});

test('a made split depends on the id and the seed, not on the other items', () => {
  const before = splitItems(many(300), { seed: 1 });
  const after = splitItems(many(500).reverse(), { seed: 1 });
  for (const name of SPLIT_NAMES) assert.ok(ids(before[name]).every((id) => ids(after[name]).includes(id)));
  assert.notDeepEqual(ids(splitItems(many(300), { seed: 2 }).test), ids(before.test));
});

test('no wanted split is empty, even in a tiny folder', () => {
  for (let seed = 0; seed < 20; seed++) {
    const splits = splitItems(many(3), { seed });
    assert.deepEqual(
      SPLIT_NAMES.map((name) => splits[name].length),
      [1, 1, 1],
    );
  }
  assert.equal(splitItems(many(5), { seed: 1, fractions: { train: 1, val: 0, test: 0 } }).train.length, 5);
});

test('given splits are kept as they are, empty ones too', () => {
  const splits = splitItems([item(0, 'test'), item(1, 'train'), item(2, 'test')], { seed: 1 });
  assert.deepEqual([ids(splits.train), ids(splits.val), ids(splits.test)], [['1'], [], ['0', '2']]);
});

test('fractions that do not add up are refused', () => {
  assert.throws(() => splitItems([], { seed: 1, fractions: { train: 0.8, val: 0.1, test: 0.2 } }), { code: 'recipe' });
});
