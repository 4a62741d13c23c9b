// One training step as two programs: gradients, then update. Between them gradients are plain arrays, so they could be
// averaged over machines. Both are pure functions; all randomness enters as inputs.

import { trace } from '../../compiler/tensor/index.js';
import { compileFor, type LoadedModel } from '../../model/index.js';
import { type Model, momentumName } from '../../model/task/index.js';
import { type AdamWOptions, adamw, adamwScalars, updateNames } from '../optim/index.js';
import { gradientProgram, wholeGradients } from './gradients.js';
import type { StepPlan } from './plan.js';
import type { Arrays, StateSizes, TrainState } from './state.js';
import type { Build, StepBatch, TracedStep, TrainTask } from './task.js';

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
  run(state: TrainState, batch: StepBatch, scalars: StepScalars): Promise<Record<string, number>>;
  release(): Promise<void>;
}

export interface StepOptions extends AdamWOptions {
  /** How the batch is computed, once it is known what a run changes. Default: in one piece. */
  readonly plan?: (sizes: StateSizes) => Pick<StepPlan, 'piece'>;
}

/** What a step consists of, for a usual batch in one piece. */
export interface StepPrograms {
  readonly sizes: StateSizes;
  readonly gradients: Build;
  readonly update: Build;
}

/** The programs of a step that is compiled elsewhere than here. */
export function stepPrograms(model: Model, task: TrainTask<unknown>, options: AdamWOptions): StepPrograms {
  const sizes = stateSizes(model, task);
  return {
    sizes,
    gradients: () => gradientProgram(model, task, task.sizes),
    update: () => adamw(sizes.trainable, options),
  };
}

/** Compiles a step. */
export async function compileStep(
  model: LoadedModel,
  task: TrainTask<unknown>,
  { plan, ...options }: StepOptions,
): Promise<TrainStep> {
  const { sizes, update: updateProgram } = stepPrograms(model, task, options);
  const { piece } = plan?.(sizes) ?? { piece: null };
  const update = await compileFor(model, 'update program', updateProgram);
  const gradients =
    piece === null || !task.inPieces ? wholeGradients(model, task) : await task.inPieces(model, piece).open(model);

  return {
    sizes,
    async run(state, batch, { learningRate, alpha, momentum }) {
      const feeds = {
        ...model.weights,
        ...state.parameters,
        ...renamed(state.momentum, momentumName),
        ...batch.feeds,
        ...task.feeds?.(state),
        alpha: Float32Array.of(alpha),
        mu: Float32Array.of(momentum),
      };
      const out = await gradients.run({ feeds, sizes: batch.sizes });
      const next = await update.run({
        ...state.parameters,
        ...renamed(state.adamFirst, (path) => updateNames(path).first),
        ...renamed(state.adamSecond, (path) => updateNames(path).second),
        ...out,
        ...adamwScalars(learningRate, state.step + 1, options),
      });
      task.keep?.(state, out, batch.feeds);
      for (const path of sizes.twins) state.momentum[path] = out[momentumName(path)] as Float32Array;
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
      await update.release();
      await gradients.release();
    },
  };
}

/** What a run changes, told from the trace of a usual step. */
function stateSizes(model: Model, task: TrainTask<unknown>): StateSizes {
  const { trained, momentum = {} }: TracedStep = trace(() => task.trace(model, task.sizes));
  const { projection } = model.config;
  return { trainable: trained, twins: new Set(Object.keys(momentum)), queue: task.queue, projection };
}

function losses(out: Readonly<Record<string, Float32Array>>): Record<string, number> {
  const named = Object.keys(out).filter((name) => name === 'total' || name.startsWith('loss/'));
  return Object.fromEntries(named.map((name) => [name.replace('loss/', ''), out[name]?.[0] as number]));
}

const renamed = (arrays: Readonly<Arrays>, rename: (path: string) => string): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([path, data]) => [rename(path), data]));
