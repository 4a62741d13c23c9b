import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesOf, rank, rankOfTrue } from './ranking.js';
import { tallyOf } from './tally.js';

test('the most similar caption comes first, and the true one has the rank it got', () => {
  const candidates = candidatesOf('a red dog', ['a cat', 'a blue car']);
  const ranked = rank(candidates, [[0.6, 0.8], [1, 0], [0, 1]], [1, 0]); // biome-ignore format: one a caption
  assert.deepEqual(
    ranked.map(({ caption }) => caption),
    ['a cat', 'a red dog', 'a blue car'],
  );
  assert.equal(rankOfTrue(ranked), 2);
});

test('a caption that another picture has too is no wrong one', () => {
  assert.deepEqual(
    candidatesOf('a dog', ['a cat', 'a dog', 'a cat']).map(({ caption }) => caption),
    ['a dog', 'a cat'],
  );
});

test('the tally counts answers by type, first places, and what chance would do', () => {
  const tally = tallyOf([
    { answers: [{ type: 'count', isRight: true }, { type: 'where', isRight: false }], ranking: { rank: 1, among: 4 } }, // biome-ignore format: short
    { answers: [{ type: 'count', isRight: false }], ranking: { rank: 2, among: 2 } },
    { answers: [], ranking: null },
  ]);
  assert.deepEqual(tally.answers, { right: 1, all: 3 });
  assert.deepEqual(tally.byType, [
    ['count', { right: 1, all: 2 }],
    ['where', { right: 0, all: 1 }],
  ]);
  assert.deepEqual(tally.first, { right: 1, all: 2 });
  assert.equal(tally.firstByChance, (1 / 4 + 1 / 2) / 2);
  assert.equal(tally.seeds, 3);
});
