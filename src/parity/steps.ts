// Whole training steps replayed from a file: losses and gradients, then AdamW to the end.

import { gradients } from '../compiler/autodiff/index.js';
import { type Backend, compile } from '../compiler/runtime/index.js';
import { type NumberArray, sizeOf, type Tensor, trace } from '../compiler/tensor/index.js';
import { type Declaration, parameter, rootScope, type Scope } from '../model/nn/index.js';
import { type AdamWOptions, adamw, adamwScalars, updateNames } from '../train/optim/index.js';
import { type Check, compare, type Fixture, optionsOf, tolerances, weightsOf } from './fixture.js';

export type Arrays = Record<string, NumberArray>;

/** F of a file of clips, null for images. */
export function framesOf(fixture: Fixture): number | null {
  const shape = fixture.shape('step0.image');
  return shape.length === 5 ? (shape[1] as number) : null;
}

/** What a step computes, traced. */
export interface Step {
  readonly total: Tensor;
  readonly trained: readonly Declaration[];
  /** What is checked, and what the next step reads. */
  readonly outputs: Readonly<Record<string, Tensor>>;
}

export interface Replay {
  build(p: Scope): Step;
  /** What the first step reads beside weights and batch. */
  start?(trained: readonly Declaration[], weights: Readonly<Arrays>): Arrays;
  /** What step n reads beside weights and the outputs of step n − 1. */
  batch(n: number): Arrays;
  check(n: number, results: Readonly<Arrays>): readonly Check[];
}

/** Replays the file's steps with AdamW: checks each, the gradients of the first, and the parameters after the last. */
export async function replay(fixture: Fixture, backend: Backend, steps: Replay): Promise<Check[]> {
  const p = rootScope();
  const { outputs, trained } = trace(() => withGradients(steps.build(p)));
  const { options, learningRate } = optimiserOf(fixture);
  const step = await compile(backend, outputs, { name: `${fixture.name} step` });
  const updateGraph = trace(() => adamw(trained, options));
  const update = await compile(backend, updateGraph, { name: `${fixture.name} update` });
  const weights: Arrays = weightsOf(fixture, p.declarations());
  const state: Arrays = { ...weights, ...zeroMoments(trained), ...steps.start?.(trained, weights) };
  const checks: Check[] = [];
  for (let n = 0; fixture.has(`step${n}.image`); n++) {
    const results = await step.run({ ...state, ...steps.batch(n) });
    checks.push(...steps.check(n, results));
    if (n === 0) checks.push(...gradientChecks(fixture, trained, results));
    Object.assign(state, results);
    Object.assign(state, await update.run({ ...state, ...adamwScalars(learningRate, n + 1, options) }));
  }
  await Promise.all([step.release(), update.release()]);
  return [...checks, ...finalChecks(fixture, trained, state)];
}

function withGradients({ total, trained, outputs }: Step) {
  const slopes = gradients(total, trained.map(parameter));
  const named = trained.map(({ path }, i) => [updateNames(path).gradient, slopes[i] as Tensor]);
  return { outputs: { ...outputs, ...(Object.fromEntries(named) as Record<string, Tensor>) }, trained };
}

/** What the metadata says of AdamW. */
function optimiserOf(fixture: Fixture): { readonly options: AdamWOptions; readonly learningRate: number } {
  const text = fixture.metadata('optimizer');
  const number = (name: string) => Number(new RegExp(`${name}=([0-9.e+-]+)`).exec(text)?.[1]);
  return { options: { decay: number('weight_decay') }, learningRate: number('lr') };
}

const zeroMoments = (trained: readonly Declaration[]): Arrays =>
  Object.fromEntries(
    trained.flatMap(({ path, shape }) =>
      [updateNames(path).first, updateNames(path).second].map((name) => [name, new Float32Array(sizeOf(shape))]),
    ),
  );

/** Which tensors train, and their gradients in step 0, given as `gradient/…`. */
function gradientChecks(fixture: Fixture, trained: readonly Declaration[], results: Arrays): Check[] {
  const expected = fixture.keys().filter((key) => key.startsWith('step0.grad.'));
  const paths = new Set(trained.map(({ path }) => path));
  const unknown = expected.filter((key) => !paths.has(key.slice('step0.grad.'.length)));
  const wrong = [...unknown, ...[...paths].filter((path) => !fixture.has(`step0.grad.${path}`))];
  const set: Check = {
    quantity: 'set of trained tensors',
    tensor: wrong.join(' ') || 'all',
    error: wrong.length,
    tolerance: 0,
    measure: 'absolute',
  };
  const checks = trained
    .filter(({ path }) => fixture.has(`step0.grad.${path}`))
    .map(({ path }) => {
      const pair = [results[updateNames(path).gradient] as NumberArray, fixture.floats(`step0.grad.${path}`)] as const;
      return movesEveryKeyAlike(fixture, path)
        ? compare('gradients that are zero', path, pair, { tolerance: 1e-6, measure: 'absolute' })
        : compare('gradients', path, pair, { tolerance: tolerances.gradients });
    });
  return [set, ...checks];
}

/** Every trained tensor after the last update. */
function finalChecks(fixture: Fixture, trained: readonly Declaration[], state: Arrays): Check[] {
  return trained
    .filter(({ path }) => !movesEveryKeyAlike(fixture, path))
    .map(({ path }) =>
      compare('parameters after the last step', path, [state[path] as NumberArray, fixture.floats(`final.${path}`)], {
        tolerance: tolerances.afterSteps,
        measure: 'absolute',
      }),
    );
}

/**
 * A bias added to every key does not change a softmax, so its gradient is zero; the file holds rounding noise there,
 * and AdamW makes steps of full size out of noise. Frame weights multiply keys unevenly and end the invariance.
 */
function movesEveryKeyAlike(fixture: Fixture, path: string): boolean {
  const bias = /\.video_key_adapter\.(down|up)_proj\.bias$/.test(path);
  const framesAreWeighed = optionsOf(fixture).frameAware && (framesOf(fixture) ?? 1) > 1;
  return bias && (path.startsWith('text_decoder.') || !framesAreWeighed); // the decoder looks at the question
}
