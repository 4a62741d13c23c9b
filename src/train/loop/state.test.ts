// What a run changes from step to step.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosen, type StateSizes, type TrainState } from './index.js';
import { enqueue, initialState, stateArrays } from './state.js';

const sizes: StateSizes = {
  trainable: ['a', 'b'].map((path) => ({
    ...{ path, shape: [2], dtype: 'float32', role: 'adapter', frozen: false },
    initial: { kind: 'constant', value: 1 },
  })),
  twins: new Set(['b']),
  queue: 3,
  projection: 2,
};

test('a new state starts from what is known, else as declared; twins are equal copies, moments zero', () => {
  const known = { a: Float32Array.of(5, 6) };
  const state = initialState(sizes, known, 1);
  assert.deepEqual(state.parameters, { a: Float32Array.of(5, 6), b: Float32Array.of(1, 1) });
  assert.notEqual(state.parameters.a, known.a);
  assert.deepEqual(state.momentum, { b: Float32Array.of(1, 1) });
  assert.notEqual(state.momentum.b, state.parameters.b);
  assert.deepEqual(state.adamFirst, { a: new Float32Array(2), b: new Float32Array(2) });
  assert.deepEqual(state.queue.index, Int32Array.of(-100, -100, -100));
});

test('new queues hold different unit vectors, the same for the same seed', () => {
  const wide = { ...sizes, queue: 50, projection: 16 };
  const { queue } = initialState(wide, {}, 1);
  for (let row = 0; row < 50; row++) {
    const length = Math.hypot(...queue.image.subarray(16 * row, 16 * row + 16));
    assert.ok(Math.abs(length - 1) < 1e-6);
  }
  const rows = Array.from({ length: 50 }, (_, row) => `${queue.image.subarray(16 * row, 16 * row + 16)}`);
  assert.equal(new Set(rows).size, 50);
  assert.deepEqual(initialState(wide, {}, 1).queue, queue);
  assert.notDeepEqual(initialState(wide, {}, 2).queue.image, queue.image);
  assert.notDeepEqual(queue.text, queue.image);
});

test('a queue is written round and round, by batches of any size', () => {
  for (const batch of [1, 2, 3, 4, 7]) {
    const { queue } = initialState(sizes, {}, 1);
    const written: number[] = [];
    for (let step = 0; step < 5; step++) {
      const index = Int32Array.from({ length: batch }, (_, i) => step * batch + i);
      written.push(...index);
      enqueue(queue, Float32Array.from([...index].flatMap((i) => [i, -i])), new Float32Array(2 * batch), index);
    }
    const expected = new Int32Array(3).fill(-100);
    for (const [at, i] of written.entries()) expected[at % 3] = i;
    assert.deepEqual(queue.index, expected);
    assert.equal(queue.next, written.length % 3);
    assert.deepEqual(queue.image, Float32Array.from([...expected].flatMap((i) => [i, -i])));
  }
});

test('a queue of no rows takes nothing', () => {
  const { queue } = initialState({ ...sizes, queue: 0 }, {}, 1);
  enqueue(queue, new Float32Array(4), new Float32Array(4), Int32Array.of(1, 2));
  assert.equal(queue.next, 0);
  assert.deepEqual(
    stateArrays(initialState({ ...sizes, queue: 0 }, {}, 1), { ...sizes, queue: 0 }).get('queue.ids')?.shape,
    [0],
  );
});

test('the best evaluated parameters are chosen, or the last', () => {
  const state: TrainState = initialState(sizes, {}, 1);
  assert.equal(chosen(state), state.parameters);
  const best = { a: Float32Array.of(9, 9), b: Float32Array.of(9, 9) };
  assert.equal(chosen({ ...state, best: { epoch: 0, score: 1, stages: null, parameters: best } }), best);
});
