// AdamW with decoupled decay, exactly as PyTorch computes it. Loshchilov & Hutter, https://arxiv.org/abs/1711.05101
// The update is a graph; what changes from step to step enters as three scalars.

import { add, div, input, mul, sqrt, sub, type Tensor } from '../../compiler/tensor/index.js';
import type { Declaration } from '../../model/nn/index.js';
import { parameter } from '../../model/nn/index.js';

export interface AdamWOptions {
  /** Fraction of the learning rate by which every trained tensor shrinks each step. Default 0.05. */
  readonly decay?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly eps?: number;
}

const defaults = { decay: 0.05, beta1: 0.9, beta2: 0.999, eps: 1e-8 } as const;

/** Names of the update program's inputs and outputs that belong to the parameter `path`, beside the parameter itself. */
export const updateNames = (path: string) => ({
  gradient: `gradient/${path}`,
  first: `first/${path}`,
  second: `second/${path}`,
});

/**
 * The update of every parameter, to be compiled as one program.
 *
 * Inputs: each parameter by its path, `gradient/…`, its moments `first/…` and `second/…`, and the scalars of
 * {@link adamwScalars}. Moments start at zero.
 *
 * @returns new parameters by path and new moments under their names
 */
export function adamw(trained: readonly Declaration[], options: AdamWOptions = {}): Record<string, Tensor> {
  const { decay, beta1, beta2, eps } = { ...defaults, ...options };
  const [rate, correction1, correction2] = ['learningRate', 'correction1', 'correction2'].map((name) =>
    input(name, []),
  );
  const [lr, c1, c2] = [rate, correction1, correction2] as [Tensor, Tensor, Tensor];
  const shrink = sub(1, mul(lr, decay));
  const step = div(lr, c1);
  const outputs: Record<string, Tensor> = {};
  for (const declaration of trained) {
    const { path, shape } = declaration;
    const names = updateNames(path);
    const g = input(names.gradient, shape);
    const m = add(mul(input(names.first, shape), beta1), mul(g, 1 - beta1));
    const v = add(mul(input(names.second, shape), beta2), mul(mul(g, g), 1 - beta2));
    const denominator = add(div(sqrt(v), c2), eps);
    outputs[path] = sub(mul(parameter(declaration), shrink), mul(step, div(m, denominator)));
    outputs[names.first] = m;
    outputs[names.second] = v;
  }
  return outputs;
}

/**
 * The scalars of one update.
 *
 * @param step  1 for the first update
 */
export function adamwScalars(learningRate: number, step: number, options: AdamWOptions = {}) {
  const { beta1, beta2 } = { ...defaults, ...options };
  return {
    learningRate: Float32Array.of(learningRate),
    correction1: Float32Array.of(1 - beta1 ** step),
    correction2: Float32Array.of(Math.sqrt(1 - beta2 ** step)),
  };
}
