// Files as the HTTP layer serves them: whole or in part.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { StoredFile } from '../../server/index.js';
import { refuse } from '../files.js';

/** @param type  media type @throws `file` when it is not there */
export async function storedFile(path: string, type: string): Promise<StoredFile> {
  const info = await stat(path, { bigint: true }).catch((error) => refuse(error, path, 0));
  return {
    type,
    bytes: Number(info.size),
    modified: new Date(Number(info.mtimeMs)),
    etag: `${info.size.toString(36)}-${info.mtimeNs.toString(36)}`,
    read(range) {
      const part = range && { start: range[0], end: range[1] };
      return Readable.toWeb(createReadStream(path, part)) as ReadableStream<Uint8Array>;
    },
  };
}
