// Starting values as data: a declaration says how a parameter starts, and any seed gives the numbers.

import { type Shape, sizeOf } from '../../compiler/tensor/index.js';
import { stream } from '../../random/index.js';

export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Drawn again while further than two deviations from zero. */
  | { readonly kind: 'truncatedNormal'; readonly deviation: number }
  /** Between −bound and bound. */
  | { readonly kind: 'uniform'; readonly bound: number };

export const zeros: Initial = { kind: 'constant', value: 0 };
export const ones: Initial = { kind: 'constant', value: 1 };

/** Kaiming's uniform with slope √5, how PyTorch starts the weight and the bias of a linear layer. */
export const kaimingUniform = (inputs: number): Initial => ({ kind: 'uniform', bound: 1 / Math.sqrt(inputs) });

/** What the numbers depend on; every declaration has it. */
export interface Start {
  readonly path: string;
  readonly shape: Shape;
  readonly initial: Initial;
}

/**
 * The numbers a parameter starts with. They depend on (seed, path) alone: adding a parameter elsewhere changes none.
 *
 * @returns f32, as many as the declared shape holds
 */
export function initialise({ path, shape, initial }: Start, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(sizeOf(shape));
  if (initial.kind === 'constant') return values.fill(initial.value);
  const draws = stream(seed, path, 0);
  const draw = {
    normal: (deviation: number) => draws.normal() * deviation,
    truncatedNormal(deviation: number): number {
      const z = draws.normal();
      return Math.abs(z) > 2 ? draw.truncatedNormal(deviation) : z * deviation;
    },
    uniform: (bound: number) => (2 * draws.uniform() - 1) * bound,
  };
  const spread = initial.kind === 'uniform' ? initial.bound : initial.deviation;
  return values.map(() => draw[initial.kind](spread));
}
