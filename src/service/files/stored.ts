// Files as the HTTP layer serves them: whole or in part, from one handle that is opened once. What is promised is what is
// sent: a file that grows meanwhile ends where it ended, and one that shrinks breaks the answer off.

import type { FileHandle } from 'node:fs/promises';
import { fail } from '../../error/index.js';
import type { StoredFile } from '../../server/index.js';

/** Bytes read at a time. */
const PIECE = 2 ** 16;

/** @param file  open; it is closed with the last byte, or by `close` @param type  media type */
export async function storedFile(file: FileHandle, type: string): Promise<StoredFile> {
  const info = await file.stat({ bigint: true });
  return {
    type,
    bytes: Number(info.size),
    modified: new Date(Number(info.mtimeMs)),
    etag: `${info.size.toString(36)}-${info.mtimeNs.toString(36)}`,
    read: ([first, last] = [0, Number(info.size) - 1]) => streamOf(file, first, last),
    close: () => file.close(),
  };
}

/** The bytes from `first` to `last`, no more and no less. */
function streamOf(file: FileHandle, first: number, last: number): ReadableStream<Uint8Array> {
  let at = first;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await pieceAt(file, at, last);
          at += piece.length;
          if (piece.length > 0) controller.enqueue(piece);
          if (at <= last) return;
          await file.close();
          controller.close();
        } catch (error) {
          await file.close();
          throw error;
        }
      },
      cancel: () => file.close(),
    },
    { highWaterMark: 0 },
  );
}

async function pieceAt(file: FileHandle, at: number, last: number): Promise<Uint8Array> {
  const wanted = Math.min(PIECE, last + 1 - at);
  if (wanted <= 0) return new Uint8Array(); // of an empty file
  const { buffer, bytesRead } = await file.read(new Uint8Array(wanted), 0, wanted, at);
  if (bytesRead > 0) return buffer.subarray(0, bytesRead);
  return fail('data', { where: 'the file', what: 'became shorter while it was sent', got: `${at} bytes` });
}

/** A file that is made of bytes in memory. */
export const inMemory = (bytes: Uint8Array<ArrayBuffer>): Pick<StoredFile, 'bytes' | 'read'> => ({
  bytes: bytes.length,
  read: (range) => new Blob([range ? bytes.subarray(range[0], range[1] + 1) : bytes]).stream(),
});
