import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, JobEvent } from '../../../../src/server/schema/index.js';
import { runOf } from './run.js';

const job = (state: Job['state'], error: string | null = null): JobEvent => ({
  type: 'job',
  job: {
    ...{ id: '1', kind: 'train', title: 'first', state, done: 0, all: 0, secondsLeft: null, request: {}, error },
    ...{ created: '2026-11-28T10:00:00Z', finished: null },
  },
});
const train = (event: Record<string, string | number | object | null>): JobEvent =>
  ({ type: 'train', event }) as JobEvent;
const step = (number: number, total: number): JobEvent => train({ type: 'step', step: number, losses: { total } });
const recall = { 'R@1': 50, 'R@5': 80, 'R@10': 90 };
const evaluation = (epoch: number, split: 'val' | 'test'): JobEvent =>
  train({ type: 'evaluation', epoch, split, scores: { task: 'retrieval', textToMedia: recall, mediaToText: recall } });
const told = (...events: readonly JobEvent[]) => events.map((event, i) => ({ id: i + 1, event }));

test('a step that is done again after a stop counts once, as it was the second time', () => {
  const again = train({ type: 'plan', resumedAt: 1, steps: 3, epochs: 1 });
  const { steps, log } = runOf(told(step(1, 3), step(2, 2), again, step(2, 2.5), step(3, 1)));
  assert.deepEqual(
    steps.map(({ losses }) => losses.total),
    [3, 2.5, 1],
  );
  assert.deepEqual(
    log.map(({ text }) => text),
    ['Goes on after step 1'],
  );
});

test('evaluations of epochs are a curve, that of the test split is the result', () => {
  const view = runOf(told(evaluation(0, 'val'), evaluation(1, 'val'), evaluation(1, 'test')));
  assert.deepEqual(
    view.evaluations.map(({ epoch }) => epoch),
    [0, 1],
  );
  assert.equal(view.test?.split, 'test');
  assert.match(view.log[1]?.text ?? '', /^After epoch 2: .*R@1 50\.0\u00a0%/);
});

test('the log tells each change of state once, and why a run failed', () => {
  const { log, job: last } = runOf(told(job('waiting'), job('running'), job('running'), job('failed', 'disk is full')));
  assert.deepEqual(
    log.map(({ text, isProblem }) => [text, isProblem]),
    [
      ['Waits for its turn', false],
      ['Started', false],
      ['disk is full', true],
    ],
  );
  assert.equal(last?.state, 'failed');
});

test('examples stay in the order of epochs, the later of two of one epoch counting', () => {
  const look = (epoch: number, caption: string): JobEvent => ({
    type: 'examples',
    epoch,
    examples: [{ task: 'captioning', media: null, caption, truths: [] }],
  });
  const { looks } = runOf(told(look(0, 'a'), look(2, 'b'), look(2, 'c')));
  assert.deepEqual(
    looks.map(({ epoch, examples: [first] }) => [epoch, first?.task === 'captioning' && first.caption]),
    [
      [0, 'a'],
      [2, 'c'],
    ],
  );
});
