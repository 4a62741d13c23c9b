// Laws that every method obeys, run on a small backbone: silent at the start, alive after it, and nothing else moves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type NumberArray, sizeOf, trace } from '../../compiler/tensor/index.js';
import { full, heads, lora, type Method, trains, uniadapter } from '../adapter/index.js';
import { blipBase } from '../blip/index.js';
import { rootScope } from '../nn/index.js';
import { imageEncoder, type Model, matcher, retrievalParameters, retrievalStep, textEncoder } from './index.js';
import {
  afterThreeSteps,
  bothOf,
  config,
  methods,
  model,
  numbers,
  run,
  small,
  trainedOf,
  weightsOf,
} from './toy.test-support.js';

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

/** Everything evaluation computes, for clips of two frames. */
async function evaluated(m: Model) {
  const feeds = { ...weightsOf(retrievalParameters(m, 2)), ...batch(2) };
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
  };
  const pairs = await run(
    trace(() => matcher(m, { batch: 4, pairs: 4, tokens: 6, frames: 2 })),
    { ...feeds, ...(given as Record<string, NumberArray>) },
  );
  return { ...images, text: texts.feature, ...pairs };
}

const plain = evaluated(model({ ...full(), frameAware: false }));
const plainWeighted = evaluated(model({ ...full(), frameAware: true }));

for (const [name, method] of Object.entries(methods))
  test(`${name}: starts exactly at the backbone`, async () => {
    assert.deepEqual(await evaluated(model(method)), await (method.frameAware ? plainWeighted : plain));
  });

test('the official start is not the backbone, so the law can fail', async () => {
  const official = uniadapter({ ...small, init: 'official' });
  assert.notDeepEqual(await evaluated(model(official)), await plainWeighted);
});

for (const [name, method] of Object.entries(methods))
  test(`${name}: after a few steps every tensor that trains has moved, and no other is touched`, async () => {
    const m = model(method);
    const build = () => retrievalStep(m, { batch: 4, tokens: 6, frames: 2 }, { queue: 0, momentum: 'off' });
    const { trained, moved } = await afterThreeSteps(build, (step) => ({
      ...weightsOf(retrievalParameters(m, 2)),
      ...batch(2, step),
    }));
    assert.deepEqual(trained, trainedOf(method, m.p.declarations()).sort());
    assert.deepEqual(moved, trained);
  });

const trainedPaths = (method: Method) => trainedOf(method, retrievalParameters(model(method)));
const headPaths = [
  'itm_head.bias',
  'itm_head.weight',
  'text_proj.bias',
  'text_proj.weight',
  'vision_proj.bias',
  'vision_proj.weight',
];
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
  const options = { queue: 0, momentum: 'off', trainTemperature: true } as const;
  trace(() => retrievalStep(m, { batch: 1, tokens: 2 }, options));
  assert.deepEqual(
    m.p
      .declarations()
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

test('towers of another shape share nothing, which is said; text and cross-modal adapters still share', () => {
  const sizes = { vision: { width: 24, layers: 3 }, text: { width: 16, layers: 2 } };
  const unequal = { ...config, vision: { ...config.vision, ...sizes.vision } };
  const paths = retrievalParameters({ p: rootScope(), config: unequal, method: uniadapter(small) }, null)
    .filter(({ role, path }) => role === 'adapter' && path.endsWith('down_proj.weight'))
    .map(({ path, shape }) => `${path} ${shape.join('×')}`);
  const vision = [0, 1, 2].map((i) => `adapters.${i}.visual.down_proj.weight ${small.bottleneck}×24`);
  const text = [0, 1].map((i) => `adapters.${i}.down_proj.weight ${small.bottleneck}×16`);
  assert.deepEqual(paths.sort(), [...vision, ...text].sort());
  assert.match(uniadapter(small).note?.(sizes) ?? '', /vision \(3 layers of 24\) and text \(2 layers of 16\) differ/);
  assert.equal(uniadapter(small).note?.(config), null);
  assert.equal(uniadapter({ ...small, sharing: 'none' }).note?.(sizes), null);
});

test('options that would silence the cross adapter for ever are refused', () => {
  assert.throws(() => uniadapter({ trainCrossNorm: false }), /would stay silent/);
});
