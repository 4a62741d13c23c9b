// Where the index of a library is, and what the library is called, when nobody says.

import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { userCache } from '../files/user-cache.js';

/** What libraries may be called: names become parts of file names and addresses. */
export const isLibraryName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name);

/** The folder's name, made fit for file names and addresses. */
export function libraryName(folder: string): string {
  const name = basename(resolve(folder))
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-');
  return name.replace(/^[^A-Za-z0-9]+/, '').slice(0, 64) || 'library';
}

/** A folder of its own, among what can be made again. */
export function defaultStore(folder: string): string {
  const hash = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 8);
  return userCache('libraries', `${libraryName(folder)}-${hash}`);
}
