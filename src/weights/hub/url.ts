// Checkpoints that are a file somewhere on the web, such as those of the original release.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { userCache } from '../../files/user-cache.js';

export const isUrl = (text: string): boolean => /^https?:\/\//.test(text);

/** Where the file of an address is kept: in a folder of its own, under its name. */
export function downloadedFile(url: string): string {
  const key = createHash('sha256').update(url).digest('hex').slice(0, 16);
  return userCache('downloads', key, decodeURIComponent(basename(new URL(url).pathname)) || 'checkpoint');
}
