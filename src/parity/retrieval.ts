// Whole training steps of retrieval: losses, negatives and gradients, then AdamW, momentum and queue, replayed to the end.

import type { Backend } from '../compiler/runtime/index.js';
import type { NumberArray, Tensor } from '../compiler/tensor/index.js';
import { uniadapter } from '../model/adapter/index.js';
import type { Scope } from '../model/nn/index.js';
import { momentumName, retrievalStep } from '../model/task/index.js';
import { type Check, compare, configOf, type Fixture, optionsOf, tolerances } from './fixture.js';
import { type Arrays, framesOf, replay, type Step } from './steps.js';

/** Replays the file's steps. */
export async function checkRetrieval(fixture: Fixture, backend: Backend): Promise<Check[]> {
  const queue = queueOf(fixture);
  const checks = await replay(fixture, backend, {
    build: (p) => stepOf(fixture, p),
    start: (trained, weights) =>
      Object.fromEntries(trained.map(({ path }) => [momentumName(path), weights[path] as NumberArray])),
    batch: (n) => ({ ...queue.feeds, ...batchOf(fixture, n) }),
    check(n, results) {
      queue.write(results, fixture.integers(`step${n}.idx`));
      return stepChecks(fixture, n, results);
    },
  });
  return [...checks, ...queue.checks()];
}

function stepOf(fixture: Fixture, p: Scope): Step {
  const [batch, tokens] = fixture.shape('step0.input_ids') as [number, number];
  const queue = Number(fixture.metadata('queue_size'));
  const temperature = Number(fixture.metadata('temperature'));
  const model = { p, config: configOf(fixture), method: uniadapter(optionsOf(fixture)) };
  const sizes = { batch, tokens, frames: framesOf(fixture) };
  const { total, trained, losses, features, negatives, momentum } = retrievalStep(model, sizes, {
    queue,
    countsUnwritten: true,
    momentum: 'twice',
    temperature,
  });
  const outputs = {
    itc: losses.itc as Tensor,
    itm: losses.itm as Tensor,
    'feature/image': features.image,
    'feature/text': features.text,
    'negative/image': negatives?.image as Tensor,
    'negative/text': negatives?.text as Tensor,
    ...rename(momentum, momentumName),
  };
  return { total, trained, outputs };
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

const rename = (tensors: Readonly<Record<string, Tensor>>, name: (path: string) => string): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([path, tensor]) => [name(path), tensor]));
