// Aligned columns.

import { visible } from '../../error/index.js';
import { type Style, widthOf } from './style.js';

export type Align = 'left' | 'right';

/**
 * Rows as an aligned table, without borders; every row is a line, which starts with two spaces.
 *
 * @param given  the first one is the header; cells may be coloured
 * @param align  by column; the last entry counts for all further columns
 */
export function table(given: readonly (readonly string[])[], align: readonly Align[], style: Style): string {
  const rows = given.map((row) => row.map((cell) => cell.replace(/[\r\n\t]/g, visible)));
  const [header = []] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const lines = rows.map((row) => {
    const cells = widths.map((width, column) => pad(row[column] ?? '', width, align[column] ?? align.at(-1) ?? 'left'));
    return `  ${cells.join('  ')}`.trimEnd();
  });
  const [first = '', ...rest] = lines;
  return [style.dim(first), ...rest].join('\n');
}

function pad(cell: string, width: number, align: Align): string {
  const space = ' '.repeat(width - widthOf(cell));
  return align === 'right' ? space + cell : cell + space;
}
