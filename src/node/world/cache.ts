// What takes long to decode is kept in one file of raw bytes, whose name says what is inside.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, writeAtomically } from '../files.js';

/**
 * The bytes of a cache file, made and kept if it is not there or not as long.
 *
 * @param path  names all that the bytes depend on; its folder is made if missing
 * @throws `file` if the bytes cannot be kept
 */
export async function cachedBytes(path: string, length: number, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const cached = await readFile(path).catch(() => null);
  if (cached?.length === length) return cached;
  const bytes = await make();
  await makeFolder(dirname(path));
  await writeAtomically(path, bytes);
  return bytes;
}
