// The backbone that ships does what its card says, on pictures that it has never seen.

import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { MediaSet } from '../data/items/index.js';
import { evaluateAnswering, evaluateCaptioning, evaluateRetrieval } from '../evaluate/index.js';
import { loadTrained } from '../predict/programs/load.js';
import { loadAtlas } from '../world/art/atlas.js';
import { sceneWorld } from '../world/art/scenes.js';
import { worldSet } from '../world/art/set.js';
import { answers, CHANCE } from '../world/index.js';
import { temporaryFolder } from './toy.test-support.js';

const COUNT = 150;
const models = fileURLToPath(new URL('../../models', import.meta.url));
const cache = temporaryFolder();
let set: MediaSet;
before(async () => {
  const styles = [{ atlas: await loadAtlas('noto', cache), share: 1 }];
  const drawn = worldSet(sceneWorld({ domain: 'noto', styles, seed: 404, size: 64 }), { count: COUNT, split: 'test' });
  // Drawn scenes ask anew whenever they are read.
  set = { ...drawn, items: drawn.items.map((item) => ({ ...item, questions: item.questions })) };
});

const shipped = async (task: 'retrieval' | 'answering' | 'captioning') => {
  const { model, codec, preprocess } = await loadTrained({ adapter: null, task });
  return { model, looking: { codec, preprocess, frames: null } };
};

test('all models together take less than 30 MB', async () => {
  const files = (await readdir(models, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  assert.ok(sizes.reduce((sum, { size }) => sum + size, 0) < 30e6);
});

test('pictures are found by their complete captions', async () => {
  const { model, looking } = await shipped('retrieval');
  const captioned = { ...set, items: set.items.map((item) => ({ ...item, captions: item.captions.slice(0, 1) })) };
  const { scores } = await evaluateRetrieval(model, captioned, { ...looking, rerank: 16, similarityWeight: 0 });
  assert.ok((scores.textToMedia['R@1'] ?? 0) > 80, JSON.stringify(scores.textToMedia));
  assert.ok((scores.mediaToText['R@1'] ?? 0) > 80, JSON.stringify(scores.mediaToText));
});

test('questions are answered far better than without looking', async () => {
  const { model, looking } = await shipped('answering');
  const inference = { by: 'rank', candidates: answers('noto', 'image'), k: 16 } as const;
  const { scores } = await evaluateAnswering(model, set, { ...looking, inference });
  const { byType = {} } = scores ?? {};
  for (const type of ['colour', 'count', 'total', 'name', 'exists'] as const)
    assert.ok((byType[type] ?? 0) > 100 * CHANCE[type] + 10, `${type}: ${byType[type]}`);
});

test('captions say what is there', async () => {
  const { model, looking } = await shipped('captioning');
  const how = { ...looking, prompt: 'a picture of ', beams: 3, maxLength: 30, minLength: 5 };
  const { scores } = await evaluateCaptioning(model, set, how);
  assert.ok(scores.CIDEr > 100, `CIDEr ${scores.CIDEr}`); // 1 where nothing fits
});

test('its card names the licences of what it was made of', async () => {
  const card = await readFile(join(models, 'tiny', 'README.md'), 'utf8');
  for (const source of ['Noto Emoji', 'Twemoji', 'CC BY 4.0', 'Unicode']) assert.ok(card.includes(source), source);
});
