import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHANCE } from './words.js';

test('docs/world.md lists every type of question with its chance', () => {
  const page = readFileSync(new URL('../../docs/world.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (\d+\.\d) \|/gm)].map(([, type = '', chance]) => [
    type,
    Number(chance),
  ]);
  assert.deepEqual(
    rows,
    Object.entries(CHANCE).map(([type, chance]) => [type, Number((100 * chance).toFixed(1))]),
  );
});
