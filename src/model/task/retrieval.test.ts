import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile, type Feeds } from '../../compiler/runtime/index.js';
import { concat, gather, input, type NumberArray, ordered, type Tensor, trace } from '../../compiler/tensor/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { stream } from '../../random/index.js';
import { heads, uniadapter } from '../adapter/index.js';
import { type BlipConfig, encodeImages, match, textFeatures } from '../blip/index.js';
import { initialise, rootScope } from '../nn/index.js';
import { contrast, UNWRITTEN } from './contrast.js';
import { fit, type Model, momentumName, type RetrievalOptions, retrievalParameters, retrievalStep } from './index.js';
import { mineNegatives } from './mining.js';

const backend = createOrtBackend({ threads: 1 });
const tower = { width: 16, layers: 2, heads: 2, mlp: 32 };
const config: BlipConfig = {
  vision: { ...tower, imageSize: 16, patch: 8, eps: 1e-6 },
  text: { ...tower, vocabulary: 24, positions: 8, eps: 1e-12 },
  projection: 8,
  encodeToken: 3,
};
const sizes = { batch: 3, tokens: 5, frames: 2 };
const method = uniadapter({ bottleneck: 4, init: 'official' }); // not silent at the start
const model = (): Model => ({ p: rootScope(), config, method });

const normals = (purpose: string, length: number) => {
  const draws = stream(3, purpose, 0);
  return Float32Array.from({ length }, () => draws.normal());
};
const batch: Feeds = {
  image: normals('image', 3 * 2 * 3 * 16 * 16),
  ids: Int32Array.of(1, 5, 6, 7, 2, 1, 9, 2, 0, 0, 1, 20, 21, 2, 0),
  mask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0),
  index: Int32Array.of(4, 5, 6),
  'noise/image': new Float32Array(9),
  'noise/text': new Float32Array(9),
  alpha: Float32Array.of(0.4),
  mu: Float32Array.of(0),
};

async function run(outputs: Record<string, Tensor>, feeds: Feeds): Promise<Record<string, NumberArray>> {
  const program = await compile(backend, outputs);
  const results = await program.run(feeds);
  await program.release();
  return results;
}
const weights = (m: Model) => Object.fromEntries(retrievalParameters(m).map((d) => [d.path, initialise(d, 1)]));
const inputsOf = (m: Model, options: RetrievalOptions) =>
  trace(() => {
    const step = retrievalStep(m, sizes, options);
    const names = ordered([step.total]).map((x) => (x.attributes as { name?: string }).name);
    return names.filter((name) => name !== undefined);
  });
const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number) => {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++)
    assert.ok(Math.abs((a[i] as number) - (b[i] as number)) <= tolerance, `${i}: ${a[i]} and ${b[i]}`);
};

test('matching three groups in one pass, keys projected once per image, equals matching pairs one by one', async () => {
  const m = model();
  const outputs = trace(() => {
    const blip = fit(m, m.p);
    const { tokens } = encodeImages(blip, input('image', [3, 2, 3, 16, 16]));
    const texts = { ids: input('ids', [3, 5], 'int32'), mask: input('mask', [3, 5], 'int32') };
    const rows = input('rows', [3], 'int32');
    return {
      shared: match(blip, texts, { tokens, rows }),
      apart: match(blip, texts, { tokens: gather(tokens, rows) }),
    };
  });
  const { shared, apart } = await run(outputs, { ...weights(m), ...batch, rows: Int32Array.of(2, 0, 2) });
  assert.ok(new Set(apart as Float32Array).size > 4);
  close(shared as Float32Array, apart as Float32Array, 1e-6);
});

test('a loss without weight, a queue of size zero and switched-off momentum ask for no inputs', () => {
  const names = inputsOf(model(), { queue: 0, momentum: 'off', itm: 0 });
  assert.ok(names.includes('alpha') && names.includes('index'));
  assert.deepEqual(
    names.filter((name) => /queue|momentum|noise|mu$|itm_head|crossattention/.test(name)),
    [],
  );
  assert.ok(!inputsOf(model(), { itc: 0, queue: 7 }).some((name) => /queue|momentum|alpha/.test(name)));
  assert.throws(() => inputsOf(model(), { itc: 0, itm: 0 }), /no loss has a weight/);
});

