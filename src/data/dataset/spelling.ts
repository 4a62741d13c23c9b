// Paths of a manifest as the disk spells them. An é may be one character or two (Unicode's forms NFC and NFD): they look the
// same, and systems that copy files turn one into the other. Windows writes `\` between folders.

import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, refuse } from '../../files/files.js';

/** @returns what a path of a manifest is called on disk; itself, where nothing there is spelt alike */
export function spellingIn(root: string): (path: string) => Promise<string> {
  const folders = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const namesIn = (folder: string) => {
    const known = folders.get(folder) ?? namesByForm(folder);
    folders.set(folder, known);
    return known;
  };
  return async (path) => {
    if (isPlain(path) || (await look(resolve(root, path), (file) => stat(file)))) return path;
    const parts = path.replaceAll('\\', '/').split('/');
    let folder = path.startsWith('/') ? '/' : root;
    for (const [i, part] of parts.entries()) {
      if (part === '' || part === '.' || part === '..') folder = join(folder, part);
      else {
        const name = (await namesIn(folder)).get(formOf(part));
        if (name === undefined) return path;
        parts[i] = name;
        folder = join(folder, name);
      }
    }
    return parts.join('/');
  };
}

/** Whether a path has only one spelling. */
export const isPlain = (path: string): boolean => /^[\x20-\x5b\x5d-\x7e]*$/.test(path);

/** What spellings of one name have in common. */
export const formOf = (name: string): string => name.normalize('NFC');

/** What is said again of an entry when it is opened. */
const TOLD: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EACCES', 'EPERM'];

async function look<T>(path: string, at: (path: string) => Promise<T>): Promise<T | null> {
  return at(path).catch((error) => (TOLD.includes(codeOf(error)) ? null : refuse(error, path, 0)));
}

async function namesByForm(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await look(folder, (folder) => readdir(folder))) ?? [];
  return new Map(names.map((name) => [formOf(name), name]));
}
