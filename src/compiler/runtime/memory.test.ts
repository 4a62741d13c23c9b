// What programs need while they run, counted by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  exp,
  input,
  matmul,
  mul,
  neg,
  relu,
  reshape,
  softmax,
  stopGradient,
  sum,
  type Tensor,
  trace,
} from '../tensor/index.js';
import { peakBytes } from './index.js';

const bytes = (build: () => Record<string, Tensor>) => trace(() => peakBytes(build()));
const x = () => input('x', [10, 10]); // 400 bytes

const cases: Readonly<Record<string, readonly [number, () => Record<string, Tensor>]>> = {
  'what is given takes nothing': [0, () => ({ x: x() })],
  'a chain is written in place': [400, () => ({ y: relu(neg(exp(x()))) })],
  'a product is not': [800, () => ({ y: matmul(neg(x()), x()) })],
  'nor is what another still reads': [
    800,
    () => {
      const y = exp(x());
      return { y: add(neg(y), y) };
    },
  ],
  'a view is the memory of what it shows': [400, () => ({ y: reshape(stopGradient(exp(x())), [100]) })],
  'what a view shows lives as long as the view': [
    1200,
    () => {
      const y = reshape(exp(x()), [100]);
      const z = matmul(x(), x());
      return { y, total: sum(mul(softmax(z), 2)) };
    },
  ],
  'outputs live to the end': [1200, () => ({ a: exp(x()), b: neg(x()), c: relu(x()) })],
  'one operand that is read twice dies once': [
    800,
    () => {
      const y = exp(x());
      return { z: matmul(y, y) };
    },
  ],
};

for (const [name, [expected, build]] of Object.entries(cases)) test(name, () => assert.equal(bytes(build), expected));
