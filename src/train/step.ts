// One training step as two programs: gradients, then update. Between them gradients are plain arrays, so they could be
// averaged over machines. Both are pure functions; all randomness enters as inputs.

import { gradients } from '../autodiff/index.js';
import type { TrainBatch } from '../data/index.js';
import { compileFor, type LoadedModel } from '../model/index.js';
import { type Declaration, parameter } from '../nn/index.js';
import { type AdamWOptions, adamw, adamwScalars, updateNames } from '../optim/index.js';
import { stream } from '../random/index.js';
import { momentumName, type RetrievalOptions, retrievalStep } from '../task/index.js';
import type { Tensor } from '../tensor/index.js';
import { type Arrays, enqueue, type StateSizes, type TrainState } from './state.js';

export interface StepOptions {
  /** B */
  readonly batch: number;
  readonly retrieval: RetrievalOptions & { readonly queue: number };
  readonly adamw: AdamWOptions;
  readonly seed: number;
}

/** What changes from step to step beside the batch. */
export interface StepScalars {
  readonly learningRate: number;
  /** Share of soft targets. */
  readonly alpha: number;
  /** Rate of the moving averages. */
  readonly momentum: number;
}

export interface TrainStep {
  readonly sizes: StateSizes;
  /** Advances `state` by one update. @returns the unweighted losses by name, and their weighted sum as `total` */
  run(state: TrainState, batch: TrainBatch, scalars: StepScalars): Promise<Record<string, number>>;
  release(): Promise<void>;
}

export async function compileStep(model: LoadedModel, options: StepOptions): Promise<TrainStep> {
  const { batch, retrieval, seed } = options;
  let sizes = {} as StateSizes;
  const forward = await compileFor(model, 'gradient program', () => {
    const step = retrievalStep(model, { batch, tokens: model.maxTokens }, retrieval);
    const gradient = gradients(step.total, step.trained.map(parameter));
    sizes = sizesOf(step.trained, Object.keys(step.momentum), model, retrieval.queue);
    return {
      total: step.total,
      ...prefixed('loss/', step.losses),
      ...prefixed('queue/', step.features),
      ...prefixed('momentum/', step.momentum),
      ...Object.fromEntries(step.trained.map(({ path }, i) => [updateNames(path).gradient, gradient[i] as Tensor])),
    };
  });
  const update = await compileFor(model, 'update program', () => adamw(sizes.trainable, options.adamw));

  return {
    sizes,
    async run(state, data, { learningRate, alpha, momentum }) {
      const out = await forward.run({
        ...model.weights,
        ...state.parameters,
        ...renamed(state.momentum, momentumName),
        ...data,
        ...mining(seed, state.step, batch),
        'queue/image': state.queue.image,
        'queue/text': state.queue.text,
        'queue/index': state.queue.index,
        alpha: Float32Array.of(alpha),
        mu: Float32Array.of(momentum),
      });
      const next = await update.run({
        ...state.parameters,
        ...renamed(state.adamFirst, (path) => updateNames(path).first),
        ...renamed(state.adamSecond, (path) => updateNames(path).second),
        ...out,
        ...adamwScalars(learningRate, state.step + 1, options.adamw),
      });
      enqueue(state.queue, out['queue/image'] as Float32Array, out['queue/text'] as Float32Array, data.index);
      for (const path of sizes.twins) state.momentum[path] = out[`momentum/${path}`] as Float32Array;
      for (const { path } of sizes.trainable) {
        const names = updateNames(path);
        state.parameters[path] = next[path] as Float32Array;
        state.adamFirst[path] = next[names.first] as Float32Array;
        state.adamSecond[path] = next[names.second] as Float32Array;
      }
      state.step += 1;
      return losses(out as Record<string, Float32Array>);
    },
    async release() {
      await forward.release();
      await update.release();
    },
  };
}

function sizesOf(
  trainable: readonly Declaration[],
  twins: readonly string[],
  { config }: LoadedModel,
  queue: number,
): StateSizes {
  return { trainable, twins: new Set(twins), queue, projection: config.projection };
}

/** Gumbel noise of the hard negatives of a step, f32 [B, B] each. */
function mining(seed: number, step: number, batch: number) {
  const noise = (purpose: string) => {
    const draws = stream(seed, purpose, step);
    return new Float32Array(batch * batch).map(() => draws.gumbel());
  };
  return { 'noise/image': noise('negative images'), 'noise/text': noise('negative texts') };
}

function losses(out: Readonly<Record<string, Float32Array>>): Record<string, number> {
  const named = Object.keys(out).filter((name) => name === 'total' || name.startsWith('loss/'));
  return Object.fromEntries(named.map((name) => [name.replace('loss/', ''), out[name]?.[0] as number]));
}

const prefixed = (prefix: string, values: object): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value as Tensor]));

const renamed = (arrays: Readonly<Arrays>, rename: (path: string) => string): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([path, data]) => [rename(path), data]));
