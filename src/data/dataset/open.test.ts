import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { refusal, temporaryFolder, toyClipData, toyData, toyEntries, toyRecipe } from '../../node/toy.test-support.js';
import { SPLIT_NAMES } from '../items/index.js';
import { candidatesOf, framesOf, openData } from './open.js';

const folder = temporaryFolder();

test('frames are as the recipe says, or eight where any item is a clip; evaluation may take more', () => {
  const [image, video] = [{ kind: 'image' } as const, { kind: 'video' } as const];
  const both = (frames: number | null | 'auto', testFrames: number | null, ...items: { kind: 'image' | 'video' }[]) => {
    const found = framesOf({ frames, testFrames }, items);
    return [found.frames, found.testFrames];
  };
  assert.deepEqual(both('auto', null, image, image), [null, null]);
  assert.deepEqual(both('auto', null, image, video), [8, 8]);
  assert.deepEqual(both('auto', 12, video), [8, 12]);
  assert.deepEqual(both('auto', 12, image), [null, null], 'images have no frames to take more of');
  assert.deepEqual(both(4, null, image), [4, 4]);
  assert.deepEqual(both(4, 2), [4, 2]);
  assert.deepEqual(both(null, 2, video), [null, null]);
});

test('a task opens the items that have its texts', async () => {
  const entries = toyEntries.map(({ questions, captions, ...entry }, i) => ({
    ...entry,
    ...(i % 4 === 0 ? { questions } : i % 4 === 1 ? { captions } : { questions, captions }),
  }));
  const path = await toyData(join(folder, 'mixed'), entries);
  for (const [task, count] of [
    ['retrieval', 12],
    ['captioning', 12],
    ['answering', 12],
  ] as const) {
    const { splits } = await openData(toyRecipe('toy', path, [`task=${task}`]), 1);
    const items = SPLIT_NAMES.flatMap((name) => splits[name].items);
    assert.equal(items.length, count);
    for (const { captions, questions } of items)
      assert.ok((task === 'answering' ? questions : captions).length > 0, task);
    for (const name of SPLIT_NAMES)
      for (const [i, { media }] of splits[name].items.entries()) assert.equal(splits[name].path(i), join(path, media));
  }
});

test('answers to choose from are those of the training questions, the most common first, or of a list', async () => {
  const answered = (i: number) => ['yes', 'no', 'no', 'cat', 'no', 'cat', 'dog', 'ant'][i] ?? 'never trained';
  let trained = 0;
  const entries = toyEntries.map(({ image, split }) => {
    const answer = split === 'train' ? answered(trained++) : 'never trained';
    return { image, split, question: 'what', answers: [answer, answer] };
  });
  const recipe = toyRecipe('toy', await toyData(join(folder, 'answers'), entries), ['task=answering']);
  const data = await openData(recipe, 1);
  assert.deepEqual(await candidatesOf(recipe, data), ['no', 'cat', 'ant', 'dog', 'yes'], 'equals by the alphabet');
  const list = join(folder, 'list.json');
  await writeFile(list, '["b", "a"]');
  assert.deepEqual(await candidatesOf(toyRecipe('toy', 'data', [`answering.answerList=${list}`]), data), ['b', 'a']);
  const missing = toyRecipe('toy', 'data', [`answering.answerList=${join(folder, 'lost.json')}`]);
  assert.match((await refusal(candidatesOf(missing, data))).message, /lost\.json: does not exist; did you mean .*list/);
});

test('clips and their questions are opened from a folder', async () => {
  const recipe = toyRecipe('toy', await toyClipData(join(folder, 'clips')), ['task=answering']);
  const { splits } = await openData(recipe, 1);
  assert.deepEqual(
    SPLIT_NAMES.map((name) => splits[name].items.length),
    [6, 2, 4],
  );
  assert.ok(splits.train.items.every(({ kind, questions }) => kind === 'video' && questions.length === 2));
});
