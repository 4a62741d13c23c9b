// Whole training steps of retrieval: losses, negatives and gradients, then AdamW, momentum and queue, replayed to the end.

import { uniadapter } from '../adapter/index.js';
import { gradients } from '../autodiff/index.js';
import { type Declaration, parameter, rootScope } from '../nn/index.js';
import { type AdamWOptions, adamw, adamwScalars, updateNames } from '../optim/index.js';
import { type Backend, compile } from '../runtime/index.js';
import { momentumName, retrievalStep } from '../task/index.js';
import { type NumberArray, type Tensor, trace } from '../tensor/index.js';
import { type Check, compare, configOf, type Fixture, optionsOf, tolerances, weightsOf } from './parity-fixture.js';

type Arrays = Record<string, NumberArray>;

/** Replays the file's steps. */
export async function checkRetrieval(fixture: Fixture, backend: Backend): Promise<Check[]> {
  const { step, update, trained, declarations } = await programs(fixture, backend);
  const { options, learningRate } = optimiserOf(fixture);
  const state: Arrays = weightsOf(fixture, declarations);
  for (const { path } of trained) {
    const start = state[path] as Float32Array;
    const { first, second } = updateNames(path);
    Object.assign(state, { [momentumName(path)]: start, [first]: start.map(() => 0), [second]: start.map(() => 0) });
  }
  const queue = queueOf(fixture);
  const checks: Check[] = [];
  const steps = fixture.keys().filter((key) => /^step\d+\.image$/.test(key)).length;
  for (let n = 0; n < steps; n++) {
    const results = await step.run({ ...state, ...queue.feeds, ...batchOf(fixture, n) });
    checks.push(...stepChecks(fixture, n, results));
    if (n === 0) checks.push(...gradientChecks(fixture, trained, results));
    queue.write(results, fixture.integers(`step${n}.idx`));
    Object.assign(
      state,
      entries(results, (name) => name.startsWith('momentum/') || name.startsWith('gradient/')),
    );
    Object.assign(state, await update.run({ ...state, ...adamwScalars(learningRate, n + 1, options) }));
  }
  await Promise.all([step.release(), update.release()]);
  return [...checks, ...finalChecks(fixture, trained, state), ...queue.checks()];
}

async function programs(fixture: Fixture, backend: Backend) {
  const p = rootScope();
  const method = uniadapter(optionsOf(fixture));
  const [batch, tokens] = fixture.shape('step0.input_ids') as [number, number];
  const shape = fixture.shape('step0.image');
  const frames = shape.length === 5 ? (shape[1] as number) : null;
  const queue = Number(fixture.metadata('queue_size'));
  const temperature = Number(fixture.metadata('temperature'));
  const { outputs, trained } = trace(() => {
    const model = { p, config: configOf(fixture), method };
    const step = retrievalStep(model, { batch, tokens, frames }, { queue, momentum: 'twice', temperature });
    const { trained } = step;
    const slopes = gradients(step.total, trained.map(parameter));
    const outputs: Record<string, Tensor> = {
      itc: step.losses.itc as Tensor,
      itm: step.losses.itm as Tensor,
      'feature/image': step.features.image,
      'feature/text': step.features.text,
      'negative/image': step.negatives?.image as Tensor,
      'negative/text': step.negatives?.text as Tensor,
      ...rename(step.momentum, momentumName),
      ...Object.fromEntries(trained.map(({ path }, i) => [updateNames(path).gradient, slopes[i] as Tensor])),
    };
    return { outputs, trained };
  });
  const update = trace(() => adamw(trained, optimiserOf(fixture).options));
  return {
    step: await compile(backend, outputs, { name: `${fixture.name} step` }),
    update: await compile(backend, update, { name: `${fixture.name} update` }),
    trained,
    declarations: p.declarations(),
  };
}

