import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../compiler/runtime/index.js';
import { input, logSoftmax, type NumberArray, trace } from '../../compiler/tensor/index.js';
import { bottleneck, lora, type Method, uniadapter } from '../adapter/index.js';
import { decode, vocabularyLogits } from '../blip/index.js';
import {
  answeringParameters,
  answerScorer,
  beamSearch,
  captioningParameters,
  captioningStep,
  fit,
  type Model,
  tokenEncoder,
  type WriterSizes,
  writerMemory,
  writerStep,
  writerSteps,
} from './index.js';
import {
  afterThreeSteps,
  backend,
  config,
  methods,
  model,
  numbers,
  run,
  small,
  trainedOf,
  weightsOf,
} from './toy.test-support.js';

const U = 6;
const V = 24;
const sizes: WriterSizes = { batch: 2, seenTokens: 5, seenWidth: config.text.width, beams: 3, length: U };
const rows = 6;
/** Methods that do something at the start. */
const awake: Readonly<Record<string, Method>> = {
  uniadapter: uniadapter({ ...small, init: 'official', keyValue: 2 }),
  lora: lora({ rank: 2 }),
  bottleneck: bottleneck(small),
};

/** Parameters, none of them zero, and the states of two questions, the second with padding. */
function feedsOf(m: Model): Record<string, NumberArray> {
  const declarations = answeringParameters(m);
  const weights = weightsOf(declarations);
  for (const { path, shape, role } of declarations)
    if (role === 'adapter') weights[path] = numbers(path, shape).map((x) => x / 4);
  const mask = Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
  return { ...weights, states: numbers('states', [2, 5, 16]), mask };
}

async function stepsOf(m: Model, feeds: Record<string, NumberArray>) {
  const memory = await run(
    trace(() => writerMemory(m, sizes)),
    feeds,
  );
  const program = await compile(
    backend,
    trace(() => writerStep(m, sizes)),
  );
  const next = writerSteps(m, sizes, (all) => program.run(all), { ...feeds, ...memory });
  return { next, release: () => program.release() };
}

for (const [name, method] of Object.entries(awake))
  test(`${name}: token by token with a cache, beams changing places, equals reading the whole text`, async () => {
    const m = model(method);
    const feeds = feedsOf(m);
    const { next, release } = await stepsOf(m, feeds);
    let texts: number[][] = Array.from({ length: rows }, () => []);
    for (let position = 0; position < U; position++) {
      // each row continues some beam of its own question: 0, 2, 1 and 4, 3, 3
      const parents = position === 0 ? Int32Array.of(0, 1, 2, 3, 4, 5) : Int32Array.of(0, 2, 1, 4, 3, 3);
      const tokens = Int32Array.from({ length: rows }, (_, row) =>
        position === 0 ? 2 : 5 + ((row + 3 * position) % 17),
      );
      texts = Array.from(tokens, (token, row) => [...(texts[parents[row] as number] as number[]), token]);
      const logProbs = await next(tokens, parents, position);
      const whole = trace(() => {
        const shape = [rows, position + 1];
        const read = { ids: input('ids', shape, 'int32'), mask: input('ones', shape, 'int32') };
        const seen = { tokens: input('states', [2, 5, 16]), rows: input('rows', [rows], 'int32') };
        const blip = fit(m, m.p);
        const question = input('scores', [rows, 1, 1, 5]);
        const logits = vocabularyLogits(blip, decode(blip, read, { ...seen, mask: question }));
        return { expected: logSoftmax(logits) };
      });
      const { expected } = await run(whole, {
        ...feeds,
        ids: Int32Array.from(texts.flat()),
        ones: new Int32Array(rows * (position + 1)).fill(1),
        rows: Int32Array.of(0, 0, 0, 1, 1, 1),
        scores: Float32Array.from({ length: rows * 5 }, (_, i) =>
          (feeds.mask as Int32Array)[i >= 15 ? 5 + (i % 5) : i % 5] ? 0 : -1e4,
        ),
      });
      for (let row = 0; row < rows; row++)
        for (let token = 0; token < V; token++) {
          const want = (expected as Float32Array)[(row * (position + 1) + position) * V + token] as number;
          assert.ok(Math.abs(want - (logProbs[row * V + token] as number)) < 1e-5);
        }
    }
    await release();
  });

