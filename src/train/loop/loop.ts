// The loop: epochs of steps, evaluations between them, checkpoints on the way. It yields what happens and touches no
// file; saving is the caller's. A resumed run does exactly what the uninterrupted one would have done.

import { sizeOf } from '../../compiler/tensor/index.js';
import type { Preprocess } from '../../data/image/index.js';
import {
  type MediaSet,
  prefetch,
  type Sampling,
  sampleCount,
  stepsPerEpoch,
  type TrainBatching,
  trainBatch,
  trainOrder,
} from '../../data/items/index.js';
import { fail, reason, UniAdapterError } from '../../error/index.js';
import type { Shown } from '../../evaluate/index.js';
import { type LoadedModel, parameterCount } from '../../model/index.js';
import type { DecidedRecipe } from '../../recipe/index.js';
import { type AdamWOptions, alphaRamp, cosineRate } from '../optim/index.js';
import { type Bare, measureBefore } from './before.js';
import type { PlanSettings, TrainEvent } from './events.js';
import { keptPlan, planStep, type StepPlan } from './plan.js';
import { initialState, type StateSizes, type TrainState } from './state.js';
import { compileStep, type StepScalars, stepPrograms, type TrainStep } from './step.js';
import type { StepBatch, TrainTask } from './task.js';
import { fallenScores, lossWatch, stoppedEarly } from './watch.js';

