// The loop: epochs of steps, evaluations between them, checkpoints on the way. It yields what happens and touches no
// file; saving is the caller's. A resumed run does exactly what the uninterrupted one would have done.

import {
  type Encode,
  prefetch,
  type RetrievalSet,
  sampleCount,
  stepsPerEpoch,
  type TrainBatch,
  trainBatch,
  trainOrder,
} from '../data/index.js';
import { fail, type UniAdapterError } from '../error/index.js';
import { evaluateRetrieval, type Scores } from '../evaluate/index.js';
import type { Preprocess } from '../image/index.js';
import type { LoadedModel } from '../model/index.js';
import { alphaRamp, cosineRate } from '../optim/index.js';
import type { Recipe } from '../recipe/index.js';
import type { TrainEvent } from './events.js';
import { initialState, type StateSizes, type TrainState } from './state.js';
import { compileStep, type TrainStep } from './step.js';

export interface TrainJob {
  /** Shown in events. */
  readonly run: string;
  readonly model: LoadedModel;
  readonly recipe: Recipe;
  /** The training set of an epoch: always the same one, or fresh pictures where they are drawn while training. */
  readonly trainSet: (epoch: number) => RetrievalSet;
  readonly val: RetrievalSet;
  readonly test: RetrievalSet;
  readonly encode: Encode;
  readonly preprocess: Preprocess;
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
export interface Trained {
  readonly state: TrainState;
  readonly sizes: StateSizes;
  /** On the test split; null when it is empty. */
  readonly scores: Scores | null;
}

/**
 * Trains, evaluating and saving on the way.
 *
 * @throws runtime  when the loss is no longer a number; the last checkpoint is then from before
 */
export async function* train(job: TrainJob): AsyncGenerator<TrainEvent, Trained | null> {
  const step = await compileStep(job.model, stepOptions(job.recipe));
  const { sizes } = step;
  let state: TrainState | null;
  try {
    state = yield* trainSteps(job, step);
  } finally {
    await step.release();
  }
  if (!state) return null;
  const scores = yield* test(job, state);
  return { state, sizes, scores };
}

/** @returns the state after the last step; null when it was interrupted before */
async function* trainSteps(job: TrainJob, { sizes, run }: TrainStep): AsyncGenerator<TrainEvent, TrainState | null> {
  const { model, recipe, signal } = job;
  const state = (await job.restore(sizes)) ?? initialState(sizes, model.weights, recipe.train.seed);
  const perEpoch = stepsPerEpoch(sampleCount(job.trainSet(0)), recipe.train.batch);
  const steps = recipe.train.epochs * perEpoch;
  yield plan(job, sizes, { steps, resumedAt: state.step });

  const first = state.step;
  const started = job.now();
  const seconds = () => (job.now() - started) / 1000;
  const skipped: TrainEvent[] = [];
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

function stepOptions({
  profile,
  retrieval,
  optimiser,
  train: { batch, seed },
}: Recipe): Parameters<typeof compileStep>[1] {
  const { queue, momentum, contrastive, matching, trainTemperature } = retrieval;
  const twins = momentum === 0 ? 'off' : profile === 'official' ? 'twice' : 'once';
  const { weightDecay: decay, beta1, beta2, epsilon: eps } = optimiser;
  return {
    batch,
    seed,
    retrieval: { queue, momentum: twins, itc: contrastive, itm: matching, trainTemperature },
    adamw: { decay, beta1, beta2, eps },
  };
}

function scalarsOf(
  { optimiser, retrieval, train }: Recipe,
  step: number,
  { epoch, perEpoch }: { readonly epoch: number; readonly perEpoch: number },
): Parameters<TrainStep['run']>[2] {
  const warm = Math.min(1, (step + 1) / (optimiser.warmupSteps + 1));
  return {
    learningRate: warm * cosineRate(epoch, train.epochs, optimiser.learningRate, optimiser.minLearningRate),
    alpha: alphaRamp(step, perEpoch, retrieval.alpha),
    momentum: retrieval.momentum,
  };
}

async function* batches(
  { trainSet, recipe, encode, preprocess }: TrainJob,
  { from, steps, perEpoch }: { readonly from: number; readonly steps: number; readonly perEpoch: number },
  skipped: TrainEvent[],
): AsyncGenerator<TrainBatch> {
  const { batch, seed } = recipe.train;
  const bad = new Set<string>();
  const onBad = (error: UniAdapterError) => {
    const { where, what } = error.problem;
    if (!bad.has(where)) skipped.push({ type: 'skipped', image: where, problem: what });
    bad.add(where);
  };
  let set = trainSet(Math.floor(from / perEpoch));
  let order = trainOrder(set, seed, Math.floor(from / perEpoch));
  for (let at = from; at < steps; at++) {
    const epoch = Math.floor(at / perEpoch);
    const step = at % perEpoch;
    if (step === 0 && at > from) {
      set = trainSet(epoch);
      order = trainOrder(set, seed, epoch);
    }
    const how = { order, step, batch, encode, preprocess, seed, epoch };
    yield await trainBatch(set, recipe.data.skipBad ? { ...how, onBad } : how);
  }
}

const isDue = ({ train: { evaluateEvery, epochs } }: Recipe, epoch: number): boolean =>
  epoch + 1 === epochs || (evaluateEvery > 0 && (epoch + 1) % evaluateEvery === 0);

/** Scores the validation split and remembers the parameters when they are the best so far. */
async function* validate(job: TrainJob, state: TrainState, epoch: number): AsyncGenerator<TrainEvent> {
  if (job.val.items.length === 0) return;
  const scores = yield* score(job, 'val', state.parameters, epoch);
  const mean = meanRecall(scores);
  if (mean > (state.best?.score ?? -1)) state.best = { epoch, score: mean, parameters: { ...state.parameters } };
}

async function* test(job: TrainJob, state: TrainState): AsyncGenerator<TrainEvent, Scores | null> {
  if (job.test.items.length === 0) return null;
  return yield* score(job, 'test', chosen(state), state.best?.epoch ?? job.recipe.train.epochs - 1);
}

async function* score(
  { model, recipe, encode, preprocess, now, ...sets }: TrainJob,
  split: 'val' | 'test',
  parameters: TrainState['parameters'],
  epoch: number,
): AsyncGenerator<TrainEvent, Scores> {
  const started = now();
  const { rerank, similarityWeight, matching } = recipe.retrieval;
  const trained = { ...model, weights: { ...model.weights, ...parameters } };
  const { scores } = await evaluateRetrieval(trained, sets[split], {
    preprocess,
    encode,
    batch: 32,
    rerank: matching > 0 ? rerank : 0,
    similarityWeight,
  });
  yield { type: 'evaluation', epoch, split, scores, seconds: (now() - started) / 1000 };
  return scores;
}

/** The mean of R@1, 5 and 10 both ways: what the best epoch is chosen by, as in BLIP. */
function meanRecall({ textToImage, imageToText }: Scores): number {
  const all = [textToImage, imageToText].flatMap((way) => [way['R@1'], way['R@5'], way['R@10']] as number[]);
  return all.reduce((a, b) => a + b, 0) / all.length;
}

function plan(
  { run, model, recipe, trainSet, val, test }: TrainJob,
  sizes: StateSizes,
  progress: { readonly steps: number; readonly resumedAt: number },
): TrainEvent {
  const count = (arrays: readonly (Float32Array | undefined)[]) => arrays.reduce((n, x) => n + (x?.length ?? 0), 0);
  const samples = { train: trainSet(0).items.length, val: val.items.length, test: test.items.length };
  return {
    type: 'plan',
    run,
    method: model.method.name,
    parameters: {
      trainable: count(sizes.trainable.map(({ path }) => model.weights[path])),
      all: count(Object.values(model.weights)),
    },
    samples,
    epochs: recipe.train.epochs,
    batch: recipe.train.batch,
    ...progress,
  };
}