test('the score of a written answer is the likelihood that the scorer gives it', async () => {
  const m = model(awake.uniadapter as Method);
  const feeds = feedsOf(m);
  const { next, release } = await stepsOf(m, feeds);
  const end = 4;
  const written = await beamSearch(next, { texts: 2, given: [2], end, maxLength: U, lengthPenalty: 0 });
  await release();
  const best = written.map((texts) => texts[0] ?? assert.fail());
  const texts = best.map(({ tokens }) => [1, ...tokens, ...(tokens.length + 1 < U ? [end] : [])]);
  const pad = (make: (text: number[], i: number) => number) =>
    Int32Array.from(texts.flatMap((text) => Array.from({ length: U }, (_, i) => make(text, i))));
  const { loss } = await run(
    trace(() => ({ ...answerScorer(m, { questions: 2, tokens: 5, answers: 2, answerTokens: U }) })),
    {
      ...feeds,
      'answer/ids': pad((text, i) => text[i] ?? 0),
      'answer/mask': pad((text, i) => Number(i < text.length)),
      'answer/question': Int32Array.of(0, 1),
    },
  );
  for (const [i, { score, logProb }] of best.entries()) {
    assert.ok(Math.abs(score + ((loss as Float32Array)[i] as number)) < 1e-4);
    assert.equal(score, logProb);
  }
  assert.notEqual(best[0]?.score, best[1]?.score);
});

const captions = (step = 0): Record<string, NumberArray> => ({
  image: numbers(`image${step}`, [2, 3, 16, 16]),
  'caption/ids': Int32Array.of(1, 5, 6, 7, 8, 4, 1, 5, 6, 9, 4, 0),
  'caption/mask': Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0),
});

test('a caption’s loss is the mean, by hand, over the tokens after the prompt', async () => {
  const m = model(awake.uniadapter as Method);
  const feeds = { ...weightsOf(captioningParameters(m)), ...captions() };
  const graph = trace(() => {
    const blip = fit(m, m.p);
    const shape = [2, 6];
    const texts = { ids: input('caption/ids', shape, 'int32'), mask: input('caption/mask', shape, 'int32') };
    const logits = vocabularyLogits(blip, decode(blip, texts, tokenEncoder(m, { batch: 2 })));
    return { logProbs: logSoftmax(logits), total: captioningStep(m, { batch: 2, tokens: 6 }, { given: 3 }).total };
  });
  const { logProbs, total } = (await run(graph, feeds)) as Record<string, Float32Array>;
  const losses = [0, 1].flatMap((row) =>
    [3, 4, 5].flatMap((at) => {
      const token = (feeds['caption/ids'] as Int32Array)[row * 6 + at] as number;
      const before = (logProbs as Float32Array).subarray((row * 6 + at - 1) * V, (row * 6 + at) * V);
      const mean = before.reduce((sum, x) => sum + x, 0) / V;
      return token === 0 ? [] : [-0.9 * (before[token] as number) - 0.1 * mean];
    }),
  );
  assert.equal(losses.length, 5);
  const expected = losses.reduce((sum, x) => sum + x, 0) / 5;
  assert.ok(Math.abs((total?.[0] as number) - expected) < 1e-5);
});

for (const [name, method] of Object.entries(methods))
  test(`${name}: after a few steps of captioning every tensor that trains has moved`, async () => {
    const m = model(method);
    const { trained, moved } = await afterThreeSteps(
      () => captioningStep(m, { batch: 2, tokens: 6 }),
      (step) => ({ ...weightsOf(captioningParameters(m)), ...captions(step) }),
    );
    assert.deepEqual(trained, trainedOf(method, m.p.declarations()).sort());
    assert.deepEqual(moved, trained);
    const { tokens } = await run(
      trace(() => ({ ...tokenEncoder(m, { batch: 2 }) })),
      { ...weightsOf(captioningParameters(m)), ...captions() },
    );
    assert.equal(tokens?.length, 2 * 5 * 16);
  });
