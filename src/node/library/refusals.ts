// What the stores refuse in the same words.

import { fail } from '../../error/index.js';
import type { TableInfo } from './types.js';

export function refuseWidth(where: string, { name, width }: TableInfo, wanted: number): never {
  fail('format', {
    where: `${where}, table ${name}`,
    what: 'holds vectors of another width',
    got: `${width}`,
    expected: `${wanted}`,
    fix: 'make the index again under another name, or remove the old one',
  });
}
