// The loop: epochs of steps, evaluations between them, checkpoints on the way. It yields what happens and touches no
// file; saving is the caller's. A resumed run does exactly what the uninterrupted one would have done.

import {
  type MediaSet,
  prefetch,
  type Sampling,
  sampleCount,
  stepsPerEpoch,
  type TrainBatching,
  trainBatch,
  trainOrder,
} from '../data/index.js';
import { fail, reason, type UniAdapterError } from '../error/index.js';
import type { Preprocess } from '../image/index.js';
import { type LoadedModel, parameterCount } from '../model/index.js';
import { type AdamWOptions, alphaRamp, cosineRate } from '../optim/index.js';
import type { Recipe } from '../recipe/index.js';
import { sizeOf } from '../tensor/index.js';
import type { TrainEvent } from './events.js';
import { planStep, type StepPlan } from './plan.js';
import { initialState, type StateSizes, type TrainState } from './state.js';
import { compileStep, type StepScalars, type TrainStep } from './step.js';
import type { StepBatch, TrainTask } from './task.js';

export interface TrainJob<S> extends Sampling {
  /** Shown in events. */
  readonly run: string;
  readonly model: LoadedModel;
  readonly recipe: Recipe;
  readonly task: TrainTask<S>;
  /** What evaluation uses instead of the model's method, where frames are weighed in training only. */
  readonly evaluated?: Pick<LoadedModel, 'method'>;
  /** The training set of an epoch: always the same one, or fresh pictures where they are drawn while training. */
  readonly trainSet: (epoch: number) => MediaSet;
  readonly val: MediaSet;
  readonly test: MediaSet;
  readonly preprocess: Preprocess;
  /** Memory that training may take; a batch that needs more is computed in pieces. Default: what it needs in one. */
  readonly memoryBytes?: number;
  /** The state to go on from, once its sizes are known; null starts anew. */
  restore(sizes: StateSizes): Promise<TrainState | null>;
  /** Saves a checkpoint. @returns where */
  save(state: TrainState, sizes: StateSizes): Promise<string>;
  /** Asks the loop to save and stop after the running step, as an `AbortSignal` does. */
  readonly signal: { readonly aborted: boolean };
  /** Milliseconds from any origin. */
  now(): number;
}

/** What a run ends with; null when it was interrupted. */
export interface Trained<S> {
  readonly state: TrainState;
  readonly sizes: StateSizes;
  /** On the test split; null when it is empty. */
  readonly scores: S | null;
}

/**
 * Trains, evaluating and saving on the way.
 *
 * @throws runtime  when the loss is no longer a number; the last checkpoint is then from before
 */
export async function* train<S>(job: TrainJob<S>): AsyncGenerator<TrainEvent<S>, Trained<S> | null> {
  const { model, task, memoryBytes = Number.POSITIVE_INFINITY } = job;
  const plans: StepPlan[] = [];
  const step = await compileStep(model, task, {
    ...adamwOptions(job.recipe),
    plan(sizes) {
      const plan = planStep(model, task, sizes, memoryBytes);
      plans.push(plan);
      return plan;
    },
  });
  const { sizes } = step;
  let state: TrainState | null;
  try {
    state = yield* trainSteps(job, step, plans[0] as StepPlan);
  } finally {
    await step.release();
  }
  if (!state) return null;
  const scores = yield* test(job, state);
  return { state, sizes, scores };
}

/** @returns the state after the last step; null when it was interrupted before */
async function* trainSteps<S>(
  job: TrainJob<S>,
  { sizes, run }: TrainStep,
  memory: StepPlan,
): AsyncGenerator<TrainEvent<S>, TrainState | null> {
  const { model, recipe, task, signal } = job;
  const state = (await job.restore(sizes)) ?? initialState(sizes, model.weights, recipe.train.seed);
  const samples = sampleCount(job.trainSet(0).items, task.texts);
  const perEpoch = stepsPerEpoch(samples, recipe.train.batch);
  const steps = recipe.train.epochs * perEpoch;
  yield planned(job, sizes, { samples, steps, resumedAt: state.step, memory });

  const first = state.step;
  const started = job.now();
  const seconds = () => (job.now() - started) / 1000;
  const skipped: TrainEvent<S>[] = [];
  for await (const batch of prefetch(batches(job, { from: first, steps, perEpoch }, skipped))) {
    yield* skipped.splice(0);
    const epoch = Math.floor(state.step / perEpoch);
    const scalars = scalarsOf(recipe, state.step, { epoch, perEpoch });
    const losses = await run(state, batch, scalars);
    refuseDivergence(losses, state.step);
    const secondsLeft = (seconds() / (state.step - first)) * (steps - state.step);
    const { learningRate } = scalars;
    yield { type: 'step', step: state.step, steps, epoch, losses, learningRate, seconds: seconds(), secondsLeft };
    if (state.step % perEpoch === 0 && isDue(recipe, epoch)) yield* validate(job, state, epoch);
    if (signal.aborted && state.step < steps) {
      yield { type: 'interrupted', step: state.step, path: await job.save(state, sizes) };
      return null;
    }
    if (state.step % recipe.train.checkpointEvery === 0 || state.step === steps)
      yield { type: 'checkpoint', step: state.step, path: await job.save(state, sizes) };
  }
  return state;
}

