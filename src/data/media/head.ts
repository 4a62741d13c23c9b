// How a file begins, which says more of it than its name.

import type { FileHandle } from 'node:fs/promises';
import { type Open, openFile, withFile } from '../../files/opened.js';
import { failReading } from './failing.js';

/** Enough for the brands of an ISO file and for the chunks of a PNG that come before its pixels. */
const HEAD_BYTES = 4096;

/** The first bytes of a file, a character each; null for a folder. @throws `file` if it cannot be read */
export async function readHead(path: string, open: Open = openFile): Promise<string | null> {
  return withFile(path, open, headOf).catch((error) => failReading(path, error));
}

/** The same of a file that is open. */
export async function headOf(file: FileHandle): Promise<string | null> {
  if ((await file.stat()).isDirectory()) return null;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.toString('latin1', 0, bytesRead);
}
