// The complete training step of retrieval at BLIP-base size, update included, through the step that training uses:
// 224 pixels, batch 4, T 35, momentum, queue 57600, random weights. Time by part, peak memory, operations, and the
// kinds of operator that take the time.
//
// How parts are told apart: gradient and update program are timed one by one; momentum is what a step without it
// saves, timed in turn; forward and backward share the rest as in ONNX Runtime's profile.

import { gradients } from '../src/compiler/autodiff/index.js';
import type { Backend } from '../src/compiler/runtime/index.js';
import { trace } from '../src/compiler/tensor/index.js';
import { pixels } from '../src/data/image/index.js';
import { type Item, trainBatch, trainOrder } from '../src/data/items/index.js';
import { uniadapter } from '../src/model/adapter/index.js';
import { type BlipConfig, blipBase } from '../src/model/blip/index.js';
import { createModel, declarationsOf, type LoadedModel } from '../src/model/index.js';
import { parameter } from '../src/model/nn/index.js';
import { retrievalStep as buildStep, type RetrievalOptions } from '../src/model/task/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { initialState } from '../src/train/loop/state.js';
import { compileStep } from '../src/train/loop/step.js';
import type { StepBatch } from '../src/train/loop/task.js';
import { baseTokenizer } from './base-backbone.js';
import type { Benchmark, BenchOptions, Row } from './benchmark.js';
import { row } from './benchmark.js';
import { flopsOf } from './flops.js';
import { profiled } from './profile.js';
import { randomWeights } from './random-weights.js';
import { median, secondsOf } from './timing.js';
import { type Training, taskFor } from './training.js';

const BATCH = 4;
const TOKENS = 35;
const QUEUE = 57600;
const SIZE = 224;
const method = uniadapter();
type Momentum = NonNullable<RetrievalOptions['momentum']>;

const trainingWith = (momentum: Momentum): Training => ({
  ...{ task: 'retrieval', batch: BATCH, pixels: SIZE, frames: null },
  momentum: momentum === 'off' ? 0 : 0.995,
});

const configOf = (layers: number): BlipConfig => ({
  ...blipBase,
  vision: { ...blipBase.vision, imageSize: SIZE, layers },
  text: { ...blipBase.text, layers },
});

export const retrievalStep: Benchmark = {
  name: 'retrieval-step',
  about: `BLIP-base at ${SIZE}, batch ${BATCH}, T ${TOKENS}, momentum, queue ${QUEUE}: one training step`,
  async *run({ rounds, layers }: BenchOptions): AsyncGenerator<Row> {
    const config = configOf(layers);
    const model: Sized = {
      config,
      weights: randomWeights(declarationsOf(createModel(config, method), { task: 'retrieval', frames: null })),
    };
    const data = await medianOf(rounds, makeBatch);
    const batch = await makeBatch();

    const step = await stepper(model, batch, 'once');
    await step.run();
    await step.run();
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const without = await stepper(model, batch, 'off');
    await without.run();
    await without.run();
    for (let round = 0; round < rounds; round++) {
      await step.run();
      await without.run();
    }
    const [whole, saved] = [step.medians(rounds), without.medians(rounds)];
    await step.release();
    await without.release();

    const { backward, kinds } = await profileOf(model, batch);
    const [update = 0, gradient = 0] = whole.programs; // a step loads the update first, gradients when a batch comes
    const momentum = gradient - (saved.programs[1] ?? 0);
    const flops = operations(config);
    yield row('step', whole.total, 's');
    yield row('  forward', gradient * (1 - backward) - momentum, 's');
    yield row('  backward', gradient * backward, 's');
    yield row('  momentum features', momentum, 's');
    yield row('  update', update, 's');
    yield row('  between the programs', whole.total - gradient - update, 's');
    yield row('batch of data, made meanwhile', data, 's');
    yield row('peak memory of the process', peakBytes / 2 ** 30, 'GiB');
    for (const [part, count] of Object.entries(flops)) yield row(`operations, ${part}`, count / 1e9, 'GFLOP');
    yield row('rate of the gradient program', flops.all / 1e9 / gradient, 'GFLOP/s');
    for (const [kind, share] of kinds.slice(0, 12)) yield row(`time in ${kind}`, 100 * share, '%');
  },
};

