import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bootstrap, meanIntervals, medianInterval, shareInterval, wilson } from './interval.js';

const close = (actual: number | undefined, expected: number, within = 1e-3) =>
  assert.ok(Math.abs((actual as number) - expected) < within, `${actual} is not ${expected}`);

test('Wilson’s interval is that of published tables', () => {
  for (const [right, n, low, high] of [
    [0, 10, 0, 0.2775],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
  ] as const) {
    const [from, to] = wilson(right / n, n);
    close(from, low, 1e-4);
    close(to, high, 1e-4);
  }
});

test('Wilson’s ends are the shares that the measured one is just 1.96 standard errors from, found by bisection', () => {
  const shares = fc.record({ n: fc.integer({ min: 1, max: 500 }), right: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(shares, ({ n, right }) => {
      const share = Math.round(right * n) / n;
      const isFar = (truth: number) => Math.abs(share - truth) > 1.959964 * Math.sqrt((truth * (1 - truth)) / n);
      const end = (outer: number) => {
        let [far, near] = [outer, share];
        for (let i = 0; i < 60; i++) {
          const middle = (far + near) / 2;
          if (isFar(middle)) far = middle;
          else near = middle;
        }
        return near;
      };
      const [low, high] = wilson(share, n);
      close(low, end(0), 1e-6);
      close(high, end(1), 1e-6);
    }),
  );
});

test('where each picture is asked one thing, the interval is Wilson’s own', () => {
  const right = [1, 0, 1, 1, 0, 0, 1];
  const [low, high] = wilson(4 / 7, 7);
  const [from, to] = shareInterval(right, [...right.keys()]);
  close(from, 100 * low, 1e-9);
  close(to, 100 * high, 1e-9);
});

test('ten questions that stand and fall together are worth one', () => {
  const pictures = Array.from({ length: 40 }, (_, i) => i);
  const alike = pictures.flatMap((picture) => Array<number>(10).fill(picture % 2));
  const groups = pictures.flatMap((picture) => Array<number>(10).fill(picture));
  assert.deepEqual(
    shareInterval(alike, groups).map(Math.round),
    wilson(0.5, 40).map((end) => Math.round(100 * end)),
  );
  const mixed = alike.map((_, i) => i % 2); // five of ten right in each: no picture is easier than another
  assert.deepEqual(
    shareInterval(mixed, groups).map(Math.round),
    wilson(0.5, 400).map((end) => Math.round(100 * end)),
  );
});

test('nothing but right answers is still not certain, and less so where pictures are few', () => {
  const [low, high] = shareInterval([1, 1, 1, 1], [0, 0, 1, 1]);
  assert.equal(high, 100);
  close(low, 100 * wilson(1, 2)[0], 1e-9);
});

test('the interval of grouped shares is near what drawing pictures again gives', () => {
  const groups = Array.from({ length: 600 }, (_, i) => Math.floor(i / 3));
  const right = groups.map((picture, i) => Number((picture * 7919 + (i % 3 === 0 ? 1 : 0)) % 10 < 6));
  const [drawn] = meanIntervals([{ values: right, groups }]);
  const own = shareInterval(right, groups);
  for (const end of [0, 1] as const) close(own[end], 100 * (drawn?.[end] as number), 1.2);
});

test('the bootstrap of a mean is as wide as its standard error says, and the same every time', () => {
  const values = Array.from({ length: 400 }, (_, i) => ((i * 7919) % 101) / 100);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const error = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / values.length;
  const groups = [...values.keys()];
  const [interval] = meanIntervals([{ values, groups }]);
  close(interval?.[0], mean - 1.96 * error, error / 5);
  close(interval?.[1], mean + 1.96 * error, error / 5);
  assert.deepEqual(meanIntervals([{ values, groups }]), [interval]);
});

test('every statistic of a bootstrap sees the same draws', () => {
  const [one, twice] = bootstrap(5, [(drawn) => drawn[0] as number, (drawn) => 2 * (drawn[0] as number)]);
  assert.deepEqual(
    twice,
    one?.map((end) => 2 * end),
  );
});

test('an interval of nothing is an error', () => {
  assert.throws(() => shareInterval([], []), { code: 'data' });
  assert.throws(() => shareInterval([1], [0, 1]), { code: 'data' });
});

test('the interval of a median is near what drawing again gives, and holds the median', () => {
  const values = Array.from({ length: 401 }, (_, i) => ((i * 7919) % 401) ** 2);
  const groups = [...values.keys()];
  const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[200] as number;
  const [drawn] = bootstrap(401, [(drawn) => median(Array.from(drawn, (i) => values[i] as number))]);
  const [low, high] = medianInterval(values, groups);
  assert.ok(low < median(values) && median(values) < high);
  close(low, drawn?.[0] as number, 4000);
  close(high, drawn?.[1] as number, 4000);
  assert.deepEqual(medianInterval([3], [0]), [3, 3]);
});
