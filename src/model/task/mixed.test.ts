// Texts under different adapters at once are what they are one by one, for every method.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NumberArray } from '../../compiler/tensor/index.js';
import { trace } from '../../compiler/tensor/index.js';
import { saves } from '../adapter/index.js';
import { mixedTextEncoder, mixes, retrievalParameters, rowName, textEncoder } from './index.js';
import { methods, model, numbers, run, weightsOf } from './toy.test-support.js';

const [B, T, P] = [3, 4, 8];
const ids = Int32Array.from({ length: B * T }, (_, i) => (i * 7) % 20);
const mask = Int32Array.from({ length: B * T }, (_, i) => Number(i % T < 3 || i < T));

for (const [name, method] of Object.entries(methods).filter(([, method]) => mixes(method)))
  test(`with ${name} texts of three adapters are read together as alone`, async () => {
    const adapted = model(method);
    const declarations = retrievalParameters(adapted);
    const base = weightsOf(declarations);
    const own = Array.from({ length: B }, (_, row) =>
      Object.fromEntries(
        declarations
          .filter((declaration) => saves(method, declaration))
          .map(({ path, shape }): [string, NumberArray] => [path, numbers(`${row} ${path}`, shape)]),
      ),
    );
    const rows = own.flatMap((weights, row) =>
      Object.entries(weights).map(([path, values]) => [rowName(row, path), values] as const),
    );
    const mixed = trace(() => mixedTextEncoder(adapted, { batch: B, tokens: T }));
    const together = (await run(mixed, { ...base, ids, mask, ...Object.fromEntries(rows) })).feature as Float32Array;
    for (const [row, weights] of own.entries()) {
      const one = { ids: ids.slice(row * T, (row + 1) * T), mask: mask.slice(row * T, (row + 1) * T) };
      const alone = trace(() => textEncoder(adapted, { batch: 1, tokens: T }));
      const { feature } = await run(alone, { ...base, ...weights, ...one });
      for (let i = 0; i < P; i++)
        assert.ok(Math.abs((together[row * P + i] as number) - ((feature as Float32Array)[i] as number)) < 1e-5, name);
    }
    assert.ok(Math.abs((together[0] as number) - (together[P] as number)) > 1e-4, 'texts and adapters differ');
  });
