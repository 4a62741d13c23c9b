// Files of an adapter folder as others may have them.

import { join } from 'node:path';
import type { StoredFile } from '../../server/index.js';
import { readText } from '../files.js';
import { withoutFolders } from './adapter-details.js';
import { storedFile } from './stored.js';

/** A file as it is; in a description, of absolute paths the last part. @throws `file` */
export async function sentFile(folder: string, file: string, type: string): Promise<StoredFile> {
  const stored = await storedFile(join(folder, file), type);
  if (file !== 'adapter.json') return stored;
  const info = JSON.parse(await readText(join(folder, file)));
  const text = `${JSON.stringify({ ...info, recipe: withoutFolders(info.recipe) }, null, 2)}\n`;
  return { ...stored, ...inMemory(new TextEncoder().encode(text)) };
}

const inMemory = (bytes: Uint8Array<ArrayBuffer>): Pick<StoredFile, 'bytes' | 'read'> => ({
  bytes: bytes.length,
  read: (range) => new Blob([range ? bytes.subarray(range[0], range[1] + 1) : bytes]).stream(),
});
