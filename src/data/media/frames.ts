// Folders of numbered pictures, which are clips.

import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fail } from '../../error/index.js';
import { IMAGE_EXTENSIONS } from './extensions.js';
import { failReading } from './failing.js';

const { compare } = new Intl.Collator('en', { numeric: true });

/**
 * The paths of a folder's frames, by the numbers in their names: frame2 comes before frame10.
 *
 * @throws `file` if the folder cannot be read, `data` if it has no images
 */
export async function framePaths(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => failReading(folder, error));
  const frames = names.filter(
    (name) => !name.startsWith('.') && IMAGE_EXTENSIONS.includes(extname(name).toLowerCase()),
  );
  if (frames.length === 0) {
    const got =
      names.length === 0 ? 'an empty folder' : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
    fail('data', { where: folder, what: 'has no frames', got, expected: `images (${IMAGE_EXTENSIONS.join(' ')})` });
  }
  return frames.sort((a, b) => compare(a, b) || (a < b ? -1 : 1)).map((name) => join(folder, name));
}
