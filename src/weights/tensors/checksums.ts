// Checksums of what is kept: a bit that flipped on a disk is found, and never computed with.

import { createHash } from 'node:crypto';
import { fail } from '../../error/index.js';
import { sha256 } from '../../files/files.js';
import type { NamedArrays } from '../../format/index.js';

/** The file of a folder that has the checksums of the others, as `sha256sum` writes and checks it. */
export const CHECKSUMS = 'SHA256SUMS';

/** SHA-256 in hex of names, shapes and bytes of arrays, in their order. */
export async function arraysDigest(arrays: NamedArrays): Promise<string> {
  const hash = createHash('sha256');
  for (const [name, { dtype, shape, bytes }] of arrays) hash.update(JSON.stringify([name, dtype, shape])).update(bytes);
  return hash.digest('hex');
}

/** The content of {@link CHECKSUMS} for files by name. */
export async function checksumsOf(files: ReadonlyMap<string, Uint8Array | string>): Promise<string> {
  const lines: string[] = [];
  for (const [name, content] of files)
    lines.push(`${await sha256(typeof content === 'string' ? Buffer.from(content) : content)}  ${name}\n`);
  return lines.join('');
}

/**
 * Holds a file against the checksums of its folder.
 *
 * @param where  the file's path
 * @throws format  when it has another checksum, or none
 */
export async function refuseDamaged(checksums: string, name: string, bytes: Uint8Array, where: string): Promise<void> {
  const expected = checksums.split('\n').find((line) => line.endsWith(`  ${name}`));
  const got = await sha256(bytes);
  if (expected?.startsWith(`${got} `)) return;
  fail('format', {
    where,
    what: 'the file is damaged: its checksum is another than when it was written',
    got: `sha256 ${got}`,
    expected: expected?.split(' ')[0] ?? `a line for it in ${CHECKSUMS}`,
    fix: 'bring it back from a backup, or start anew',
  });
}
