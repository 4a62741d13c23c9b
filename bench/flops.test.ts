import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../src/compiler/autodiff/index.js';
import { input, linear, matmul, reshape, sum, trace } from '../src/compiler/tensor/index.js';
import { flopsOf } from './flops.js';

test('a product of M × K by K × N counts 2·M·K·N, whatever is transposed, once per matrix of a batch', () => {
  trace(() => {
    const [a, b] = [input('a', [5, 2, 3]), input('b', [5, 3, 4])];
    const [aT, bT] = [input('aT', [5, 3, 2]), input('bT', [5, 4, 3])];
    assert.equal(flopsOf([matmul(a, b)]), 5 * 2 * 2 * 3 * 4);
    assert.equal(flopsOf([matmul(aT, bT, { transA: true, transB: true })]), 5 * 2 * 2 * 3 * 4);
  });
});

test('a frozen linear layer costs as much backward as forward, a trained one twice as much', () => {
  trace(() => {
    const [x, w, v] = [input('x', [2, 7, 3]), input('w', [4, 3]), input('v', [6, 4])];
    const forward = 2 * 14 * 3 * 4;
    const loss = reshape(sum(linear(linear(x, w), v)), []);
    const above = 2 * 14 * 4 * 6;
    assert.equal(flopsOf([loss]), forward + above);
    assert.equal(flopsOf([loss, ...gradients(loss, [w])]), 2 * forward + 2 * above);
  });
});

test('values that no output depends on, and repeated ones, cost nothing', () => {
  trace(() => {
    const [x, w] = [input('x', [2, 3]), input('w', [4, 3])];
    matmul(x, w, { transB: true });
    assert.equal(flopsOf([linear(x, w), linear(x, w)]), 2 * 2 * 3 * 4);
  });
});
