// What files hold, as a hash: by it frames and features are found again, whatever a file is called now.

import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256 } from '../files.js';
import { framePaths } from './frames.js';
import { failReading } from './image.js';

/** Tells what a file or a folder of frames holds, as SHA-256; a file is read again only when its size or time changes. */
export function createIdentifier(): (path: string) => Promise<string> {
  const known = new Map<string, { readonly stamp: string; readonly content: Promise<string> }>();
  const contentOfFile = async (path: string): Promise<string> => {
    const { size, mtimeMs } = await statOf(path);
    const stamp = `${size} ${mtimeMs}`;
    const before = known.get(path);
    if (before?.stamp === stamp) return before.content;
    const content = sha256(path);
    known.set(path, { stamp, content });
    content.catch(() => known.delete(path));
    return content;
  };
  return async (path) => {
    if (!(await statOf(path)).isDirectory()) return contentOfFile(path);
    const parts: string[] = [];
    for (const frame of await framePaths(path)) parts.push(basename(frame), await contentOfFile(frame));
    return sha256(Buffer.from(JSON.stringify(parts)));
  };
}

const statOf = (path: string) => stat(path).catch((error: NodeJS.ErrnoException) => failReading(path, error));