/** From there on every number would be NaN, and the next checkpoint would replace the last good one. */
function refuseDivergence(losses: Readonly<Record<string, number>>, step: number): void {
  if (Object.values(losses).every(Number.isFinite)) return;
  fail('runtime', {
    where: `step ${step}`,
    what: 'the loss is not a number any more',
    got: Object.entries(losses)
      .map(([name, loss]) => `${name} ${loss}`)
      .join(', '),
    fix: 'start again with a lower optimiser.learningRate, or with optimiser.warmupSteps',
  });
}

/** What ends up in the adapter: the best evaluated parameters, or the last. */
export const chosen = ({ best, parameters }: TrainState) => best?.parameters ?? parameters;

/** What a recipe says about AdamW. */
export function adamwOptions({ optimiser }: Pick<Recipe, 'optimiser'>): AdamWOptions {
  const { weightDecay: decay, beta1, beta2, epsilon: eps } = optimiser;
  return { decay, beta1, beta2, eps };
}

function scalarsOf(
  { optimiser, retrieval, train }: Recipe,
  step: number,
  { epoch, perEpoch }: { readonly epoch: number; readonly perEpoch: number },
): StepScalars {
  const warm = Math.min(1, (step + 1) / (optimiser.warmupSteps + 1));
  return {
    learningRate: warm * cosineRate(epoch, train.epochs, optimiser.learningRate, optimiser.minLearningRate),
    alpha: alphaRamp(step, perEpoch, retrieval.alpha),
    momentum: retrieval.momentum,
  };
}

interface Range {
  readonly from: number;
  readonly steps: number;
  readonly perEpoch: number;
}

async function* batches<S>(
  { trainSet, task, recipe, ...how }: TrainJob<S>,
  { from, steps, perEpoch }: Range,
  skipped: TrainEvent<S>[],
): AsyncGenerator<StepBatch> {
  const { batch, seed } = recipe.train;
  const bad = new Set<string>();
  const onBad = (error: UniAdapterError) => {
    const { where } = error.problem;
    if (!bad.has(where)) skipped.push({ type: 'skipped', media: where, problem: reason(error.problem) });
    bad.add(where);
  };
  const { preprocess, frames, jitter } = how;
  const common = { preprocess, frames, jitter, batch, seed, ...(recipe.data.skipBad && { onBad }) };
  let epoch = Math.floor(from / perEpoch);
  let set = trainSet(epoch);
  let order = trainOrder(set.items, task.texts, seed, epoch);
  for (let at = from; at < steps; at++) {
    const step = at % perEpoch;
    if (step === 0 && at > from) {
      epoch = Math.floor(at / perEpoch);
      set = trainSet(epoch);
      order = trainOrder(set.items, task.texts, seed, epoch);
    }
    const batching: TrainBatching = { ...common, order, step, epoch };
    const { image, samples } = await trainBatch(set, batching);
    const { feeds, sizes } = task.encode(set.items, samples);
    yield { feeds: { image, ...feeds }, sizes };
  }
}

const isDue = ({ train: { evaluateEvery, epochs } }: Recipe, epoch: number): boolean =>
  epoch + 1 === epochs || (evaluateEvery > 0 && (epoch + 1) % evaluateEvery === 0);

/** Scores the validation split and remembers the parameters when they are the best so far. */
async function* validate<S>(job: TrainJob<S>, state: TrainState, epoch: number): AsyncGenerator<TrainEvent<S>> {
  if (job.val.items.length === 0) return;
  const score = job.task.rate(yield* evaluate(job, 'val', state.parameters, epoch));
  if (score > (state.best?.score ?? -1)) state.best = { epoch, score, parameters: { ...state.parameters } };
}

async function* test<S>(job: TrainJob<S>, state: TrainState): AsyncGenerator<TrainEvent<S>, S | null> {
  if (job.test.items.length === 0) return null;
  return yield* evaluate(job, 'test', chosen(state), state.best?.epoch ?? job.recipe.train.epochs - 1);
}

async function* evaluate<S>(
  { model, evaluated, task, now, ...sets }: TrainJob<S>,
  split: 'val' | 'test',
  parameters: TrainState['parameters'],
  epoch: number,
): AsyncGenerator<TrainEvent<S>, S> {
  const started = now();
  const trained = { ...model, ...evaluated, weights: { ...model.weights, ...parameters } };
  const scores = await task.evaluate(trained, sets[split]);
  yield { type: 'evaluation', epoch, split, scores, seconds: (now() - started) / 1000 };
  return scores;
}

interface Progress {
  readonly samples: number;
  readonly steps: number;
  readonly resumedAt: number;
  readonly memory: StepPlan;
}

function planned<S>(
  { run, model, recipe, trainSet, val, test, frames }: TrainJob<S>,
  sizes: StateSizes,
  { samples, steps, resumedAt, memory }: Progress,
): TrainEvent<S> {
  const { epochs, batch } = recipe.train;
  const note = model.method.note?.(model.config);
  return {
    type: 'plan',
    ...(note && { note }),
    run,
    task: recipe.task,
    method: model.method.name,
    parameters: {
      trainable: sizes.trainable.reduce((n, { shape }) => n + sizeOf(shape), 0),
      all: parameterCount(model),
    },
    items: { train: trainSet(0).items.length, val: val.items.length, test: test.items.length },
    samples,
    frames,
    ...{ epochs, batch, steps, resumedAt, memory },
  };
}
