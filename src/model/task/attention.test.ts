// Where a model looks: which layers, in what order, and what becomes of attention and slopes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constant, input, trace } from '../../compiler/tensor/index.js';
import { uniadapter } from '../adapter/index.js';
import { crossAttentions, encodePairs } from '../blip/index.js';
import { answerEvidence, attentionMap } from './attention.js';
import { fit, tokensInput } from './model.js';
import { config, model, numbers, run, small } from './toy.test-support.js';

const [Q, T, F, N, H] = [3, 4, 2, 5, 2];
const sizes = { batch: 2, questions: Q, tokens: T, frames: F, answerTokens: 3 };

test('the layers of a tower are found in order, and those of the decoder are not among them', () => {
  trace(() => {
    const adapted = model(uniadapter(small));
    const texts = { ids: input('ids', [Q, T], 'int32'), mask: input('mask', [Q, T], 'int32') };
    const { tokens } = tokensInput(config, { batch: Q, frames: F });
    const layers = crossAttentions(encodePairs(fit(adapted, adapted.p), texts, { tokens }), 'text_encoder');
    assert.deepEqual(
      layers.map(({ path, shape }) => [path, shape]),
      [0, 1].map((i) => [`text_encoder.encoder.layer.${i}.crossattention`, [Q, H, T, F * N]]),
    );
  });
  trace(() => {
    const { attentions, score } = answerEvidence(model(uniadapter(small)), sizes);
    assert.deepEqual(
      attentions.map(({ path, shape }) => [path, shape]),
      [['text_encoder.encoder.layer.1.crossattention', [Q, H, T, F * N]]],
    );
    assert.deepEqual(crossAttentions(score, 'text_decoder.bert').length, 2);
  });
});

test('a map is attention times positive slope, summed over layers, heads and tokens, without class tokens', async () => {
  const shape = [Q, H, T, F * N];
  const [a, b, da, db] = ['a', 'b', 'da', 'db'].map((name) => numbers(name, shape)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const map = trace(() => {
    const given = (data: Float32Array) => constant(data, shape, 'float32');
    return { map: attentionMap([given(a), given(b)], [given(da), given(db)], F) };
  });
  assert.deepEqual(map.map.shape, [Q, F, N - 1]);
  const found = (await run(map, {})).map as Float32Array;
  const expected = new Float32Array(Q * F * (N - 1));
  for (let i = 0; i < a.length; i++) {
    const key = i % (F * N);
    const [frame, token, question] = [Math.floor(key / N), key % N, Math.floor(i / (F * N * H * T))];
    if (token === 0) continue;
    const evidence = (a[i] as number) * Math.max(0, da[i] as number) + (b[i] as number) * Math.max(0, db[i] as number);
    (expected[(question * F + frame) * (N - 1) + token - 1] as number) += evidence;
  }
  for (const [i, x] of expected.entries()) assert.ok(Math.abs((found[i] as number) - x) < 1e-4, `${i}`);
});
