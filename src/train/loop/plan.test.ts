// How much of a batch is computed at once.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { temporaryFolder, toyBackbone, toyData } from '../../node/toy.test-support.js';
import { planStep } from './index.js';
import { compileStep } from './step.js';
import { finished, jobOf } from './toy.test-support.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

const GIGABYTE = 1e9;

for (const task of ['retrieval', 'answering', 'captioning'])
  test(`${task}: the largest pieces that fit are chosen, and smaller ones take less`, async () => {
    const { job } = await jobOf(backbone, data, [`task=${task}`, 'train.batch=12', 'retrieval.queue=8']);
    const { sizes, release } = await compileStep(job.model, job.task, {});
    await release();
    const within = (bytes: number) => planStep(job.model, job.task, sizes, bytes);
    const whole = within(GIGABYTE);
    assert.equal(whole.piece, null);
    const found: number[] = [];
    for (let plan = within(whole.bytes - 1); ; plan = within(plan.bytes - 1)) {
      assert.ok(plan.piece !== null && 12 % plan.piece === 0 && plan.bytes < whole.bytes);
      assert.deepEqual(within(plan.bytes), plan, 'exactly enough is enough');
      found.push(plan.piece);
      if (plan.piece === 1) {
        assert.throws(() => within(plan.bytes - 1), {
          code: 'memory',
          message: /train\.memory: .* not even sample by sample/,
        });
        break;
      }
    }
    assert.deepEqual(
      found,
      [...found].sort((a, b) => b - a),
    );
    assert.ok(found.length > 2, `${found}`);
  });

for (const [task, isFree] of [
  ['retrieval', false],
  ['answering', true],
  ['captioning', true],
] as const)
  test(`${task}: of a batch that takes gigabytes, ${isFree ? 'pieces, which cost no time' : 'the whole, since pieces cost time'}`, async () => {
    const large = ['train.batch=8192', 'data.frames=16', 'retrieval.queue=8'];
    const { job } = await jobOf(backbone, data, [`task=${task}`, ...large]);
    const { sizes, release } = await compileStep(job.model, job.task, {});
    await release();
    const plan = planStep(job.model, job.task, sizes, Number.POSITIVE_INFINITY);
    assert.equal(plan.piece !== null, isFree, JSON.stringify(plan));
  });

test('a run tells its plan and follows it', async () => {
  const changes = ['train.batch=4', 'train.epochs=1'];
  const { job } = await jobOf(backbone, data, changes);
  const [plan] = (await finished(job)).events;
  assert.ok(plan?.type === 'plan' && plan.memory.piece === null);
  const less = await jobOf(backbone, data, changes, { memoryBytes: plan.memory.bytes - 1 });
  const { events } = await finished(less.job);
  const [smaller] = events;
  assert.ok(smaller?.type === 'plan' && smaller.memory.piece !== null && smaller.memory.bytes < plan.memory.bytes);
  assert.ok(less.programs.ever > 3, 'four programs where one was');
  assert.ok(events.some(({ type }) => type === 'step'));
});

test('a run that is resumed goes on in the pieces it began with, whatever memory is free now', async () => {
  const { job } = await jobOf(backbone, data, ['train.batch=4', 'train.epochs=1'], { piece: 2 });
  const pieces: (number | null)[] = [];
  const save: typeof job.save = async (_, __, piece) => `${pieces.push(piece)}`;
  const [plan] = (await finished({ ...job, save })).events;
  assert.equal(plan?.type === 'plan' && plan.memory.piece, 2);
  assert.deepEqual(pieces, [2]);
});