test('momentum of rate zero equals no momentum, and of rate one its own past', async () => {
  const m = model();
  const feeds: Record<string, NumberArray> = { ...weights(m), ...batch };
  const build = (momentum: 'once' | 'off') =>
    trace(() => {
      const { total, momentum: averages, features } = retrievalStep(m, sizes, { queue: 0, momentum });
      return { total, image: features.image, text: features.text, ...averages };
    });
  const off = await run(build('off'), feeds);
  const following = build('once');
  const past = Object.keys(following).filter((name) => name.includes('.'));
  for (const path of past) feeds[momentumName(path)] = normals(path, (feeds[path] as Float32Array).length);
  const zero = await run(following, feeds);
  for (const name of ['total', 'image', 'text']) close(zero[name] as Float32Array, off[name] as Float32Array, 1e-5);
  const one = await run(following, { ...feeds, mu: Float32Array.of(1) });
  for (const path of past) assert.deepEqual(one[path], feeds[momentumName(path)]);
  assert.notDeepEqual(one.image, off.image);
});

test('a twin of a model whose heads alone train adds a few values, not a second backbone', () => {
  const count = (momentum: 'once' | 'off') => {
    const step = trace(() => retrievalStep({ ...model(), method: heads() }, sizes, { queue: 0, momentum }));
    return ordered([step.total]).length;
  };
  assert.ok(count('once') - count('off') < 50);
  assert.ok(count('off') > 300);
});

test('the contrastive loss equals a brute-force sum over pairs, with queue and captions of one image', async () => {
  const unit = (purpose: string, rows: number) => {
    const x = normals(purpose, rows * 4);
    return x.map((v, i) => v / Math.hypot(...x.subarray(i - (i % 4), i - (i % 4) + 4)));
  };
  const feeds: Record<string, Float32Array | Int32Array> = {
    ...{ image: unit('i', 3), text: unit('t', 3), 'momentum/image': unit('mi', 3), 'momentum/text': unit('mt', 3) },
    ...{ 'queue/image': unit('qi', 2), 'queue/text': unit('qt', 2) },
    ...{ index: Int32Array.of(7, 7, 8), 'queue/index': Int32Array.of(8, 3), alpha: Float32Array.of(0.4) },
    inverse: Float32Array.of(5),
  };
  const outputs = trace(() => {
    const features = (prefix: string) => ({
      image: input(`${prefix}image`, [3, 4]),
      text: input(`${prefix}text`, [3, 4]),
    });
    const index = input('index', [3], 'int32');
    const both = { online: features(''), momentum: features('momentum/') };
    return { loss: contrast({ ...both, index, temperature: input('inverse', []), queue: 2 }) };
  });
  const { loss } = await run(outputs, feeds);
  const rows = (name: string) =>
    Array.from({ length: 3 }, (_, i) => [...(feeds[name] as Float32Array).slice(i * 4, i * 4 + 4)]);
  const softmax = (x: number[]) => x.map((v) => Math.exp(v) / x.reduce((sum, u) => sum + Math.exp(u), 0));
  const ids = [7, 7, 8, 8, 3];
  const oneWay = (query: string, key: string) => {
    const keys = [...rows(`momentum/${key}`), ...rows(`queue/${key}`).slice(0, 2)];
    const scores = (q: number[]) => keys.map((k) => 5 * q.reduce((sum, v, d) => sum + v * (k[d] as number), 0));
    const terms = rows(query).map((q, i) => {
      const soft = softmax(scores(rows(`momentum/${query}`)[i] as number[]));
      const same = ids.map((id) => Number(id === ids[i]));
      const positives = same.reduce((a, b) => a + b);
      const targets = soft.map((s, j) => 0.4 * s + (0.6 * (same[j] as number)) / positives);
      return -softmax(scores(q)).reduce((sum, p, j) => sum + (targets[j] as number) * Math.log(p), 0);
    });
    return terms.reduce((a, b) => a + b) / 3;
  };
  close(loss as Float32Array, [(oneWay('image', 'text') + oneWay('text', 'image')) / 2], 1e-5);
});

