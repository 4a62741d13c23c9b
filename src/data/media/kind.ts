// Whether a file is looked at once, or sampled as a clip.

import { type Open, openFile } from '../../files/opened.js';
import { kindOf, type MediaKind } from '../items/index.js';
import { readHead } from './head.js';

/** By its name, but a WebP may be either, and a folder of frames have any name. What cannot be read goes by its name. */
export async function mediaKind(path: string, open: Open = openFile): Promise<MediaKind> {
  const named = kindOf(path);
  if (named === 'video') return named;
  const head = await readHead(path, open).catch(() => ''); // what is wrong is said when it is decoded
  return head === null || isAnimatedWebp(head) ? 'video' : named;
}

/** Of an extended WebP the flags come first, and the second of them is that of animations. */
const isAnimatedWebp = (head: string) => /^RIFF....WEBPVP8X/s.test(head) && (head.charCodeAt(20) & 2) !== 0;
