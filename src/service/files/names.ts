// Names for folders: what becomes a part of addresses has to be short and plain, and no two may be equal.

import { libraryName } from '../../search/place.js';

/** The last part of a path as a name. @param taken  names that are given, this one is added */
export function nameFor(path: string, taken: Set<string>): string {
  const base = libraryName(path);
  let name = base;
  for (let i = 2; taken.has(name); i++) name = `${base.slice(0, 60)}-${i}`;
  taken.add(name);
  return name;
}
