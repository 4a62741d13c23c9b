// What is kept with a table, in every store the same.

import { fail } from '../error/index.js';
import type { About, TableInfo } from './types.js';

/** Whether all of that is kept already: a search opens a table each time, and is to write nothing. */
export const isNoted = (info: TableInfo, about: About): boolean =>
  Object.entries(about).every(([name, value]) => info.about[name] === value);

export function refuseWidth(where: string, { name, width }: TableInfo, wanted: number): never {
  fail('format', {
    where: `${where}, table ${name}`,
    what: 'holds vectors of another width',
    got: `${width}`,
    expected: `${wanted}`,
    fix: 'make the index again under another name, or remove the old one',
  });
}

/** What is said to who would write what another process writes. */
export const writing = (name: string) => ({
  where: `index ${name}`,
  what: 'another process writes it just now',
  fix: 'wait for it, or stop it',
});
