import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type NumberArray, sizeOf, trace } from '../../compiler/tensor/index.js';
import { full, heads, lora, type Method, uniadapter } from '../adapter/index.js';
import { blipBase } from '../blip/index.js';
import { rootScope } from '../nn/index.js';
import {
  type AnsweringOptions,
  answeringParameters,
  answeringStep,
  answerScorer,
  byLoss,
  firstTokens,
  type Model,
  questionReader,
  tokenEncoder,
  topByFirstToken,
} from './index.js';
import {
  afterThreeSteps,
  bothOf,
  methods,
  model,
  numbers,
  run,
  small,
  trainedOf,
  weightsOf,
} from './toy.test-support.js';

const sizes = { batch: 2, questions: 2, tokens: 5, answers: 4, answerTokens: 4, frames: 2 };
/** Two questions about clips; the first has two answers, the second one, and a row fills the batch up. */
const batch = (step = 0): Record<string, NumberArray> => ({
  image: numbers(`image${step}`, [2, 2, 3, 16, 16]),
  'question/ids': Int32Array.of(1, 5, 6, 7, 4, 1, 9, 4, 0, 0),
  'question/mask': Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0),
  'question/media': Int32Array.of(0, 1),
  'answer/ids': Int32Array.of(1, 8, 4, 0, 1, 10, 11, 4, 1, 12, 4, 0, 1, 13, 14, 4),
  'answer/mask': Int32Array.of(1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1),
  'answer/question': Int32Array.of(0, 0, 1, 1),
  'answer/weight': Float32Array.of(0.6, 0.4, 1, 0),
});
const weights = (m: Model) => weightsOf(answeringParameters(m, 2));

/** Everything answering computes. */
async function answered(m: Model, feeds = batch(), options: AnsweringOptions = {}) {
  const all = { ...weights(m), ...feeds };
  const step = trace(() => ({ total: answeringStep(m, sizes, options).total, ...tokenEncoder(m, sizes) }));
  const trained = await run(step, all);
  const read = await run(
    trace(() => questionReader(m, sizes)),
    { ...all, ...trained },
  );
  const rank = trace(() => ({ ...answerScorer(m, sizes), ...firstTokens(m, sizes) }));
  const ranked = await run(rank, { ...all, ...read, mask: all['question/mask'] as NumberArray });
  return { ...trained, ...read, ...ranked } as Record<string, Float32Array>;
}
const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-5, `${a} and ${b}`);
const official = uniadapter({ ...small, init: 'official', keyValue: 2 }); // not silent at the start

const plain = answered(model({ ...full(), frameAware: false }));
const plainWeighted = answered(model({ ...full(), frameAware: true }));

for (const [name, method] of Object.entries(methods))
  test(`${name}: answers exactly like the backbone at the start`, async () => {
    assert.deepEqual(await answered(model(method)), await (method.frameAware ? plainWeighted : plain));
  });

for (const [name, method] of Object.entries(methods))
  test(`${name}: after a few steps of answering every tensor that trains has moved`, async () => {
    const m = model(method);
    const { trained, moved } = await afterThreeSteps(
      () => answeringStep(m, sizes),
      (step) => ({ ...weights(m), ...batch(step) }),
    );
    const featuresAlone = /^(vision|text)_proj\./; // they only weigh the frames, without gradient
    const expected = trainedOf(method, m.p.declarations()).filter((path) => !featuresAlone.test(path));
    assert.deepEqual(trained, expected.sort());
    assert.deepEqual(moved, trained);
  });

const trainedPaths = (method: Method) => trainedOf(method, answeringParameters(model(method))).sort();
const lmHead = [
  'text_decoder.cls.predictions.bias',
  'text_decoder.cls.predictions.decoder.weight',
  ...bothOf('text_decoder.cls.predictions.transform.LayerNorm', 'text_decoder.cls.predictions.transform.dense'),
];

test('the exact tensors that train: one set of adapters for both text towers, key/value adapters one each', () => {
  const layers = [0, 1].flatMap((i) =>
    bothOf(
      ...['adapter_layer_norm_before', 'adapter_layer_norm_cross_modal'],
      ...['down_proj', 'multi_up_proj', 'up_proj', 'visual_up_proj'],
    ).map((path) => `adapters.${i}.${path}`),
  );
  assert.deepEqual(trainedPaths(uniadapter(small)), layers.sort());
  const pairs = ['text_encoder', 'text_decoder.bert'].flatMap((tower) =>
    ['key', 'value'].flatMap((kind) =>
      [...bothOf('down_proj', 'up_proj'), 'scale'].map((path) => `${tower}.encoder.video_${kind}_adapter.${path}`),
    ),
  );
  assert.deepEqual(trainedPaths(uniadapter({ ...small, keyValue: 2 })), [...layers, ...pairs].sort());
});

test('the exact tensors that train: heads trains the LM head, adapters leave it as it is', () => {
  assert.deepEqual(trainedPaths(heads()), lmHead.sort());
  assert.ok(!trainedPaths(lora()).some((path) => path.includes('predictions')));
  const all = answeringParameters(model(full())).map(({ path }) => path);
  assert.deepEqual(trainedPaths(full()), all.sort());
});

test('parameters at the published size are counted as published', () => {
  const config = { ...blipBase, vision: { ...blipBase.vision, imageSize: 480 } };
  const count = (method: Method, role: string) =>
    answeringParameters({ p: rootScope(), config, method })
      .filter((d) => d.role === role)
      .reduce((n, { shape }) => n + sizeOf(shape), 0);
  assert.equal(count(uniadapter({ bottleneck: 512 }), 'adapter'), 18_945_024);
  const backbone = count(full(), 'base') + count(full(), 'lmHead');
  assert.equal(Math.round(backbone / 1e5), 3615);
});

