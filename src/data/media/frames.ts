// Folders of numbered pictures → clips: every picture is a frame, shown as long as the others.

import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fail } from '../../error/index.js';
import { type Open, openFile } from '../../files/opened.js';
import { shownAt } from '../../node/media/animation.js';
import { decodeImage, failReading, imageInfo } from '../../node/media/image.js';
import type { Pixels } from '../image/index.js';
import { IMAGE_EXTENSIONS } from './extensions.js';
import type { MediaInfo } from '../video/index.js';

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

/**
 * The frames of a folder shown at `positions`.
 *
 * @param positions  0…1 of the duration, ascending
 * @param open  how each picture is opened; default: links are followed
 * @throws as {@link framePaths} and {@link decodeImage}
 */
export async function folderFrames(
  folder: string,
  positions: readonly number[],
  open: Open = openFile,
): Promise<readonly Pixels[]> {
  const paths = await framePaths(folder);
  const starts = [...paths.keys()];
  const wanted = positions.map((position) => shownAt(starts, starts.length, position));
  const frames = new Map<number, Pixels>();
  for (const index of wanted) frames.set(index, frames.get(index) ?? (await decodeImage(paths[index] as string, open)));
  return wanted.map((index) => frames.get(index) as Pixels);
}

/** What a folder's names and its first frame tell. @throws as {@link folderFrames} */
export async function folderInfo(folder: string): Promise<MediaInfo> {
  const paths = await framePaths(folder);
  const { width, height } = await imageInfo(paths[0] as string);
  return { kind: 'frames', width, height, frames: paths.length, seconds: null };
}
