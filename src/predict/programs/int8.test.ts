// A whole step with the backbone's matrices in int8, held against float32.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gradients } from '../../compiler/autodiff/index.js';
import type { Feeds } from '../../compiler/runtime/index.js';
import { sizeOf, type Tensor } from '../../compiler/tensor/index.js';
import { float32Array } from '../../format/index.js';
import { full, lora, type Method, uniadapter } from '../../model/adapter/index.js';
import type { BlipConfig } from '../../model/blip/index.js';
import {
  assemble,
  compileFor,
  createModel,
  declarationsOf,
  int8Of,
  type LoadedModel,
  type TaskName,
} from '../../model/index.js';
import { parameter } from '../../model/nn/index.js';
import { captioningStep, type Model, retrievalStep } from '../../model/task/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { stream } from '../../random/index.js';

const tower = { width: 128, layers: 3, heads: 4, mlp: 512 };
const config: BlipConfig = {
  vision: { ...tower, imageSize: 32, patch: 8, eps: 1e-6 },
  text: { ...tower, vocabulary: 160, positions: 12, eps: 1e-12 },
  projection: 32,
  encodeToken: 159,
  decoder: { startToken: 158, tied: true },
};
const [B, T] = [4, 8];
/** Every matrix of the blocks, and of nothing else: the smallest is 128 × 128. */
const LEAST = 2 ** 14;

const normal = (purpose: string, n: number) => {
  const draws = stream(9, purpose, 0);
  return Float32Array.from({ length: n }, () => draws.normal());
};

/** Random numbers of the size that suits the width, as if from a file; adapters that are not silent. */
function loaded(method: Method, task: TaskName) {
  const model = createModel(config, method);
  const declarations = declarationsOf(model, { task, frames: null });
  const { weights: start } = assemble(model, declarations, null, { seed: 1, where: 'test' });
  const weights: Record<string, Float32Array> = {};
  const stored: Record<string, ReturnType<typeof float32Array>> = {};
  for (const { path, shape, role } of declarations) {
    const values = start[path] as Float32Array;
    if (role === 'adapter') weights[path] = normal(path, values.length).map((x) => x / 20);
    else if (role !== 'base' || method.name === 'full') weights[path] = values;
    else stored[path] = float32Array(shape, shape.length > 1 ? values.map((x) => 2.5 * x) : values);
  }
  const whole: LoadedModel = { ...model, backend: createOrtBackend({ threads: 2 }), weights, stored };
  return { model: whole, int8: int8Of(declarations, whole, LEAST) };
}

const mask = new Int32Array(B * T).fill(1);
const ids = new Int32Array(B * T).map((_, i) => (i * 37) % 150);
const feeds: Feeds = { image: normal('image', B * 3 * 32 * 32), ids, mask, 'caption/ids': ids, 'caption/mask': mask };
const batchFeeds: Feeds = { ...feeds, index: Int32Array.of(0, 1, 2, 3), alpha: Float32Array.of(0) };

const steps = {
  retrieval: (model: Model) => retrievalStep(model, { batch: B, tokens: T }, { momentum: 'off', queue: 0, itm: 0 }),
  captioning: (model: Model) => captioningStep(model, { batch: B, tokens: T }),
};

/** The gradient of everything that trains, end to end. */
async function gradientOf(model: LoadedModel, task: keyof typeof steps) {
  const program = await compileFor(model, 'step', () => {
    const { total, trained } = steps[task](model);
    const slopes = gradients(total, trained.map(parameter));
    return { total, ...Object.fromEntries(slopes.map((slope, i) => [`slope${i}`, slope])) } as Record<string, Tensor>;
  });
  const { total, ...slopes } = await program.run({ ...model.weights, ...batchFeeds });
  await program.release();
  return { loss: total?.[0] as number, slope: Object.values(slopes).flatMap((x) => [...(x as Float32Array)]) };
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);

for (const [name, method] of Object.entries({ uniadapter: uniadapter({ bottleneck: 16 }), lora: lora({ rank: 4 }) }))
  for (const task of ['retrieval', 'captioning'] as const)
    test(`${task}, ${name}: the gradient in int8 points where the one in float32 does`, async () => {
      const { model, int8 } = loaded(method, task);
      const exact = await gradientOf(model, task);
      const rounded = await gradientOf({ ...model, int8 }, task);
      const [a, b] = [exact.slope, rounded.slope];
      const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
      assert.ok(cosine > 0.99 && cosine < 1 - 1e-9, `cosine ${cosine}`);
      assert.ok(Math.abs(rounded.loss / exact.loss - 1) < 0.05, `${rounded.loss} is not ${exact.loss}`);
    });

test('the matrices of the blocks are in int8; tables, first patches, heads and what methods add are not', () => {
  const { model, int8 } = loaded(uniadapter({ bottleneck: 128 }), 'captioning');
  const declared = declarationsOf(model, { task: 'captioning', frames: null });
  const blocks = declared.filter(
    ({ path, shape, role }) => role === 'base' && shape.length === 2 && sizeOf(shape) >= LEAST && !/embed/.test(path),
  );
  const tables = [...int8.names].filter((path) => /embed/.test(path));
  assert.equal(int8.names.size, blocks.length + tables.length);
  assert.deepEqual(tables, ['text_decoder.bert.embeddings.word_embeddings.weight']); // programs read it by row, see lower
  assert.ok(blocks.length > 3 * 4);
});

test('what trains is never in int8', () => {
  assert.equal(loaded(full(), 'retrieval').int8.names.size, 0);
});
