// Laws that every method obeys, run on a small backbone: silent at the start, alive after it, and nothing else moves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bottleneck, full, heads, lora, type Method, trains, uniadapter } from '../adapter/index.js';
import { gradients } from '../autodiff/index.js';
import { type BlipConfig, blipBase } from '../blip/index.js';
import { initialise, parameter, rootScope } from '../nn/index.js';
import { createOrtBackend } from '../node/ort.js';
import { adamw, adamwScalars, updateNames } from '../optim/index.js';
import { stream } from '../random/index.js';
import { compile, type Feeds } from '../runtime/index.js';
import { type NumberArray, sizeOf, type Tensor, trace } from '../tensor/index.js';
import { imageEncoder, type Model, matcher, retrievalParameters, retrievalStep, textEncoder } from './index.js';

const backend = createOrtBackend({ threads: 1 });
const tower = { width: 16, layers: 2, heads: 2, mlp: 32 };
const config: BlipConfig = {
  vision: { ...tower, imageSize: 16, patch: 8, eps: 1e-6 },
  text: { ...tower, vocabulary: 24, positions: 8, eps: 1e-12 },
  projection: 8,
  encodeToken: 3,
};
const small = { bottleneck: 4 };
const methods: Readonly<Record<string, Method>> = {
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
};

const model = (method: Method): Model => ({ p: rootScope(), config, method });
const weights = (m: Model, seed = 1): Record<string, NumberArray> =>
  Object.fromEntries(retrievalParameters(m).map((d) => [d.path, initialise(d, seed)]));

const numbers = (purpose: string, shape: readonly number[]) => {
  const draws = stream(5, purpose, 0);
  return Float32Array.from({ length: sizeOf(shape) }, () => draws.normal());
};
/** Four captions of which the first two are of one image; frames: null for images. */
function batch(frames: number | null, step = 0): Record<string, NumberArray> {
  const ids = numbers(`ids${step}`, [4, 6]).map((x) => 4 + (Math.floor(Math.abs(x) * 1000) % 20));
  return {
    image: numbers(`image${step}`, [4, frames ?? 1, 3, 16, 16]),
    ids: Int32Array.from(ids, (id, i) => (i % 6 === 0 ? 1 : id)),
    mask: Int32Array.from({ length: 24 }, (_, i) => Number(i % 6 < 4)),
    index: Int32Array.of(7, 7, 8, 9),
    'noise/image': new Float32Array(16),
    'noise/text': new Float32Array(16),
    alpha: Float32Array.of(0.4),
    mu: Float32Array.of(0.9),
  };
}
async function run(outputs: Record<string, Tensor>, feeds: Feeds) {
  const program = await compile(backend, outputs);
  const results = await program.run(feeds);
  await program.release();
  return results;
}

/** Everything evaluation computes, for clips of two frames. */
async function answers(m: Model) {
  const feeds = { ...weights(m), ...batch(2) };
  const images = await run(
    trace(() => imageEncoder(m, { batch: 4, frames: 2 })),
    feeds,
  );
  const texts = await run(
    trace(() => textEncoder(m, { batch: 4, tokens: 6 })),
    feeds,
  );
  const given = {
    tokens: images.tokens,
    rows: Int32Array.of(2, 1, 0, 3),
    textFeature: texts.feature,
    frameFeatures: images.frameFeatures,
  };
  const pairs = await run(
    trace(() => matcher(m, { images: 4, pairs: 4, tokens: 6, frames: 2 })),
    { ...feeds, ...(given as Record<string, NumberArray>) },
  );
  return { ...images, text: texts.feature, ...pairs };
}

const plain = answers(model({ ...full(), frameAware: false }));
const plainWeighted = answers(model({ ...full(), frameAware: true }));

for (const [name, method] of Object.entries(methods))
  test(`${name}: starts exactly at the backbone`, async () => {
    assert.deepEqual(await answers(model(method)), await (method.frameAware ? plainWeighted : plain));
  });

test('the official start is not the backbone, so the law can fail', async () => {
  const official = uniadapter({ ...small, init: 'official' });
  assert.notDeepEqual(await answers(model(official)), await plainWeighted);
});

for (const [name, method] of Object.entries(methods))
  test(`${name}: after a few steps every tensor that trains has moved, and no other is touched`, async () => {
    const m = model(method);
    const start = weights(m);
    const { outputs, trained } = trace(() => {
      const step = retrievalStep(m, { batch: 4, tokens: 6, frames: 2 }, { queue: 0, momentum: 'off' });
      const slopes = gradients(step.total, step.trained.map(parameter));
      const named = step.trained.map(({ path }, i) => [updateNames(path).gradient, slopes[i] as Tensor]);
      return { outputs: Object.fromEntries(named) as Record<string, Tensor>, trained: step.trained };
    });
    const update = trace(() => adamw(trained, { decay: 0 }));
    assert.deepEqual(
      trained.map(({ path }) => path).sort(),
      m.p
        .declarations()
        .filter((d) => trains(method, d))
        .map(({ path }) => path)
        .sort(),
    );
    const programs = [await compile(backend, outputs), await compile(backend, update)] as const;
    const zero = trained.flatMap(({ path, shape }) =>
      [updateNames(path).first, updateNames(path).second].map((n) => [n, new Float32Array(sizeOf(shape))]),
    );
    const state: Record<string, NumberArray> = { ...start, ...Object.fromEntries(zero) };
    for (let step = 1; step <= 3; step++) {
      Object.assign(state, await programs[0].run({ ...state, ...batch(2, step) }));
      Object.assign(state, await programs[1].run({ ...state, ...adamwScalars(1e-2, step) }));
    }
    for (const program of programs) await program.release();
    const moved = Object.keys(start).filter((path) => start[path]?.some((v, i) => v !== state[path]?.[i]));
    assert.deepEqual(moved.sort(), trained.map(({ path }) => path).sort());
  });

