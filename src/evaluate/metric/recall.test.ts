import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { recalls, retrievalMetrics } from './recall.js';

/** The metric as one would do it by hand: sort the candidates, non-relevant ones first among equals, and look. */
function twin(similarity: number[][], relevant: number[][], ks: number[]) {
  const ranks = similarity.map((scores, row) => {
    const isRelevant = (c: number) => (relevant[row] as number[]).includes(c);
    const order = scores.map((_, c) => c);
    order.sort(
      (a, b) => (scores[b] as number) - (scores[a] as number) || Number(isRelevant(a)) - Number(isRelevant(b)),
    );
    return order.findIndex(isRelevant) + 1;
  });
  const sorted = [...ranks].sort((a, b) => a - b);
  const n = sorted.length;
  const at = (i: number) => sorted[i] as number;
  return {
    ...Object.fromEntries(ks.map((k) => [`R@${k}`, (100 * ranks.filter((r) => r <= k).length) / n])),
    medianRank: n % 2 ? at((n - 1) / 2) : (at(n / 2 - 1) + at(n / 2)) / 2,
    meanRank: ranks.reduce((a, b) => a + b, 0) / n,
  };
}

/** Scores from few values, so that ties are common; a random non-empty set of relevant candidates per query. */
const galleries = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })).chain(([rows, cols]) =>
  fc.record({
    similarity: fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: cols, maxLength: cols }), {
      minLength: rows,
      maxLength: rows,
    }),
    relevant: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: cols - 1 }), { minLength: 1 }), {
      minLength: rows,
      maxLength: rows,
    }),
  }),
);

test('recalls equal sorting by hand, ties and several relevant candidates included', () => {
  fc.assert(
    fc.property(galleries, ({ similarity, relevant }) => {
      const flat = Float32Array.from(similarity.flat());
      const cols = similarity[0]?.length as number;
      const actual = recalls(flat, similarity.length, cols, (row) => relevant[row] as number[], [1, 2, 5]);
      assert.deepEqual(actual, twin(similarity, relevant, [1, 2, 5]));
    }),
  );
});

test('both ways equal the twin on the matrix and on its transpose', () => {
  const similarity = [
    [0.9, 0.1, 0.5, 0.5],
    [0.2, 0.8, 0.5, 0.6],
  ];
  const textToMedia = Int32Array.of(0, 1, 0, 0);
  const actual = retrievalMetrics(Float32Array.from(similarity.flat()), textToMedia, [1]);
  const transposed = [0, 1, 2, 3].map((text) => similarity.map((row) => row[text] as number));
  assert.deepEqual(actual.mediaToText, twin(similarity, [[0, 2, 3], [1]], [1]));
  assert.deepEqual(actual.textToMedia, twin(transposed, [[0], [1], [0], [0]], [1]));
  assert.equal(actual.textToMedia['R@1'], 50); // text 2 is tied between the images, text 3 prefers the wrong one
});

test('a constant scorer and a scorer of NaN come last, not first', () => {
  for (const value of [0, Number.NaN]) {
    const scores = new Float32Array(20 * 20).fill(value);
    const result = recalls(scores, 20, 20, (row) => [row]);
    assert.equal(result['R@10'], 0);
    assert.equal(result.medianRank, 20);
  }
});

test('a query without relevant candidate, and a matrix of another size, are errors', () => {
  assert.throws(() => recalls(new Float32Array(4), 2, 2, () => []), { code: 'data' });
  assert.throws(() => recalls(new Float32Array(5), 2, 2, () => [0]), { code: 'shape' });
  assert.throws(() => retrievalMetrics(new Float32Array(5), Int32Array.of(0, 1)), { code: 'shape' });
});
