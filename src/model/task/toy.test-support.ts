// A small backbone with every method, for tests that run whatever a task computes.

import { gradients } from '../../compiler/autodiff/index.js';
import { compile, type Feeds } from '../../compiler/runtime/index.js';
import { type NumberArray, sizeOf, type Tensor, trace } from '../../compiler/tensor/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { stream } from '../../random/index.js';
import { adamw, adamwScalars, updateNames } from '../../train/optim/index.js';
import { bottleneck, full, heads, inTime, lora, type Method, trains, uniadapter } from '../adapter/index.js';
import type { BlipConfig } from '../blip/index.js';
import { type Declaration, initialise, parameter, rootScope } from '../nn/index.js';
import type { Model } from './model.js';

export const backend = createOrtBackend({ threads: 1 });
const tower = { width: 16, layers: 2, heads: 2, mlp: 32 };
export const config: BlipConfig = {
  vision: { ...tower, imageSize: 16, patch: 8, eps: 1e-6 },
  text: { ...tower, vocabulary: 24, positions: 8, eps: 1e-12 },
  projection: 8,
  encodeToken: 3,
  decoder: { startToken: 2, tied: false },
};
export const small = { bottleneck: 4 };
export const methods: Readonly<Record<string, Method>> = {
  uniadapter: uniadapter(small),
  'uniadapter, norm out': uniadapter({ ...small, layerNorm: 'out' }),
  'uniadapter, no norm': uniadapter({ ...small, layerNorm: 'none' }),
  'uniadapter, learnable scale': uniadapter({ ...small, scale: 'learnable' }),
  'uniadapter, visual only': uniadapter({ ...small, modalities: ['visual'] }),
  'uniadapter, text only': uniadapter({ ...small, modalities: ['text'] }),
  'uniadapter, cross only': uniadapter({ ...small, modalities: ['cross'] }),
  'uniadapter, nothing shared': uniadapter({ ...small, sharing: 'none' }),
  'uniadapter, all shared': uniadapter({ ...small, sharing: 'full' }),
  'uniadapter, no query residual': uniadapter({ ...small, queryResidual: false }),
  'uniadapter, keys and values': uniadapter({ ...small, keyValue: 2 }),
  lora: lora({ rank: 2 }),
  bottleneck: bottleneck(small),
  heads: heads(),
  full: full(),
  'uniadapter, in time': inTime(uniadapter(small), 2),
  'lora, in time of more frames': inTime(lora({ rank: 2 }), 3),
  'heads, in time of more frames': inTime(heads(), 4),
};

export const model = (method: Method): Model => ({ p: rootScope(), config, method });
export const weightsOf = (declarations: readonly Declaration[], seed = 1): Record<string, NumberArray> =>
  Object.fromEntries(declarations.map((d) => [d.path, initialise(d, seed)]));

/** Paths of what a method trains. */
export const trainedOf = (method: Method, declarations: readonly Declaration[]): string[] =>
  declarations.filter((d) => trains(method, d)).map(({ path }) => path);

export const numbers = (purpose: string, shape: readonly number[]) => {
  const draws = stream(5, purpose, 0);
  return Float32Array.from({ length: sizeOf(shape) }, () => draws.normal());
};

export async function run(outputs: Record<string, Tensor>, feeds: Feeds) {
  const program = await compile(backend, outputs);
  const results = await program.run(feeds);
  await program.release();
  return results;
}

/**
 * Trains for three steps of AdamW without decay, so that only gradients move anything.
 *
 * @param feeds  starting weights and the batch of step n, from 1
 * @returns sorted paths: what the step says it trains, and what is not what it was
 */
export async function afterThreeSteps(build: () => Step, feeds: (step: number) => Record<string, NumberArray>) {
  const { outputs, trained } = trace(() => {
    const { total, trained } = build();
    const slopes = gradients(total, trained.map(parameter));
    const named = trained.map(({ path }, i) => [updateNames(path).gradient, slopes[i] as Tensor]);
    return { outputs: Object.fromEntries(named) as Record<string, Tensor>, trained };
  });
  const update = trace(() => adamw(trained, { decay: 0 }));
  const programs = [await compile(backend, outputs), await compile(backend, update)] as const;
  const zero = trained.flatMap(({ path, shape }) =>
    [updateNames(path).first, updateNames(path).second].map((n) => [n, new Float32Array(sizeOf(shape))]),
  );
  const start = feeds(0);
  const state: Record<string, NumberArray> = Object.fromEntries(zero);
  for (let step = 1; step <= 3; step++) {
    Object.assign(state, await programs[0].run({ ...feeds(step), ...state }));
    Object.assign(state, await programs[1].run({ ...start, ...state, ...adamwScalars(1e-2, step) }));
  }
  for (const program of programs) await program.release();
  const moved = Object.keys(start).filter((path) => state[path] && start[path]?.some((v, i) => v !== state[path]?.[i]));
  return { trained: trained.map(({ path }) => path).sort(), moved: moved.sort() };
}

interface Step {
  readonly total: Tensor;
  readonly trained: readonly Declaration[];
}

export const bothOf = (...layers: string[]) => layers.flatMap((layer) => [`${layer}.bias`, `${layer}.weight`]);
