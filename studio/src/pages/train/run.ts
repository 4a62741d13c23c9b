// A training as a page shows it, made of all that its job has told so far.

import type { Example, Job, JobEvent } from '../../../../src/server/schema/index.js';
import type { PlanEvent, StepEvent, TrainEvent } from '../../../../src/train/loop/events.js';
import { figuresOfScores, headlines, namedText } from '../../parts/figures.js';

export interface Evaluation {
  readonly epoch: number;
  readonly split: 'val' | 'test';
  readonly scores: Extract<TrainEvent, { readonly type: 'done' }>['scores'];
}

/** The same few searches, questions or captions at one time of the training. */
export interface Look {
  /** Epochs behind it. */
  readonly epoch: number;
  readonly examples: readonly Example[];
}

export interface Line {
  /** Number of the event that says so. */
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
}

export interface RunView {
  readonly job: Job | null;
  readonly plan: PlanEvent | null;
  /** In order of steps; a step that was done again after a stop counts once. */
  readonly steps: readonly StepEvent[];
  /** On the validation split, in order of epochs. */
  readonly evaluations: readonly Evaluation[];
  readonly test: Evaluation | null;
  readonly looks: readonly Look[];
  readonly log: readonly Line[];
  /** What the training says of itself: a loss that does not fall, an end before its time. */
  readonly notices: readonly string[];
  readonly done: Extract<TrainEvent, { readonly type: 'done' }> | null;
}

/** Of the adapter that a training makes. */
export const adapterOf = ({ request, title }: Job): string => (typeof request.name === 'string' ? request.name : title);

export interface Told {
  readonly id: number;
  readonly event: JobEvent;
}

/** @param told  events of a job from its beginning, in order */
export function runOf(told: readonly Told[]): RunView {
  const steps = new Map<number, StepEvent>();
  const evaluations = new Map<number, Evaluation>();
  const looks = new Map<number, Look>();
  const view: { -readonly [K in 'job' | 'plan' | 'test' | 'done']: RunView[K] } = {
    ...{ job: null, plan: null, test: null, done: null },
  };
  const log: Line[] = [];
  const notices = new Set<string>();
  for (const { id, event } of told) {
    const line = lineOf(event, view.job);
    if (line) log.push({ id, isProblem: isProblem(event), text: line });
    if (event.type === 'job') view.job = event.job;
    if (event.type === 'examples') looks.set(event.epoch, event);
    if (event.type !== 'train') continue;
    const train = trainEventOf(event);
    if (train.type === 'plan') view.plan = train;
    if (train.type === 'step') steps.set(train.step, train);
    if (train.type === 'evaluation' && train.split === 'val') evaluations.set(train.epoch, train);
    if (train.type === 'evaluation' && train.split === 'test') view.test = train;
    if (train.type === 'notice') notices.add(train.text);
    if (train.type === 'done') view.done = train;
  }
  const inOrder = <T>(byNumber: ReadonlyMap<number, T>) =>
    [...byNumber].sort(([a], [b]) => a - b).map(([, value]) => value);
  return {
    ...view,
    steps: inOrder(steps),
    evaluations: inOrder(evaluations),
    looks: inOrder(looks),
    log,
    notices: [...notices],
  };
}

/** The server passes on what training told as it is. */
const trainEventOf = ({ event }: Extract<JobEvent, { readonly type: 'train' }>): TrainEvent =>
  event as unknown as TrainEvent;

/** What an event says to somebody who reads the log; null for those that only move a curve or a bar. */
function lineOf(event: JobEvent, before: Job | null): string | null {
  switch (event.type) {
    case 'job':
      return event.job.state === before?.state ? null : stateLine(event.job);
    case 'train':
      return trainLine(trainEventOf(event));
    case 'unreadable':
      return `${event.path} cannot be read: ${event.problem}`;
    case 'examples':
      return null;
  }
}

function stateLine({ state, error }: Job): string {
  switch (state) {
    case 'waiting':
      return 'Waits for its turn';
    case 'running':
      return 'Started';
    case 'stopped':
      return 'Stopped';
    case 'done':
      return 'Finished';
    case 'failed':
      return error ?? 'Failed';
  }
}

function trainLine(event: TrainEvent): string | null {
  switch (event.type) {
    case 'plan':
      return event.resumedAt > 0
        ? `Goes on after step ${event.resumedAt}`
        : `${event.steps} steps in ${event.epochs} ${event.epochs === 1 ? 'epoch' : 'epochs'}`;
    case 'before':
      return (
        event.scores &&
        `Before training, on the ${event.split === 'test' ? 'test' : 'validation'} items: ${headlines(figuresOfScores(event.scores)).map(namedText).join(', ')}`
      );
    case 'evaluation':
      return event.scores && `${when(event)}: ${headlines(figuresOfScores(event.scores)).map(namedText).join(', ')}`;
    case 'notice':
      return event.text;
    case 'skipped':
      return `${event.media} is left out: ${event.problem}`;
    case 'checkpoint':
      return `Saved at step ${event.step}`;
    case 'interrupted':
      return `Saved at step ${event.step} and stopped`;
    case 'done':
      return 'The adapter is written';
    case 'step':
      return null;
  }
}

const when = ({ split, epoch }: { readonly split: 'val' | 'test'; readonly epoch: number }): string =>
  split === 'test' ? 'Measured on the test items' : `After epoch ${epoch + 1}`;

const isProblem = (event: JobEvent): boolean =>
  event.type === 'unreadable' ||
  (event.type === 'job' && event.job.state === 'failed') ||
  (event.type === 'train' && (event.event.type === 'skipped' || event.event.type === 'notice'));