test('the loss is the weighted, smoothed cross-entropy of the answers’ tokens, by hand from single scores', async () => {
  const m = model(official);
  const weigh = (row: number) => ({
    ...batch(),
    'answer/weight': Float32Array.from([0, 1, 2, 3], (i) => +(i === row)),
  });
  const alone = [];
  for (const row of [0, 1, 2]) alone.push((await answered(m, weigh(row), { smoothing: 0 })).total?.[0] as number);
  const { loss, total } = await answered(m, batch(), { smoothing: 0 });
  for (const [row, value] of alone.entries()) close(value, (loss?.[row] as number) / 2);
  const [a, b, c] = Array.from(loss as Float32Array) as [number, number, number];
  close(total?.[0] as number, (0.6 * a + 0.4 * b + c) / 2);
  const frames = await answered(m, batch(), { smoothing: 0, per: 'frames' });
  close(frames.total?.[0] as number, (total?.[0] as number) / 2);
  assert.notEqual((await answered(m)).total?.[0], total?.[0]); // the default smooths
});

test('the first token’s probability and the loss of a one-token answer agree, and smoothing is the mean over the vocabulary', async () => {
  const m = model(official);
  const ends = Int32Array.of(1, 8, 0, 0, 1, 10, 0, 0, 1, 12, 0, 0, 1, 13, 0, 0);
  const feeds = {
    ...batch(),
    'answer/ids': ends,
    'answer/mask': ends.map((id) => Number(id > 0)),
    'answer/weight': Float32Array.of(1, 0, 0, 0),
  };
  const { loss, logProbs, total } = (await answered(m, feeds)) as Record<string, Float32Array>;
  const rowOf = (question: number) => (logProbs as Float32Array).subarray(question * 24, (question + 1) * 24);
  for (const [i, [question, token]] of [
    [0, 8],
    [0, 10],
    [1, 12],
    [1, 13],
  ].entries())
    close(loss?.[i] as number, -(rowOf(question as number)[token as number] as number));
  const mean = rowOf(0).reduce((sum, x) => sum + x, 0) / 24;
  close(total?.[0] as number, (0.9 * (loss?.[0] as number) - 0.1 * mean) / 2);
});

test('padding of questions and answers, and rows of weight zero, change nothing', async () => {
  const m = model(official);
  const feeds = batch();
  const replaced = (ids: string, mask: string) =>
    Int32Array.from(feeds[ids] as Int32Array, (id, i) => ((feeds[mask] as Int32Array)[i] ? id : 17));
  const other = {
    ...feeds,
    'question/ids': replaced('question/ids', 'question/mask'),
    'answer/ids': replaced('answer/ids', 'answer/mask').fill(19, 13),
  };
  const [before, after] = [await answered(m, feeds), await answered(m, other)];
  close(after.total?.[0] as number, before.total?.[0] as number);
  for (const row of [0, 1, 2]) close(after.loss?.[row] as number, before.loss?.[row] as number);
  assert.ok(Math.abs((after.loss?.[3] as number) - (before.loss?.[3] as number)) > 1e-4);
});

test('several questions about one clip are read as if each had the clip to itself', async () => {
  const m = model(official);
  const loud = Object.entries(weights(m)).map(([path, x]) => [path, (x as Float32Array).map((v) => 6 * v)]);
  const feeds: Record<string, NumberArray> = { ...Object.fromEntries(loud), ...batch() };
  const image = (feeds.image as Float32Array).slice(0, 2 * 3 * 16 * 16);
  const twice = Float32Array.from([...image, ...image]);
  const total = async (more: Record<string, NumberArray>, batchSize: number) => {
    const step = trace(() => ({ total: answeringStep(m, { ...sizes, batch: batchSize }).total }));
    return (await run(step, { ...feeds, ...more })).total?.[0] as number;
  };
  const shared = await total({ image, 'question/media': Int32Array.of(0, 0) }, 1);
  close(shared, await total({ image: twice }, 2));
  assert.ok(Math.abs(shared - (await total({}, 2))) > 1e-3, 'another clip gives another loss');
});

test('frame weights are read out, and sum to the number of frames', async () => {
  const { frameWeights } = (await answered(model(uniadapter(small)))) as { frameWeights: Float32Array };
  for (const clip of [0, 1]) close((frameWeights[2 * clip] as number) + (frameWeights[2 * clip + 1] as number), 2);
  assert.equal((await plain).frameWeights, undefined);
});

test('a backbone without a decoder says so', () => {
  const { decoder, ...config } = model(heads()).config;
  assert.throws(() => answeringParameters({ ...model(heads()), config }), /has no decoder/);
  assert.ok(decoder);
});

test('candidates are chosen by their first token and won by the smallest loss, ties by order', () => {
  const logProbs = Float32Array.of(-9, -1, -3, -2);
  assert.deepEqual(topByFirstToken(logProbs, Int32Array.of(2, 1, 3, 1, 0), 3), [1, 3, 2]);
  assert.deepEqual(topByFirstToken(logProbs, Int32Array.of(2, 1), 128), [1, 0]);
  assert.deepEqual(byLoss([5, 2, 2]), [1, 2, 0]);
  fc.assert(
    fc.property(fc.array(fc.nat(7), { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (starts, k) => {
      const levels = Float32Array.from([3, 1, 3, 0, 2, 5, 5, 4]);
      const level = (candidate: number) => levels[starts[candidate] as number] as number;
      const order = [...starts.keys()].sort((a, b) => level(b) - level(a) || a - b);
      assert.deepEqual(topByFirstToken(levels, Int32Array.from(starts), k), order.slice(0, k));
    }),
  );
  assert.throws(() => topByFirstToken(logProbs, new Int32Array(0), 3), /none to rank/);
});
