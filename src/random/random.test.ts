import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stream } from './random.js';

test('the mixer is Philox-4x32-10: it reproduces an independent 64-bit implementation', () => {
  const s = stream(123, 'crop', 2 ** 40 + 5);
  const key = fnv('crop');
  const expected = [...philox([0n, 0n, 5n, 256n], [123n, key]), ...philox([1n, 0n, 5n, 256n], [123n, key])];
  for (const bits of expected) assert.equal(s.uniform() * 2 ** 32, Number(bits));
});

test('streams of another seed, purpose or index differ, and the same one repeats', () => {
  const first = (...args: Parameters<typeof stream>) => stream(...args).uniform();
  assert.equal(first(1, 'a', 0), first(1, 'a', 0));
  assert.equal(new Set([first(1, 'a', 0), first(2, 'a', 0), first(1, 'b', 0), first(1, 'a', 1)]).size, 4);
});

test('normal has mean 0 and variance 1, gumbel has mean 0.5772', () => {
  const s = stream(7, 'moments', 0);
  const n = 40000;
  const normals = Array.from({ length: n }, () => s.normal());
  const gumbels = Array.from({ length: n }, () => s.gumbel());
  const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
  assert.ok(Math.abs(mean(normals)) < 0.02);
  assert.ok(Math.abs(mean(normals.map((x) => x * x)) - 1) < 0.03);
  assert.ok(Math.abs(mean(gumbels) - 0.5772) < 0.03);
});

test('a permutation holds every index once', () => {
  assert.deepEqual(
    [...stream(3, 'order', 1).permutation(50)].sort((a, b) => a - b),
    [...Array(50).keys()],
  );
});

function fnv(text: string): bigint {
  let h = 0x811c9dc5n;
  for (const c of text) h = ((h ^ BigInt(c.charCodeAt(0))) * 0x01000193n) & 0xffffffffn;
  return h;
}

function philox(c: bigint[], k: bigint[]): bigint[] {
  const mask = 0xffffffffn;
  let [c0, c1, c2, c3] = c as [bigint, bigint, bigint, bigint];
  let [k0, k1] = k as [bigint, bigint];
  for (let i = 0; i < 10; i++) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3];
}