const trainedPaths = (method: Method) => {
  const m = model(method);
  return retrievalParameters(m)
    .filter((d) => trains(method, d))
    .map(({ path }) => path);
};
const headPaths = [
  'itm_head.bias',
  'itm_head.weight',
  'text_proj.bias',
  'text_proj.weight',
  'vision_proj.bias',
  'vision_proj.weight',
];
const bothOf = (...layers: string[]) => layers.flatMap((layer) => [`${layer}.bias`, `${layer}.weight`]);

test('the exact tensors that train: uniadapter, by default and as in the release', () => {
  const layer = (i: number, crossNorm: boolean) =>
    bothOf(
      ...['adapter_layer_norm_before', 'down_proj', 'multi_up_proj', 'up_proj', 'visual_up_proj'],
      ...(crossNorm ? ['adapter_layer_norm_cross_modal'] : []),
    ).map((path) => `adapters.${i}.${path}`);
  assert.deepEqual(trainedPaths(uniadapter(small)).sort(), [...layer(0, true), ...layer(1, true), ...headPaths].sort());
  const official = uniadapter({ ...small, init: 'official', trainCrossNorm: false, keyValue: 2 });
  const lowRank = ['key', 'value'].flatMap((kind) =>
    [...bothOf('down_proj', 'up_proj'), 'scale'].map((path) => `text_encoder.encoder.video_${kind}_adapter.${path}`),
  );
  assert.deepEqual(
    trainedPaths(official).sort(),
    [...layer(0, false), ...layer(1, false), ...lowRank, ...headPaths].sort(),
  );
});

test('the exact tensors that train: heads, lora and full', () => {
  assert.deepEqual(trainedPaths(heads()).sort(), headPaths);
  const sites = [0, 1].flatMap((i) => [
    ...['query', 'value'].map((part) => `visual_encoder.blocks.${i}.attn.qkv.${part}`),
    ...['attention', 'crossattention'].flatMap((kind) =>
      ['query', 'value'].map((part) => `text_encoder.encoder.layer.${i}.${kind}.self.${part}`),
    ),
  ]);
  const pairs = sites.flatMap((site) => [`${site}.lora_A.weight`, `${site}.lora_B.weight`]);
  assert.deepEqual(trainedPaths(lora({ rank: 2 })).sort(), [...pairs, ...headPaths].sort());
  const all = retrievalParameters(model(full())).map(({ path }) => path);
  assert.deepEqual(
    trainedPaths(full()),
    all.filter((path) => path !== 'temp'),
  );
});

test('a trained temperature is one tensor more', () => {
  const m = model(heads());
  const parameters = retrievalParameters(m, { trainTemperature: true });
  assert.deepEqual(
    parameters
      .filter((d) => trains(m.method, d))
      .map(({ path }) => path)
      .sort(),
    [...headPaths, 'temp'].sort(),
  );
});

test('parameters of the published sizes are counted as published', () => {
  const count = (method: Method, role: string) =>
    retrievalParameters({ p: rootScope(), config: blipBase, method })
      .filter((d) => d.role === role)
      .reduce((n, { shape }) => n + sizeOf(shape), 0);
  assert.equal(count(uniadapter({ bottleneck: 128 }), 'adapter'), 4_784_640);
  assert.equal(count(uniadapter({ bottleneck: 512 }), 'adapter'), 18_945_024);
  assert.equal(Math.round((count(full(), 'base') + count(full(), 'head')) / 1e5), 2237);
});

test('momentum follows exactly the trained tensors that features depend on', () => {
  const averages = (method: Method, itm: number) => {
    const m = model(method);
    return trace(() => Object.keys(retrievalStep(m, { batch: 4, tokens: 6 }, { queue: 0, itm }).momentum)).sort();
  };
  assert.deepEqual(
    averages(heads(), 1),
    headPaths.filter((path) => !path.startsWith('itm_head')),
  );
  const followed = averages(uniadapter({ ...small, keyValue: 2 }), 1);
  assert.ok(followed.includes('adapters.0.up_proj.weight'));
  assert.ok(
    !followed.some((path) => path.includes('multi_up_proj') || path.includes('video_') || path.startsWith('itm')),
  );
});

test('towers of another shape are refused for a shared adapter and accepted for separate ones', () => {
  const sizes = { vision: { width: 16, layers: 3 }, text: { width: 16, layers: 2 } };
  assert.throws(() => uniadapter(small).seam(rootScope(), sizes), /towers of different shape.*sharing to none/);
  assert.ok(uniadapter({ ...small, sharing: 'none' }).seam(rootScope(), sizes).besideVision);
  assert.ok(uniadapter({ ...small, modalities: ['text', 'cross'] }).seam(rootScope(), sizes).besideText);
});

test('options that would silence the cross adapter for ever are refused', () => {
  assert.throws(() => uniadapter({ trainCrossNorm: false }), /would stay silent/);
});
