import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Command } from 'commander';
import { fakeContext } from './fixtures/fake.js';
import { main } from './program.js';
import { recipeOf } from './recipe.js';
import { shippedRecipes } from './shipped.js';

let folder = '';
const home = process.cwd();
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipe-'));
  process.chdir(folder);
});
after(async () => {
  process.chdir(home);
  await rm(folder, { recursive: true });
});

const read = (args: readonly string[]) => recipeOf(args, { data: 'data' }, new Command());

test('a recipe that ships is known by its name, and takes keys like any other', async () => {
  const { task, data, train } = await read(['msrvtt', 'data.variant=full', 'train.epochs=1']);
  assert.deepEqual(
    [task, data.format, data.variant, data.path, train.epochs],
    ['retrieval', 'msrvtt', 'full', 'data', 1],
  );
});

test('a file of the name comes first, a folder of the name does not', async () => {
  await mkdir('coco');
  assert.equal((await read(['coco'])).data.format, 'coco');
  await writeFile('didemo', 'train: { epochs: 77 }');
  assert.equal((await read(['didemo'])).train.epochs, 77);
});

test('an unknown name lists all and the nearest; what looks like a file is not taken for a name', async () => {
  await assert.rejects(read(['msrvt-qa']), {
    code: 'recipe',
    message: /^msrvt-qa: is neither .* expected a file or one of .*vqav2; did you mean msrvtt-qa\?$/,
  });
  await assert.rejects(read(['train.epochs']), {
    code: 'recipe',
    message: /^train\.epochs: is a key without a value: expected train\.epochs=VALUE/,
  });
  await assert.rejects(read(['__proto__.x=1', 'data.path=x']), {
    code: 'recipe',
    message: /is not a key of a recipe|there is no/,
  });
  await assert.rejects(read(['train.epochs=1e400', 'data.path=x']), { code: 'recipe', message: /got Infinity/ });
  await assert.rejects(read(['msrvtt.yaml']), { code: 'file', message: /msrvtt\.yaml: does not exist/ });
});

/** What a command line writes. */
async function written(...args: readonly string[]): Promise<string> {
  const { context, written } = fakeContext();
  assert.equal(await main(args, context, '0.0.0'), 0, written.err);
  return written.out;
}

test('every recipe that ships has a title and is listed; one is printed as it is', async () => {
  const all = await shippedRecipes();
  assert.ok(all.length >= 9);
  const listed = await written('recipes');
  for (const { name, title } of all) {
    assert.match(title, /^[A-Z].*\.$/, name);
    assert.ok(listed.includes(`${name} `) && listed.includes(title), name);
  }
  assert.match(await written('recipes', 'vqav2'), /^# VQA v2[\s\S]*visualGenome: true/);
});
