// What files hold, as a hash: by it frames and features are found again, whatever a file is called now.

import { basename } from 'node:path';
import { sha256 } from '../../files/files.js';
import { type Open, openFile, withFile } from '../../files/opened.js';
import { failReading } from './failing.js';
import { framePaths } from './frames.js';

/**
 * Tells what a file or a folder of frames holds, as SHA-256; a file is read again only when its size or time changes.
 *
 * @param open  how files are opened; default: links are followed
 */
export function createIdentifier(open: Open = openFile): (path: string) => Promise<string> {
  const known = new Map<string, { readonly stamp: string; readonly content: Promise<string> }>();
  const contentOfFile = async (path: string): Promise<string> => {
    return withFile(path, open, async (file) => {
      const { size, mtimeMs } = await file.stat();
      const stamp = `${size} ${mtimeMs}`;
      const before = known.get(path);
      if (before?.stamp === stamp) return before.content;
      const content = sha256(file);
      known.set(path, { stamp, content });
      content.catch(() => known.delete(path));
      return await content; // before the file is closed
    }).catch((error) => failReading(path, error));
  };
  return async (path) => {
    const info = await withFile(path, open, (file) => file.stat()).catch((error) => failReading(path, error));
    if (!info.isDirectory()) return contentOfFile(path);
    const parts: string[] = [];
    for (const frame of await framePaths(path)) parts.push(basename(frame), await contentOfFile(frame));
    return sha256(Buffer.from(JSON.stringify(parts)));
  };
}
