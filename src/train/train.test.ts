// The loop and its state, with a clock that stands still and programs that are counted.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { methodOf } from '../model/index.js';
import { openManifest } from '../node/data/dataset.js';
import { loadFresh } from '../node/run/load.js';
import { temporaryFolder, toyBackbone, toyData, toyRecipe } from '../node/toy.test-support.js';
import type { Backend } from '../runtime/index.js';
import { chosen, type StateSizes, type TrainEvent, type TrainJob, type TrainState, train } from './index.js';
import { enqueue, initialState, stateArrays } from './state.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

/** A job, and how many of its programs are loaded at the moment. */
async function jobOf(changes: readonly string[], change: Partial<TrainJob> = {}) {
  const recipe = toyRecipe(backbone, data, changes);
  const { model, encode, preprocess } = await loadFresh(recipe, methodOf(recipe));
  const { splits } = await openManifest(data, { seed: 1 });
  const programs = { loaded: 0 };
  const job: TrainJob = {
    run: 'toy',
    model: { ...model, backend: counting(model.backend, programs) },
    recipe,
    trainSet: () => splits.train,
    val: splits.val,
    test: splits.test,
    encode,
    preprocess,
    restore: async () => null,
    save: async () => 'saved',
    signal: new AbortController().signal,
    now: () => 0,
    ...change,
  };
  return { job, programs };
}

const counting = (backend: Backend, programs: { loaded: number }): Backend => ({
  ...backend,
  async load(model, files) {
    const session = await backend.load(model, files);
    programs.loaded++;
    return {
      run: session.run,
      async release() {
        programs.loaded--;
        await session.release();
      },
    };
  },
});

async function collect(events: AsyncIterable<TrainEvent>): Promise<TrainEvent[]> {
  const all: TrainEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('a run tells its plan, its steps, its evaluations and its checkpoints, in this order', async () => {
  const { job, programs } = await jobOf(['train.epochs=2', 'train.checkpointEvery=3']);
  const events = await collect(train(job));
  assert.deepEqual(
    events.map((event) => [
      event.type,
      ...('step' in event ? [event.step] : []),
      ...('split' in event ? [event.split] : []),
    ]),
    [
      ['plan'],
      ...[
        ['step', 1],
        ['step', 2],
        ['evaluation', 'val'],
      ],
      ...[
        ['step', 3],
        ['checkpoint', 3],
        ['step', 4],
        ['evaluation', 'val'],
        ['checkpoint', 4],
      ],
      ['evaluation', 'test'],
    ],
  );
  assert.equal(programs.loaded, 0);
});

test('programs are released when listeners leave, saving fails, or an image breaks', async () => {
  const left = await jobOf([]);
  for await (const event of train(left.job)) if (event.type === 'step') break;
  assert.equal(left.programs.loaded, 0);

  const full = await jobOf(['train.checkpointEvery=1'], { save: () => Promise.reject(new Error('full')) });
  await assert.rejects(collect(train(full.job)), /full/);
  assert.equal(full.programs.loaded, 0);

  const { splits } = await openManifest(data, { seed: 1 });
  const pixels = () => Promise.reject(new Error('broken'));
  for (const change of [{ trainSet: () => ({ ...splits.train, pixels }) }, { val: { ...splits.val, pixels } }]) {
    const broken = await jobOf([], change);
    await assert.rejects(collect(train(broken.job)), /broken/);
    assert.equal(broken.programs.loaded, 0);
  }
});

test('no rejection is left unhandled when a run ends early', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const { splits } = await openManifest(data, { seed: 1 });
  let asked = 0;
  const pixels = (index: number) => (asked++ < 6 ? splits.train.pixels(index) : Promise.reject(new Error('broken')));
  const { job } = await jobOf([], { trainSet: () => ({ ...splits.train, pixels }) });
  for await (const event of train(job)) if (event.type === 'step') break;
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});

test('a request to stop that comes before the first step still leaves a checkpoint', async () => {
  const { job, programs } = await jobOf([], { signal: AbortSignal.abort() });
  const events = await collect(train(job));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['plan', 'step', 'interrupted'],
  );
  assert.equal(programs.loaded, 0);
});

test('fresh pictures are asked for once an epoch', async () => {
  const { splits } = await openManifest(data, { seed: 1 });
  const epochs: number[] = [];
  const trainSet = (epoch: number) => {
    epochs.push(epoch);
    return splits.train;
  };
  const { job } = await jobOf(['train.epochs=3', 'train.evaluateEvery=0'], { trainSet });
  await collect(train(job));
  assert.deepEqual([...new Set(epochs)], [0, 1, 2]);
  assert.equal(epochs.filter((epoch) => epoch > 0).length, 2);
});

test('evaluations come as often as asked for, and at the end', async () => {
  const epochsOf = async (every: number) => {
    const { job } = await jobOf(['train.epochs=5', 'train.batch=8', `train.evaluateEvery=${every}`]);
    return (await collect(train(job))).flatMap((event) =>
      event.type === 'evaluation' && event.split === 'val' ? [event.epoch] : [],
    );
  };
  assert.deepEqual(await epochsOf(2), [1, 3, 4]);
  assert.deepEqual(await epochsOf(0), [4]);
});

test('the time left is that of the steps left, at the pace of this process', async () => {
  let clock = 0;
  const { job } = await jobOf(['train.epochs=2', 'train.evaluateEvery=0'], { now: () => (clock += 500) });
  const steps = (await collect(train(job))).filter((event) => event.type === 'step');
  assert.deepEqual(
    steps.map(({ seconds, secondsLeft }) => [seconds, secondsLeft]),
    [
      [1, 1.5],
      [2, 1.5],
      [3, 2.5 / 3],
      [4, 0],
    ],
  );
});

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
  assert.equal(chosen({ ...state, best: { epoch: 0, score: 1, parameters: best } }), best);
});
