import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseRecipe, recipeDocs } from './index.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

test('docs/recipe.md is what the schema says; `npx tsx scripts/recipe-docs.ts` writes it anew', () => {
  assert.equal(read('docs/recipe.md'), recipeDocs());
});

test('the example in docs/recipe.md is a recipe', () => {
  const [, yaml] = /```yaml\n(.*?)```/s.exec(recipeDocs()) ?? [];
  assert.equal(parseRecipe(parse(yaml ?? ''), 'docs/recipe.md').train.epochs, 10);
});

for (const name of readdirSync(new URL('recipes/', ROOT)))
  test(`recipes/${name} is a recipe`, () => {
    assert.doesNotThrow(() => parseRecipe(parse(read(`recipes/${name}`)), name));
  });