export interface TrainJob<S> extends Sampling {
  /** Shown in events. */
  readonly run: string;
  readonly model: LoadedModel;
  readonly recipe: DecidedRecipe;
  /** Keys of the recipe that were decided for it. */
  readonly decided?: readonly string[];
  readonly task: TrainTask<S>;
  /** What evaluation uses instead of the model's method, where frames are weighed in training only. */
  readonly evaluated?: Pick<LoadedModel, 'method'>;
  /** The backbone alone, to compare with; absent where there is none, as in pre-training. */
  readonly bare?: Bare<S>;
  /** The training set of an epoch: always the same one, or fresh pictures where they are drawn while training. */
  readonly trainSet: (epoch: number) => MediaSet;
  readonly val: MediaSet;
  readonly test: MediaSet;
  readonly preprocess: Preprocess;
  /** Memory that training may take; a batch that needs more is computed in pieces. Default: what it needs in one. */
  readonly memoryBytes?: number;
  /** Samples that are computed at once, where that is known already: a resumed run goes on as it began. */
  readonly piece?: number | null;
  /** The state to go on from, once its sizes are known; null starts anew. */
  restore(sizes: StateSizes): Promise<TrainState | null>;
  /** Saves a checkpoint. @param piece  samples that are computed at once; null for the whole batch @returns where */
  save(state: TrainState, sizes: StateSizes, piece: number | null): Promise<string>;
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
  const { model, task } = job;
  const plans: StepPlan[] = [];
  const step = await compileStep(model, task, {
    ...adamwOptions(job.recipe),
    plan(sizes) {
      const plan = planOf(job, sizes);
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

/**
 * Ends a run where its checkpoint is: what was learnt since the last evaluation is evaluated, and the best so far is taken.
 *
 * @throws file  when there is no checkpoint
 */
export async function* finish<S>(job: TrainJob<S>): AsyncGenerator<TrainEvent<S>, Trained<S>> {
  const { sizes } = stepPrograms(job.model, job.task, adamwOptions(job.recipe));
  const state = (await job.restore(sizes)) ?? refuseUnstarted(job.run);
  const length = lengthOf(job);
  yield planned(job, sizes, { ...length, resumedAt: state.step, memory: planOf(job, sizes) });
  yield* measureBefore(job);
  const epoch = Math.floor((state.step - 1) / length.perEpoch);
  const isEvaluated = state.step % length.perEpoch === 0 && isDue(job.recipe, epoch);
  if (!isEvaluated) yield* validate(job, state, epoch);
  const scores = yield* test(job, state, epoch);
  return { state, sizes, scores };
}

function refuseUnstarted(run: string): never {
  fail('file', { where: run, what: 'has no checkpoint to finish from', fix: 'let it train for a while first' });
}

const planOf = <S>(
  { model, task, memoryBytes = Number.POSITIVE_INFINITY, piece }: TrainJob<S>,
  sizes: StateSizes,
): StepPlan => (piece === undefined ? planStep(model, task, sizes, memoryBytes) : keptPlan(model, task, sizes, piece));

interface Length {
  readonly samples: number;
  readonly perEpoch: number;
  readonly steps: number;
}

function lengthOf<S>({ recipe, task, trainSet }: TrainJob<S>): Length {
  const samples = sampleCount(trainSet(0).items, task.texts);
  const perEpoch = stepsPerEpoch(samples, recipe.train);
  return { samples, perEpoch, steps: recipe.train.epochs * perEpoch };
}

/** @returns the state after the last step; null when it was interrupted before */
async function* trainSteps<S>(
  job: TrainJob<S>,
  { sizes, run }: TrainStep,
  memory: StepPlan,
): AsyncGenerator<TrainEvent<S>, TrainState | null> {
  const { model, recipe, signal } = job;
  const state = (await job.restore(sizes)) ?? initialState(sizes, model.weights, recipe.train.seed);
  const { samples, perEpoch, steps } = lengthOf(job);
  yield planned(job, sizes, { samples, steps, resumedAt: state.step, memory });
  yield* measureBefore(job);
  if (isStale(recipe, state, perEpoch)) return state;

  const first = state.step;
  const watch = lossWatch(recipe, { steps, first });
  const started = job.now();
  const seconds = () => (job.now() - started) / 1000;
  const skipped: TrainEvent<S>[] = [];
  for await (const batch of prefetch(batches(job, { from: first, steps, perEpoch }, skipped))) {
    yield* skipped.splice(0);
    const epoch = Math.floor(state.step / perEpoch);
    const scalars = scalarsOf(recipe, state.step, { epoch, perEpoch, steps });
    const losses = await run(state, batch, scalars);
    refuseDivergence(losses, state.step);
    const secondsLeft = (seconds() / (state.step - first)) * (steps - state.step);
    const { learningRate } = scalars;
    yield { type: 'step', step: state.step, steps, epoch, losses, learningRate, seconds: seconds(), secondsLeft };
    yield* watch(state.step, losses.total as number);
    if (state.step % perEpoch === 0 && isDue(recipe, epoch)) yield* validate(job, state, epoch);
    const isStopped = isStale(recipe, state, perEpoch);
    if (signal.aborted && state.step < steps) {
      yield { type: 'interrupted', step: state.step, path: await job.save(state, sizes, memory.piece) };
      return null;
    }
    if (state.step % recipe.train.checkpointEvery === 0 || state.step === steps || isStopped)
      yield { type: 'checkpoint', step: state.step, path: await job.save(state, sizes, memory.piece) };
    if (isStopped) {
      yield stoppedEarly(recipe, state, epoch);
      break;
    }
  }
  return state;
}

/** From there on every number would be NaN, and the next checkpoint would replace the last good one. */
function refuseDivergence(losses: Readonly<Record<string, number>>, step: number): void {
  if (Object.values(losses).every(Number.isFinite)) return;
  const got = Object.entries(losses).map(([name, loss]) => `${name} ${loss}`);
  fail('runtime', { ...divergedAt(step), what: 'the loss is not a number any more', got: got.join(', ') });
}

/** Parameters may be too large for an evaluation before they are for a loss. */
function refuseOverflow(cause: unknown, step: number): never {
  if (!(cause instanceof UniAdapterError && cause.code === 'overflow')) throw cause;
  fail('runtime', { ...divergedAt(step), what: 'the model computes no numbers any more', cause });
}

const divergedAt = (step: number) => ({
  where: `step ${step}`,
  fix: 'start again with a lower optimiser.learningRate, or with optimiser.warmupSteps',
});

/** What ends up in the adapter: the best evaluated parameters, or the last. */
export const chosen = ({ best, parameters }: TrainState) => best?.parameters ?? parameters;

/** What a recipe says about AdamW. */
export function adamwOptions({ optimiser }: Pick<DecidedRecipe, 'optimiser'>): AdamWOptions {
  const { weightDecay: decay, beta1, beta2, epsilon: eps } = optimiser;
  return { decay, beta1, beta2, eps };
}

function scalarsOf(
  { optimiser, retrieval, train }: DecidedRecipe,
  step: number,
  { epoch, perEpoch, steps }: { readonly epoch: number; readonly perEpoch: number; readonly steps: number },
): StepScalars {
  const { warmupSteps, schedule, learningRate, minLearningRate } = optimiser;
  const warm = Math.min(1, (step + 1) / (warmupSteps + 1));
  const [at, of] = schedule === 'epoch' ? [epoch, train.epochs] : [step, steps];
  return {
    learningRate: warm * cosineRate(at, of, learningRate, minLearningRate),
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

const isDue = ({ train: { evaluateEvery, epochs } }: DecidedRecipe, epoch: number): boolean =>
  epoch + 1 === epochs || (evaluateEvery > 0 && (epoch + 1) % evaluateEvery === 0);

/** Whether an epoch is over, others are to come, and none of the last evaluations was better than the best before. */
function isStale(recipe: DecidedRecipe, { step, best }: TrainState, perEpoch: number): boolean {
  const { patience, epochs } = recipe.train;
  const epoch = step / perEpoch - 1;
  if (patience === 0 || !best || !Number.isInteger(epoch) || epoch + 1 >= epochs) return false;
  const since = Array.from({ length: epoch - best.epoch }, (_, i) => best.epoch + 1 + i);
  return isDue(recipe, epoch) && since.filter((epoch) => isDue(recipe, epoch)).length >= patience;
}

/** Scores the validation split and remembers the parameters when they are the best so far. */
async function* validate<S>(job: TrainJob<S>, state: TrainState, epoch: number): AsyncGenerator<TrainEvent<S>> {
  if (job.val.items.length === 0) return;
  const scores = yield* evaluate(job, { split: 'val', epoch, shown: 'itself', step: state.step }, state.parameters);
  const score = job.task.selectionMetric(scores);
  const stages = job.task.stages?.(scores) ?? null;
  if (score > (state.best?.score ?? -1)) state.best = { epoch, score, stages, parameters: { ...state.parameters } };
  if (epoch + 1 === job.recipe.train.epochs) yield* fallenScores(state, score);
}

/** @param last  the epoch of the last parameters */
async function* test<S>(
  job: TrainJob<S>,
  state: TrainState,
  last = job.recipe.train.epochs - 1,
): AsyncGenerator<TrainEvent<S>, S | null> {
  if (job.test.items.length === 0) return null;
  const epoch = state.best?.epoch ?? last;
  const stages = state.best?.stages;
  const shown = stages ? ({ by: 'validation', stages } as const) : null;
  return yield* evaluate(job, { split: 'test', epoch, shown, step: state.step }, chosen(state));
}

interface Evaluation {
  readonly split: 'val' | 'test';
  /** Of the parameters. */
  readonly epoch: number;
  readonly shown: Shown | 'itself' | null;
  /** Steps that were done. */
  readonly step: number;
}

async function* evaluate<S>(
  { model, evaluated, task, now, ...sets }: TrainJob<S>,
  { split, epoch, shown, step }: Evaluation,
  parameters: TrainState['parameters'],
): AsyncGenerator<TrainEvent<S>, S> {
  const started = now();
  const trained = { ...model, ...evaluated, weights: { ...model.weights, ...parameters } };
  const scores = await task.evaluate(trained, sets[split], shown).catch((error) => refuseOverflow(error, step));
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
  { run, model, recipe, decided = [], trainSet, val, test, frames }: TrainJob<S>,
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
    ...{ epochs, batch, steps, resumedAt, memory, decided },
    settings: settingsOf(recipe),
  };
}

/** What is decided for most runs. */
export function settingsOf({ task, data, optimiser, train, retrieval }: DecidedRecipe): PlanSettings {
  const { learningRate, warmupSteps } = optimiser;
  const { queue, momentum } = retrieval;
  return {
    ...{ learningRate, warmupSteps, augment: data.augment, flip: data.augment !== 'none' && data.flip },
    ...{ evaluateEvery: train.evaluateEvery, patience: train.patience },
    ...(task === 'retrieval' && { queue, momentum }),
  };
}
