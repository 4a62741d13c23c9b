// Two thousand nearly valid inputs for each reader: none may crash, hang, take too much memory or fail in other words than
// ours. `npm run fuzz -- --inputs 100000` is the long form.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figuresText, fuzz } from './fuzz.js';

test('no reader fails on files that are nearly right', async (t) => {
  const figures = await fuzz({ inputs: 2000, seed: 1, keep: null });
  t.diagnostic(figuresText(figures));
  assert.deepEqual(
    figures.failures.map(({ reader, index, what }) => `${reader} ${index}: ${what}`),
    [],
  );
  assert.ok(figures.read > 1000 && figures.refused > 1000, figuresText(figures));
});
