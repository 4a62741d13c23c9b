// Folders of numbered pictures as clips: every picture is a frame, shown as long as the others.

import type { Pixels } from '../../../data/image/index.js';
import { framePaths } from '../../../data/media/frames.js';
import type { MediaInfo } from '../../../data/video/index.js';
import { type Open, openFile } from '../../../files/opened.js';
import { shownAt } from './animation.js';
import { decodeImage, imageInfo } from './image.js';

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
