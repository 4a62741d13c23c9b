// What takes long to decode is kept in one file of raw bytes, whose name says what is inside. Its checksum follows them.
import { dirname } from 'node:path';
import { found, makeFolder, readBytes, sha256, writeAtomically } from '../../files/files.js';

/** Of a SHA-256 in hexadecimal. */
const CHECKSUM_BYTES = 64;

/**
 * The bytes of a cache file, made and kept if it is not there; made again, with a word, if it is damaged.
 *
 * @param path  names all that the bytes depend on; its folder is made if missing
 * @throws `file` if the bytes cannot be kept
 */
export async function cachedBytes(path: string, length: number, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  if (await found(path)) {
    const file = Buffer.from((await readBytes(path)).buffer);
    const bytes = file.subarray(0, -CHECKSUM_BYTES);
    if (bytes.length === length && `${file.subarray(length)}` === (await sha256(bytes))) return bytes;
    process.emitWarning(`${path}: the cache does not fit its checksum; it is made again`);
  }
  const bytes = await make();
  await makeFolder(dirname(path));
  await writeAtomically(path, Buffer.concat([bytes, Buffer.from(await sha256(bytes))]));
  return bytes;
}
