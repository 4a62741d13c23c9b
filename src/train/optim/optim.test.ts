import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../compiler/runtime/index.js';
import { trace } from '../../compiler/tensor/index.js';
import { rootScope, zeros } from '../../model/nn/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { adamw, adamwScalars, alphaRamp, cosineRate } from './index.js';

test('AdamW decays, corrects its moments and steps like the formula in double precision', async () => {
  const outputs = trace(() => {
    const p = rootScope();
    p.param('w', [3], zeros);
    return adamw(p.declarations(), { decay: 0.1 });
  });
  const program = await compile(createOrtBackend({ threads: 1 }), outputs);
  let state: Record<string, Float32Array> = {
    w: Float32Array.of(1, -2, 0.5),
    'first/w': new Float32Array(3),
    'second/w': new Float32Array(3),
  };
  const expected = [1, -2, 0.5];
  const m = [0, 0, 0];
  const v = [0, 0, 0];
  for (let step = 1; step <= 4; step++) {
    const g = [0.3 * step, -1, 1e-3];
    const feeds = { ...state, 'gradient/w': Float32Array.from(g), ...adamwScalars(0.01, step) };
    state = (await program.run(feeds)) as Record<string, Float32Array>;
    for (const [i, slope] of g.entries()) {
      m[i] = 0.9 * (m[i] as number) + 0.1 * slope;
      v[i] = 0.999 * (v[i] as number) + 0.001 * slope ** 2;
      const [mean, square] = [(m[i] as number) / (1 - 0.9 ** step), (v[i] as number) / (1 - 0.999 ** step)];
      expected[i] = (expected[i] as number) * (1 - 0.01 * 0.1) - (0.01 * mean) / (Math.sqrt(square) + 1e-8);
    }
  }
  await program.release();
  for (const [i, value] of expected.entries()) assert.ok(Math.abs((state.w?.[i] as number) - value) < 1e-6);
});

test('the learning rate falls along half a cosine and reaches its floor after the last epoch', () => {
  assert.equal(cosineRate(0, 6, 1e-5), 1e-5);
  assert.ok(Math.abs(cosineRate(3, 6, 1e-5, 1e-6) - 5.5e-6) < 1e-18);
  assert.ok(Math.abs(cosineRate(6, 6, 1e-5, 1e-6) - 1e-6) < 1e-18);
});

test('alpha ramps over epoch 0 and stays', () => {
  assert.deepEqual(
    [0, 5, 10, 25].map((step) => alphaRamp(step, 10, 0.4)),
    [0, 0.2, 0.4, 0.4],
  );
});