test('rows of the queue that nothing was written to do not count, unless they are asked for', async () => {
  const unit = (purpose: string, rows: number) => {
    const x = normals(purpose, rows * 4);
    return x.map((v, i) => v / Math.hypot(...x.subarray(i - (i % 4), i - (i % 4) + 4)));
  };
  const common = { 'momentum/image': unit('mi', 3), 'momentum/text': unit('mt', 3), alpha: Float32Array.of(0.4) };
  const feeds = { ...common, image: unit('i', 3), text: unit('t', 3), index: Int32Array.of(7, 7, 8) };
  const lossWith = async (rows: number, countsUnwritten: boolean) => {
    const outputs = trace(() => {
      const features = (prefix: string) => ({
        image: input(`${prefix}image`, [3, 4]),
        text: input(`${prefix}text`, [3, 4]),
      });
      const both = { online: features(''), momentum: features('momentum/') };
      const index = input('index', [3], 'int32');
      return { loss: contrast({ ...both, index, temperature: input('inverse', []), queue: rows, countsUnwritten }) };
    });
    const queue = { 'queue/image': unit('qi', 5).slice(0, rows * 4), 'queue/text': unit('qt', 5).slice(0, rows * 4) };
    const written = Int32Array.from({ length: rows }, (_, i) => (i < 2 ? 8 - i : UNWRITTEN));
    const { loss } = await run(outputs, { ...feeds, ...queue, 'queue/index': written, inverse: Float32Array.of(5) });
    return (loss as Float32Array)[0] as number;
  };
  const short = await lossWith(2, false);
  assert.ok(Math.abs((await lossWith(5, false)) - short) < 1e-6, 'three empty rows change nothing');
  assert.ok((await lossWith(5, true)) > short + 0.1, 'three random rows are three negatives more');
});

test('negatives are drawn by similarity and never of the same image', async () => {
  const [b, trials] = [4, 400];
  const program = await compile(
    backend,
    trace(() => {
      const [image, text] = [input('image', [b, 3]), input('text', [b, 3])];
      return mineNegatives({ image, text }, input('index', [b], 'int32'), input('inverse', []));
    }),
  );
  const [image, text] = [normals('ni', 12), normals('nt', 12)];
  const index = Int32Array.of(1, 1, 2, 3);
  const drawn = new Map<string, number>();
  for (let trial = 0; trial < trials; trial++) {
    const draws = stream(1, 'noise', trial);
    const noise = () => Float32Array.from({ length: b * b }, () => draws.gumbel());
    const feeds = { image, text, index, inverse: Float32Array.of(0.5), 'noise/image': noise(), 'noise/text': noise() };
    const negatives = await program.run(feeds);
    for (const kind of ['image', 'text'])
      for (const [i, j] of (negatives[kind] as Int32Array).entries()) {
        assert.notEqual(index[i], index[j]);
        drawn.set(`${kind} ${i} ${j}`, (drawn.get(`${kind} ${i} ${j}`) ?? 0) + 1);
      }
  }
  await program.release();
  const weight = (q: Float32Array, i: number, k: Float32Array, j: number) =>
    Math.exp(0.5 * [0, 1, 2].reduce((sum, d) => sum + (q[i * 3 + d] as number) * (k[j * 3 + d] as number), 0));
  const [w2, w3] = [weight(text, 0, image, 2), weight(text, 0, image, 3)];
  assert.ok(Math.abs((drawn.get('image 0 2') ?? 0) / trials - w2 / (w2 + w3)) < 0.1);
});

test('rows of a concatenation of texts stay with their masks', async () => {
  const m = model();
  const outputs = trace(() => {
    const blip = fit(m, m.p);
    const texts = { ids: input('ids', [3, 5], 'int32'), mask: input('mask', [3, 5], 'int32') };
    const twice = { ids: concat([texts.ids, texts.ids], 0), mask: concat([texts.mask, texts.mask], 0) };
    return { once: textFeatures(blip, texts), twice: textFeatures(blip, twice) };
  });
  const { once, twice } = await run(outputs, { ...weights(m), ...batch });
  close((twice as Float32Array).subarray(24), once as Float32Array, 1e-6);
  const padding = Int32Array.from(batch.ids as Int32Array, (id, i) => ((batch.mask as Int32Array)[i] ? id : 11));
  const other = await run(outputs, { ...weights(m), ...batch, ids: padding });
  close(other.once as Float32Array, once as Float32Array, 1e-6); // what stands under the padding does not matter
});
