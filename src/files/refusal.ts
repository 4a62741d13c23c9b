// What the system says about a path, as a sentence with what to do.

import { readdir, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { fail, type Problem } from '../error/index.js';

/** Words for errors that are the same wherever they come from. */
const WORDS: Readonly<Record<string, Pick<Problem, 'what' | 'fix'>>> = {
  EACCES: { what: 'no permission', fix: 'check the owner and the mode of the file and its folder' },
  EPERM: { what: 'no permission', fix: 'check the owner and the mode of the file and its folder' },
  EROFS: { what: 'is on a disk that can only be read', fix: 'write somewhere else, or mount the disk for writing' },
  ENOTDIR: { what: 'a part of the path is a file, expected a folder' },
  EISDIR: { what: 'is a folder, expected a file' },
  EEXIST: { what: 'is a file, expected a folder', fix: 'choose another name' },
  ENOTEMPTY: { what: 'the folder is not empty', fix: 'choose another folder' },
  ENAMETOOLONG: { what: 'the name is too long for this disk', fix: 'choose a shorter one' },
  ELOOP: { what: 'a link on its path is not followed, or leads back to itself', fix: 'put the file itself there' },
  EFBIG: { what: 'is larger than this disk, or a limit on files, allows', fix: 'write somewhere else' },
  EMFILE: { what: 'too many files are open', fix: 'allow this process more of them: ulimit -n' },
  ENFILE: { what: 'too many files are open on this machine', fix: 'end programs that hold many' },
  EBUSY: { what: 'is in use by another program', fix: 'end that program, or try again later' },
  ETXTBSY: { what: 'is in use by another program', fix: 'end that program, or try again later' },
  EIO: { what: 'the disk failed to read or write it', fix: 'check the disk, and its cable or network' },
  ESTALE: { what: 'is gone from the network disk', fix: 'check the network disk, and try again' },
  ETIMEDOUT: { what: 'the network disk does not answer', fix: 'check the network disk, and try again' },
  ENXIO: { what: 'is no file that can be read, expected a regular file' },
  ENODEV: { what: 'is no file that can be read, expected a regular file' },
  EINVAL: { what: 'the disk does not know this kind of name or call', fix: 'choose another name or another disk' },
};

/** Turns a system error about a path into ours; others pass as they are. @param neededBytes  that were to be written */
export async function refuse(cause: unknown, path: string, neededBytes: number): Promise<never> {
  const where = path;
  const code = codeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fail('file', { where, ...(await noRoom(dirname(path), neededBytes)), cause });
  if (code === 'ENOENT') return fail('file', { where, what: 'does not exist', ...(await nearest(path)), cause });
  const words = WORDS[code ?? ''];
  if (words) return fail('file', { where, ...words, cause });
  if (cause instanceof Error && 'syscall' in cause)
    return fail('file', { where, what: `the system refused: ${cause.message}`, cause });
  throw cause;
}

/** `ENOENT` and its like; undefined for what is no error of the system. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** What systems answer of what is not there: also of a name that is too long for any file of the disk. */
const ABSENT: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'];

/** Whether an error says that nothing is there, and not that it cannot be told. */
export const isAbsence = (error: unknown): boolean => ABSENT.includes(codeOf(error));

/** What is missing may be a folder above the path; names the existing entry most like it. */
async function nearest(path: string): Promise<Pick<Problem, 'got' | 'fix'>> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) {
    if (folder === dirname(folder)) return {};
    return { got: `no folder ${folder}`, ...(await nearest(folder)) };
  }
  const missing = basename(path);
  const name = names.length > 0 ? closest(missing, names) : '';
  return distance(missing, name) <= missing.length / 2 ? { fix: `did you mean ${join(folder, name)}?` } : {};
}

/** A disk can be full in bytes, or in the number of files; a quota can be reached on one that is not. */
async function noRoom(folder: string, neededBytes: number): Promise<Pick<Problem, 'what' | 'fix'>> {
  const fix = 'make room, or write somewhere else';
  const needed = `${megabytes(neededBytes)} needed`;
  const disk = await statfs(folder).catch(() => null);
  if (!disk) return { what: `no room left: ${needed}, an unknown amount free`, fix };
  if (disk.files > 0 && disk.ffree === 0) return { what: 'no room left: the disk holds no more files', fix };
  return { what: `no room left: ${needed}, ${megabytes(disk.bavail * disk.bsize)} free`, fix };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
