// The loop, with a clock that stands still and programs that are counted.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { openDataset } from '../../data/dataset/dataset.js';
import { temporaryFolder, toyBackbone, toyClipData, toyData } from '../../node/toy.test-support.js';
import { train } from './index.js';
import { broken, finished, jobOf as jobWith, type ToyJob } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
let clips: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
  clips = await toyClipData(join(folder, 'clips'));
});

const jobOf = (changes: readonly string[], change: Partial<ToyJob> = {}) => jobWith(backbone, data, changes, change);
const collect = async (job: ToyJob) => (await finished(job)).events;
const opened = async () => (await openDataset(data, { seed: 1 })).splits;

test('a run tells its plan, its steps, its evaluations and its checkpoints, in this order', async () => {
  const { job, programs } = await jobOf(['train.epochs=2', 'train.checkpointEvery=3']);
  const events = await collect(job);
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

test('programs are released when listeners leave, saving fails, or a picture breaks', async () => {
  const left = await jobOf([]);
  for await (const event of train(left.job)) if (event.type === 'step') break;
  assert.equal(left.programs.loaded, 0);

  const full = await jobOf(['train.checkpointEvery=1'], { save: () => Promise.reject(new Error('full')) });
  await assert.rejects(collect(full.job), /full/);
  assert.equal(full.programs.loaded, 0);

  const splits = await opened();
  for (const change of [{ trainSet: () => broken(splits.train) }, { val: broken(splits.val) }]) {
    const spoilt = await jobOf([], change);
    await assert.rejects(collect(spoilt.job), /broken/);
    assert.equal(spoilt.programs.loaded, 0);
  }
});

test('no rejection is left unhandled when a run ends early', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const { train: set } = await opened();
  let asked = 0;
  const frames: typeof set.frames = (index, positions) =>
    asked++ < 6 ? set.frames(index, positions) : Promise.reject(new Error('broken'));
  const { job } = await jobOf([], { trainSet: () => ({ ...set, frames }) });
  for await (const event of train(job)) if (event.type === 'step') break;
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});

test('a request to stop that comes before the first step still leaves a checkpoint', async () => {
  const { job, programs } = await jobOf([], { signal: AbortSignal.abort() });
  const events = await collect(job);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['plan', 'step', 'interrupted'],
  );
  assert.equal(programs.loaded, 0);
});

test('fresh pictures are asked for once an epoch', async () => {
  const splits = await opened();
  const epochs: number[] = [];
  const trainSet = (epoch: number) => {
    epochs.push(epoch);
    return splits.train;
  };
  const { job } = await jobOf(['train.epochs=3', 'train.evaluateEvery=0'], { trainSet });
  await collect(job);
  assert.deepEqual([...new Set(epochs)], [0, 1, 2]);
  assert.equal(epochs.filter((epoch) => epoch > 0).length, 2);
});

test('evaluations come as often as asked for, and at the end', async () => {
  const epochsOf = async (every: number) => {
    const { job } = await jobOf(['train.epochs=5', 'train.batch=8', `train.evaluateEvery=${every}`]);
    return (await collect(job)).flatMap((event) =>
      event.type === 'evaluation' && event.split === 'val' ? [event.epoch] : [],
    );
  };
  assert.deepEqual(await epochsOf(2), [1, 3, 4]);
  assert.deepEqual(await epochsOf(0), [4]);
});

test('the time left is that of the steps left, at the pace of this process', async () => {
  let clock = 0;
  const { job } = await jobOf(['train.epochs=2', 'train.evaluateEvery=0'], { now: () => (clock += 500) });
  const steps = (await collect(job)).filter((event) => event.type === 'step');
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

test('the plan counts items, the texts that are learnt, and what trains', async () => {
  const planOf = async (path: string, changes: readonly string[]) => {
    const { job } = await jobWith(backbone, path, ['train.epochs=1', ...changes]);
    const [plan] = await collect({ ...job, signal: AbortSignal.abort() });
    assert.ok(plan?.type === 'plan');
    const { run, parameters, method, memory, settings, decided, ...rest } = plan;
    assert.deepEqual(
      [settings?.learningRate, settings?.queue, decided],
      [5e-4, plan.task === 'retrieval' ? 6 : undefined, []],
    );
    assert.equal(memory.piece, null);
    assert.ok(parameters.trainable < parameters.all / 10);
    assert.deepEqual([run, method], ['toy', 'uniadapter']);
    return rest;
  };
  const items = { train: 8, val: 4, test: 4 };
  const common = { type: 'plan', items, frames: null, epochs: 1, batch: 4, resumedAt: 0 };
  assert.deepEqual(await planOf(data, []), { ...common, task: 'retrieval', samples: 9, steps: 2 });
  assert.deepEqual(await planOf(data, ['task=answering']), { ...common, task: 'answering', samples: 24, steps: 6 });
  assert.deepEqual(await planOf(data, ['task=captioning']), { ...common, task: 'captioning', samples: 9, steps: 2 });
  assert.deepEqual(await planOf(clips, ['task=answering', 'data.frames=2']), {
    ...{ ...common, task: 'answering', samples: 12, steps: 3 },
    ...{ items: { train: 6, val: 2, test: 4 }, frames: 2 },
  });
});

test('evaluation looks at as many frames as it is told, and weighs them as it is told', async () => {
  const seen = async (...changes: readonly string[]) => {
    const { job } = await jobWith(backbone, clips, ['data.frames=2', 'train.epochs=1', ...changes]);
    return (await collect(job)).flatMap((event) =>
      event.type === 'evaluation' ? [[event.split, event.scores?.frames, event.scores?.frameAware]] : [],
    );
  };
  const of = (frames: number, frameAware: boolean) => ['val', 'test'].map((split) => [split, frames, frameAware]);
  assert.deepEqual(await seen(), of(2, true));
  assert.deepEqual(await seen('data.testFrames=3'), of(3, true));
  assert.deepEqual(await seen('method.frameAware=training'), of(2, false));
  assert.deepEqual(await seen('task=answering', 'data.testFrames=3'), of(3, true));
  assert.deepEqual(await seen('task=captioning', 'data.testFrames=1'), of(1, false));
});
