// The first half of a step: a batch → losses and gradients. In one piece, or, in less memory, piece by piece with sums.

import { gradients } from '../../compiler/autodiff/index.js';
import type { Tensor } from '../../compiler/tensor/index.js';
import { trimmed } from '../../data/text/index.js';
import { compileLazily, type LoadedModel } from '../../model/index.js';
import { parameter } from '../../model/nn/index.js';
import { type Model, momentumName } from '../../model/task/index.js';
import { updateNames } from '../optim/index.js';
import type { Gradients, InPieces, Results, StepBatch, StepSizes, TrainTask } from './task.js';

/** One program for the whole batch; batches of other sizes or lengths get programs of their own, when they come. */
export function wholeGradients(model: LoadedModel, task: Pick<TrainTask<unknown>, 'trace' | 'padded'>): Gradients {
  const programs = new Map<string, ReturnType<typeof compileLazily>>();
  return {
    async run(batch) {
      const { feeds, sizes } = unpadded(batch, task.padded);
      const key = JSON.stringify(sizes);
      const program =
        programs.get(key) ?? compileLazily(model, 'gradient program', () => gradientProgram(model, task, sizes));
      programs.set(key, program);
      return program.run(feeds);
    },
    async release() {
      for (const program of programs.values()) await program.release();
    },
  };
}

/** The batch without padding that all its texts have. */
function unpadded({ feeds, sizes }: StepBatch, padded: TrainTask<unknown>['padded']): StepBatch {
  if (!padded) return { feeds, sizes };
  const texts = { ids: feeds[padded.ids] as Int32Array, mask: feeds[padded.mask] as Int32Array };
  const { ids, mask, length } = trimmed(texts, sizes.tokens as number);
  return { feeds: { ...feeds, [padded.ids]: ids, [padded.mask]: mask }, sizes: { ...sizes, tokens: length } };
}

/** A part of a batch whose loss is a mean, and how much of that mean it is. */
export interface Slice extends StepBatch {
  /** 0…1; those of a batch sum to one. */
  readonly share: number;
}

/** For losses that are means over samples: each slice in turn, with the mean of what comes out. */
export const inSlices = (
  model: Model,
  task: Pick<TrainTask<unknown>, 'trace' | 'sizes'>,
  slicesOf: (batch: StepBatch) => readonly Slice[],
): InPieces => ({
  programs: { 'gradient program': () => gradientProgram(model, task, task.sizes) },
  betweenBytes: 0,
  isFree: true,
  async open(model) {
    const whole = wholeGradients(model, task);
    return {
      async run(batch) {
        const sums: Results = {};
        for (const { share, ...slice } of slicesOf(batch)) addTo(sums, await whole.run(slice), share);
        return sums;
      },
      release: () => whole.release(),
    };
  },
});

/** sums += share · parts, for numbers that are float32. */
export function addTo(sums: Results, parts: Results, share = 1): void {
  for (const [name, part] of Object.entries(parts)) {
    const sum = sums[name] ?? new Float32Array(part.length);
    for (let i = 0; i < part.length; i++) sum[i] = (sum[i] as number) + share * (part[i] as number);
    sums[name] = sum;
  }
}

/** Everything a batch is computed to, in one program. */
export function gradientProgram(model: Model, task: Pick<TrainTask<unknown>, 'trace'>, sizes: StepSizes) {
  const { total, trained, losses, momentum = {}, outputs = {} } = task.trace(model, sizes);
  const slopes = gradients(total, trained.map(parameter));
  return {
    total,
    ...outputs,
    ...prefixed('loss/', losses),
    ...Object.fromEntries(Object.entries(momentum).map(([path, tensor]) => [momentumName(path), tensor])),
    ...Object.fromEntries(trained.map(({ path }, i) => [updateNames(path).gradient, slopes[i] as Tensor])),
  };
}

const prefixed = (prefix: string, values: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
