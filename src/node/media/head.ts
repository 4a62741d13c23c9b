// How a file begins, which says more of it than its name.

import { openToRead } from '../files.js';
import { failReading } from './image.js';

/** Enough for the brands of an ISO file and for the chunks of a PNG that come before its pixels. */
const HEAD_BYTES = 4096;

/** The first bytes of a file, a character each; null for a folder. @throws `file` if it cannot be read */
export async function readHead(path: string): Promise<string | null> {
  try {
    await using file = await openToRead(path);
    if ((await file.stat()).isDirectory()) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch (error) {
    return failReading(path, error as NodeJS.ErrnoException);
  }
}
