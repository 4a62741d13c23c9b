// Files of an adapter folder as others may have them.

import { join } from 'node:path';
import { fail } from '../../error/index.js';
import { openReal } from '../../files/opened.js';
import type { StoredFile } from '../../server/index.js';
import { refuseUnread } from '../files/gone.js';
import { inMemory, storedFile } from '../files/stored.js';
import { withoutFolders } from './adapter-details.js';

/**
 * A file as it is; in a description, of absolute paths the last part. Links are not followed.
 *
 * @param folder  without links @throws missing  when it is gone; data  when it cannot be read
 */
export async function sentFile(folder: string, file: string, type: string): Promise<StoredFile> {
  const meant = { where: file, fix: 'look up which files there are now' };
  const opened = await openReal(join(folder, file)).catch((error) => refuseUnread(error, meant));
  try {
    const stored = await storedFile(opened, type);
    if (file !== 'adapter.json') return stored;
    const bytes = told(await opened.readFile('utf8'));
    await opened.close();
    return { ...stored, ...inMemory(bytes), close: async () => {} };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function told(text: string): Uint8Array<ArrayBuffer> {
  const info = parsed(text);
  return new TextEncoder().encode(`${JSON.stringify({ ...info, recipe: withoutFolders(info.recipe) }, null, 2)}\n`);
}

function parsed(text: string): { readonly recipe?: unknown } {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return fail('format', { where: 'adapter.json', what: 'not valid JSON', cause });
  }
}