function optimiserOf(fixture: Fixture): { readonly options: AdamWOptions; readonly learningRate: number } {
  const text = fixture.metadata('optimizer');
  const number = (name: string) => Number(new RegExp(`${name}=([0-9.e+-]+)`).exec(text)?.[1]);
  return { options: { decay: number('weight_decay') }, learningRate: number('lr') };
}

function batchOf(fixture: Fixture, n: number): Arrays {
  const [batch] = fixture.shape(`step${n}.idx`) as [number];
  const silence = new Float32Array(batch * batch); // the fixture's negatives are the most probable ones
  return {
    image: fixture.floats(`step${n}.image`),
    ids: fixture.integers(`step${n}.input_ids`),
    mask: fixture.integers(`step${n}.attention_mask`),
    index: fixture.integers(`step${n}.idx`),
    alpha: Float32Array.of(Number(fixture.metadata('alpha'))),
    mu: Float32Array.of(Number(fixture.metadata('momentum'))),
    'noise/image': silence,
    'noise/text': silence,
  };
}

function stepChecks(fixture: Fixture, n: number, results: Arrays): Check[] {
  const check = (quantity: string, output: string, key: string, expected: ArrayLike<number>, tolerance: number) =>
    compare(quantity, `step${n}.${key}`, [results[output] as NumberArray, expected], { tolerance });
  const floats = (key: string) => fixture.floats(`step${n}.${key}`);
  const integers = (key: string) => fixture.integers(`step${n}.${key}`);
  return [
    check('loss itc', 'itc', 'loss_ita', floats('loss_ita'), tolerances.forward),
    check('loss itm', 'itm', 'loss_itm', floats('loss_itm'), tolerances.forward),
    check('negatives', 'negative/image', 'neg_image', integers('neg_image'), 0),
    check('negatives', 'negative/text', 'neg_text', integers('neg_text'), 0),
  ];
}

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
  const frames = fixture.shape('step0.image').length === 5 ? (fixture.shape('step0.image')[1] as number) : 1;
  return bias && !(optionsOf(fixture).frameAware && frames > 1);
}

/** The ring of momentum features. The file has [P, Q], we have rows. */
function queueOf(fixture: Fixture) {
  const size = Number(fixture.metadata('queue_size'));
  const width = Number(fixture.metadata('embed_dim'));
  const rows = (key: string) => transposed(fixture.floats(key), width, size);
  const feeds: Arrays = {
    'queue/image': rows('queue.image'),
    'queue/text': rows('queue.text'),
    'queue/index': fixture.integers('queue.idx'),
  };
  let next = 0;
  return {
    feeds,
    write(results: Arrays, index: Int32Array): void {
      for (const [i, id] of index.entries()) {
        for (const of of ['image', 'text'])
          (feeds[`queue/${of}`] as Float32Array).set(
            (results[`feature/${of}`] as Float32Array).subarray(i * width, (i + 1) * width),
            next * width,
          );
        (feeds['queue/index'] as Int32Array)[next] = id;
        next = (next + 1) % size;
      }
    },
    checks: (): Check[] => [
      ...['image', 'text'].map((of) =>
        compare('queue', `queue.${of}`, [feeds[`queue/${of}`] as Float32Array, rows(`final.queue.${of}`)], {
          tolerance: tolerances.afterSteps,
          measure: 'absolute',
        }),
      ),
      compare('queue', 'queue.idx', [feeds['queue/index'] as Int32Array, fixture.integers('final.queue.idx')], {
        tolerance: 0,
        measure: 'absolute',
      }),
    ],
  };
}

/** [rows, columns] → [columns, rows] */
const transposed = (x: Float32Array, rows: number, columns: number): Float32Array =>
  x.map((_, i) => x[(i % rows) * columns + Math.floor(i / rows)] as number);

const entries = (arrays: Arrays, keep: (name: string) => boolean): Arrays =>
  Object.fromEntries(Object.entries(arrays).filter(([name]) => keep(name)));

const rename = (tensors: Readonly<Record<string, Tensor>>, name: (path: string) => string): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [name(path), tensor]));
