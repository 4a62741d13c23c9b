// What a training says of itself.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { temporaryFolder, toyBackbone, toyData, toyDecided, toyRecipe } from '../../node/toy.test-support.js';
import type { NoticeEvent } from './events.js';
import { finish } from './index.js';
import type { TrainState } from './state.js';
import { finished, jobOf, type ToyJob } from './toy.test-support.js';
import { lossWatch } from './watch.js';

const folder = temporaryFolder();
let backbone: string;
let data: string;
before(async () => {
  backbone = await toyBackbone(join(folder, 'backbone'));
  data = await toyData(join(folder, 'data'));
});

/** What is said of a course of losses. */
function saidOf(losses: readonly number[], { queue = 0, first = 0 } = {}): string[] {
  const recipe = toyDecided(toyRecipe('toy', 'data', [`retrieval.queue=${queue}`]));
  const notices: NoticeEvent[] = [];
  const watch = lossWatch({ ...recipe, retrieval: { ...recipe.retrieval, queue } }, { steps: losses.length, first });
  for (const [i, loss] of losses.entries()) if (i >= first) notices.push(...watch(i + 1, loss));
  return notices.map(({ text }) => text);
}

const course = (from: number, to: number, steps = 120) =>
  Array.from({ length: steps }, (_, i) => from + ((to - from) * i) / steps);

test('a loss that rises or stays is said once, with what to try; one that falls is not', () => {
  assert.deepEqual(saidOf(course(3, 1)), []);
  const [rises, ...more] = saidOf(course(2.8, 5.5));
  assert.match(rises ?? '', /^The loss rises: 3\.01 at first, [34]\.\d+ now\. Try a lower .*learningRate=0\.0002\.$/);
  assert.deepEqual(more, []);
  assert.match(
    saidOf(course(2, 2))[0] ?? '',
    /^The loss has not fallen: 2\.00 at first, 2\.00 now\. Try a higher .*0\.002/,
  );
  assert.match(saidOf(course(2, 2, 18))[0] ?? '', /has not fallen/);
});

test('a loss that rises while the queue fills is not said, nor one that stays after a resume', () => {
  const filling = [...course(2, 6, 60), ...course(6, 4, 60)];
  assert.deepEqual(saidOf(filling, { queue: 240 }), []);
  assert.deepEqual(saidOf(course(2, 2), { first: 60 }), []);
});

/** The figures of the validations of a run, one after the other; 0 for the test. */
function rated(job: ToyJob, ratings: readonly number[]): ToyJob {
  let next = 0;
  const { evaluate } = job.task;
  return {
    ...job,
    task: {
      ...job.task,
      selectionMetric: () => ratings[next++] ?? 0,
      evaluate: (model, set) => evaluate.call(job.task, model, { ...set, items: set.items.slice(0, 1) }),
    },
  };
}

test('a run stops when patience is at its end, says so, and goes no further when it is resumed', async () => {
  const saved: TrainState[] = [];
  const save: ToyJob['save'] = async (state) => {
    saved.push(structuredClone(state));
    return 'saved';
  };
  const changes = ['train.epochs=9', 'train.patience=2', 'train.batch=8'];
  const { job } = await jobOf(backbone, data, changes, { save });
  const { events, trained } = await finished(rated(job, [10, 30, 20, 30, 99]));
  assert.equal(trained?.state.best?.epoch, 1);
  const last = events.filter((event) => event.type === 'step').at(-1);
  assert.equal(last?.epoch, 3);
  const notice = events.find((event) => event.type === 'notice');
  assert.match(
    notice?.text ?? '',
    /^Stopped after epoch 4 of 9: 2 evaluations in a row .* epoch 2, whose adapter is kept/,
  );

  const again = await jobOf(backbone, data, changes, { restore: async () => saved.at(-1) ?? null });
  const resumed = await finished(rated(again.job, []));
  assert.ok(!resumed.events.some((event) => event.type === 'step'));
  assert.equal(resumed.trained?.state.best?.epoch, 1);
});

test('scores that have fallen at the end are said', async () => {
  const { job } = await jobOf(backbone, data, ['train.epochs=3', 'train.batch=8']);
  const { events } = await finished(rated(job, [10, 30, 20]));
  const [notice] = events.flatMap((event) => (event.type === 'notice' && event.about === 'scores' ? [event.text] : []));
  assert.match(notice ?? '', /fallen from 30\.0 after epoch 2 to 20\.0: the adapter is that of epoch 2/);
});

test('a run that was stopped is finished with the best so far, without a further step', async () => {
  let state: TrainState | null = null;
  const save: ToyJob['save'] = async (now) => {
    state = structuredClone(now);
    return 'saved';
  };
  const changes = ['train.epochs=4', 'train.checkpointEvery=3'];
  const stopped = await jobOf(backbone, data, changes, { save, signal: { aborted: true } });
  await finished(stopped.job);
  const { job } = await jobOf(backbone, data, changes, { restore: async () => state });
  const run = finish(job);
  const types: string[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) types.push(next.value.type);
  assert.deepEqual(types, ['plan', 'evaluation', 'evaluation'], 'what was not evaluated yet, and the test');
  assert.equal(next.value.state.step, 1);
  assert.ok(next.value.state.best && next.value.scores);

  const empty = await jobOf(backbone, data, changes);
  await assert.rejects(finish(empty.job).next(), /toy: has no checkpoint to finish from/);
});
