import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecipe } from '../../recipe/index.js';
import type { Adapter } from '../../weights/store/adapter-folder.js';
import { MAX_ANSWERS, MAX_FRAMES, MAX_IMAGE_SIZE } from '../files/limits.js';
import { refuseGreedy } from './adapter-upload-limits.js';

test('an adapter may ask for as much as a server gives, and for nothing more', () => {
  const asking = (data: object, answers: number) => () =>
    refuseGreedy({
      ...{ folder: 'greedy', recipe: parseRecipe({ data: { path: '.', ...data } }, 'greedy') },
      answers: Array<string>(answers).fill('yes'),
    } as unknown as Adapter);
  asking({ imageSize: MAX_IMAGE_SIZE, frames: MAX_FRAMES, testFrames: MAX_FRAMES }, MAX_ANSWERS)();
  const refusal = { code: 'recipe', message: /^greedy: looks at more than this server allows: got pictures of/ };
  assert.throws(asking({ imageSize: MAX_IMAGE_SIZE + 16 }, 0), refusal);
  assert.throws(asking({ frames: MAX_FRAMES + 1 }, 0), refusal);
  assert.throws(asking({ testFrames: MAX_FRAMES + 1 }, 0), refusal);
  assert.throws(asking({}, MAX_ANSWERS + 1), refusal);
});
