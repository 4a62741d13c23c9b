// What a method computes that sees the order of frames, against the same in plain loops.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { input, trace } from '../../compiler/tensor/index.js';
import { heads, inTime } from '../adapter/index.js';
import { rootScope } from '../nn/index.js';
import { config, numbers, run } from './toy.test-support.js';

const [B, N, D, SIDE, R] = [2, 10, 4, 3, 64];

/** @param frames  F in training @param tokens  of f frames, [B, f, N, D] */
async function seen(frames: number, tokens: Float32Array, given: Record<string, Float32Array> = {}) {
  const p = rootScope();
  const shape = [B, tokens.length / (B * N * D), N, D];
  const outputs = trace(() => ({
    y: inTime(heads(), frames).hooks(p, config).clip?.(input('x', shape)) ?? assert.fail(),
  }));
  const drawn = p.declarations().map(({ path, shape }) => [path, given[path] ?? numbers(path, shape)] as const);
  const weights: Record<string, Float32Array> = Object.fromEntries(drawn);
  const { y } = (await run(outputs, { ...weights, x: tokens })) as { readonly y: Float32Array };
  return { y, weights };
}

type Weights = Awaited<ReturnType<typeof seen>>['weights'];

/** A layer of [outputs, inputs], with what a name says of its place. */
const layer = (weights: Weights, path: string, x: readonly number[]) =>
  Array.from(weights[`${path}.bias`] ?? [], (bias, o) =>
    x.reduce((sum, v, i) => sum + v * (weights[`${path}.weight`]?.[o * x.length + i] ?? Number.NaN), bias),
  );

function normed(weights: Weights, x: readonly number[]): number[] {
  const mean = x.reduce((a, b) => a + b) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  const gain = (i: number) => weights['temporal.layer_norm.weight']?.[i] ?? Number.NaN;
  const bias = (i: number) => weights['temporal.layer_norm.bias']?.[i] ?? Number.NaN;
  return x.map((v, i) => gain(i) * ((v - mean) / Math.sqrt(variance + 1e-5)) + bias(i));
}

/** As many frames as in training. @returns [B, F, N, D] */
function twin(weights: Weights, tokens: Float32Array, F: number): number[] {
  const vector = (b: number, f: number, n: number) => [...tokens.subarray(D * (N * (F * b + f) + n)).subarray(0, D)];
  const timed = (b: number, f: number, n: number) =>
    vector(b, f, n).map((v, i) => v + (weights.temporal_embed?.[f * D + i] ?? Number.NaN));
  const hidden = (b: number, f: number, y: number, x: number): number[] =>
    x < 0 || y < 0 || x >= SIDE || y >= SIDE
      ? Array(R).fill(0)
      : layer(weights, 'temporal.down_proj', normed(weights, timed(b, f, 1 + SIDE * y + x))).map((v) => Math.max(0, v));
  const changing = (b: number, f: number, y: number, x: number): number[] => {
    const all = [...Array(F).keys()].map((f) => hidden(b, f, y, x));
    return hidden(b, f, y, x).map((v, r) => v - all.reduce((sum, h) => sum + (h[r] as number), 0) / F);
  };
  const moved = (b: number, to: number, y: number, x: number) => {
    const sums = Array(R).fill(0) as number[];
    for (const [place, [dy, dx]] of [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dy, dx] as const)).entries())
      for (let from = 0; from < F; from++)
        for (const [r, h] of changing(b, from, y + dy, x + dx).entries())
          sums[r] =
            (sums[r] ?? 0) + h * (weights['temporal.motion.weight']?.[9 * F * (F * r + to) + F * place + from] ?? 0);
    return layer(
      weights,
      'temporal.up_proj',
      sums.map((v) => Math.max(0, v)),
    );
  };
  const all: number[] = [];
  for (let b = 0; b < B; b++)
    for (let f = 0; f < F; f++)
      for (let n = 0; n < N; n++) {
        const place = n - 1;
        const more = n > 0 ? moved(b, f, Math.floor(place / SIDE), place % SIDE) : [];
        all.push(...(n > 0 ? timed(b, f, n).map((v, i) => v + (more[i] ?? Number.NaN)) : vector(b, f, n)));
      }
  return all;
}

const clip = (frames: number) => numbers(`clip of ${frames}`, [B, frames, N, D]);

test('patches see all frames of the patches around them; class tokens stay', async () => {
  const tokens = clip(3);
  const { y, weights } = await seen(3, tokens);
  const expected = twin(weights, tokens, 3);
  const error = Math.max(...expected.map((v, i) => Math.abs(v - (y[i] as number))));
  assert.ok(error < 1e-4 * Math.max(...expected.map(Math.abs)), `${error}`);
});

test('a clip played backwards is another clip', async () => {
  const one = clip(3);
  const frame = N * D;
  const turned = Float32Array.from(one, (_, i) => {
    const [b, f, rest] = [Math.floor(i / (3 * frame)), Math.floor(i / frame) % 3, i % frame];
    return one[(3 * b + 2 - f) * frame + rest] as number;
  });
  const [forwards, backwards] = [await seen(3, one), await seen(3, turned)];
  const last = (y: Float32Array) => [...y].slice(2 * frame + D, 3 * frame);
  assert.notDeepEqual([...backwards.y].slice(D, frame), last(forwards.y));
});

test('clips of other lengths are seen at the moments in between', async () => {
  const clip = numbers('clip', [B, 3, N, D]);
  const frame = (b: number, f: number) => [...clip.subarray(N * D * (3 * b + f), N * D * (3 * b + f + 1))];
  const slowed = Float32Array.from([0, 1].flatMap((b) => [0, 0, 1, 1, 2, 2].flatMap((f) => frame(b, f))));
  const changes = async (tokens: Float32Array) => {
    const { y } = await seen(3, tokens, { temporal_embed: new Float32Array(3 * D) });
    const all = Array.from(y, (v, i) => v - (tokens[i] as number));
    return (f: number) => all.slice(N * D * f, N * D * (f + 1));
  };
  const [three, six] = [await changes(clip), await changes(slowed)];
  const between = three(0).map((v, i) => 0.75 * v + 0.25 * (three(1)[i] as number));
  const error = Math.max(...six(1).map((v, i) => Math.abs(v - (between[i] as number))));
  assert.ok(error < 1e-4 * Math.max(...between.map(Math.abs)), `${error}`);
  assert.notDeepEqual(three(0), three(1));
});
