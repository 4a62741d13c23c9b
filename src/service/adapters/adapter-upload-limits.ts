// What an adapter that is uploaded may ask for: its recipe decides how much every use of it takes.

import { fail } from '../../error/index.js';
import type { Adapter } from '../../weights/store/adapter-folder.js';
import { MAX_ANSWERS, MAX_FRAMES, MAX_IMAGE_SIZE } from '../files/limits.js';

/** @throws recipe  when it asks for more than a server gives */
export function refuseGreedy({ folder, recipe: { data }, answers }: Adapter): void {
  const frames = Math.max(data.frames === 'auto' ? 0 : (data.frames ?? 0), data.testFrames ?? 0);
  const isGreedy = (data.imageSize ?? 0) > MAX_IMAGE_SIZE || frames > MAX_FRAMES || answers.length > MAX_ANSWERS;
  if (isGreedy)
    fail('recipe', {
      where: folder,
      what: 'looks at more than this server allows',
      got: `pictures of ${data.imageSize ?? 'the backbone’s'} pixels, ${frames} frames, ${answers.length} answers`,
      expected: `at most ${MAX_IMAGE_SIZE} pixels, ${MAX_FRAMES} frames and ${MAX_ANSWERS} answers`,
    });
}