interface Stepper {
  run(): Promise<void>;
  /** Median seconds of the last runs. */
  medians(runs: number): { readonly total: number; readonly programs: readonly number[] };
  release(): Promise<void>;
}

type Sized = Pick<LoadedModel, 'config' | 'weights'>;

async function stepper(
  { config, weights }: Sized,
  batch: StepBatch,
  momentum: Momentum,
  backend: Backend = createOrtBackend(),
): Promise<Stepper> {
  const timed = timedBackend(backend);
  const model = { ...createModel(config, method), backend: timed.backend, weights, stored: {} };
  const step = await compileStep(model, taskFor(trainingWith(momentum), baseTokenizer(), config.text.positions), {});
  const state = initialState(step.sizes, weights, 0);
  const totals: number[] = [];
  const last = (values: readonly number[], runs: number) => median(values.slice(-runs));
  return {
    async run() {
      totals.push(await secondsOf(() => step.run(state, batch, { learningRate: 1e-5, alpha: 0.4, momentum: 0.995 })));
    },
    medians: (runs) => ({ total: last(totals, runs), programs: timed.seconds.map((all) => last(all, runs)) }),
    release: () => step.release(),
  };
}

/** The same backend, remembering how long each run of each program took; programs in the order they were loaded. */
function timedBackend(backend: Backend): { readonly backend: Backend; readonly seconds: readonly number[][] } {
  const seconds: number[][] = [];
  const load: Backend['load'] = async (model, files, scratchBytes) => {
    const mine: number[] = [];
    seconds.push(mine);
    const session = await backend.load(model, files, scratchBytes);
    return {
      async run(feeds) {
        const start = performance.now();
        const results = await session.run(feeds);
        mine.push((performance.now() - start) / 1000);
        return results;
      },
      release: () => session.release(),
    };
  };
  return { backend: { target: backend.target, load }, seconds };
}

async function profileOf(model: Sized, batch: StepBatch) {
  const profile = profiled();
  const step = await stepper(model, batch, 'once', profile.backend);
  for (let i = 0; i < 3; i++) await step.run();
  await step.release();
  return profile.read();
}

/** Operations of the gradient program by part. */
function operations(config: BlipConfig) {
  const count = (momentum: Momentum) =>
    trace(() => {
      const step = buildStep(createModel(config, method), { batch: BATCH, tokens: TOKENS }, { queue: QUEUE, momentum });
      const forward = flopsOf([step.total]);
      return { forward, all: flopsOf([step.total, ...gradients(step.total, step.trained.map(parameter))]) };
    });
  const [whole, without] = [count('once'), count('off')];
  return {
    forward: without.forward,
    backward: whole.all - whole.forward,
    'momentum features': whole.forward - without.forward,
    all: whole.all,
  };
}

/** From decoded pictures. */
async function makeBatch(): Promise<StepBatch> {
  const [width, height] = [640, 480];
  const picture = pixels(
    width,
    height,
    new Uint8Array(3 * width * height).map((_, i) => (i * 7) % 251),
  );
  const items = Array.from(
    { length: BATCH },
    (_, i): Item => ({ id: `${i}`, media: `${i}`, kind: 'image', captions: ['a'], questions: [], line: i + 1 }),
  );
  const { image } = await trainBatch(
    { items, frames: async () => [picture] },
    {
      order: trainOrder(items, () => 1, 0, 0),
      ...{ step: 0, epoch: 0, batch: BATCH, seed: 0, frames: null, jitter: false },
      preprocess: { size: SIZE, augment: 'release', mean: [0.48, 0.46, 0.41], std: [0.27, 0.26, 0.28] },
    },
  );
  const texts = {
    ids: new Int32Array(BATCH * TOKENS).map((_, i) => 1000 + i),
    mask: new Int32Array(BATCH * TOKENS).fill(1),
    index: Int32Array.from({ length: BATCH }, (_, i) => i),
  };
  return { feeds: { image, ...texts }, sizes: { batch: BATCH, tokens: TOKENS } };
}

async function medianOf(rounds: number, run: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < rounds; i++) seconds.push(await secondsOf(run));
  return median(seconds);
}
