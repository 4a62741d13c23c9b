// Names for folders: what becomes a part of addresses has to be short and plain, and no two may be equal.

import { basename, resolve } from 'node:path';
import { NO_ADAPTER } from '../../server/index.js';

/** The last part of a path as a name. @param taken  names that are given, this one is added */
export function nameFor(path: string, taken: Set<string>): string {
  const plain = basename(resolve(path))
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 48);
  const base = plain === '' || plain === NO_ADAPTER ? 'folder' : plain;
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base}-${i}`;
  taken.add(name);
  return name;
}
