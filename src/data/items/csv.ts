// CSV with a header line, as spreadsheets and programs write it: separated by commas, tabs, semicolons or bars.
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import type { Flaw } from './flaw.js';

export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

export interface Csv {
  readonly separator: string;
  /** The first one is the header. */
  readonly records: readonly CsvRecord[];
  /** Lines of rows in which every cell is empty. */
  readonly blank: readonly number[];
}

const SEPARATORS = [',', '\t', ';', '|'];

/**
 * The records of a CSV file; those that are no CSV are flaws.
 *
 * @param isHeader  whether a first row of these names can be worked with: by it the separator is found
 */
export function readCsv(text: string, isHeader: (names: readonly string[]) => boolean, flaws: Flaw[]): Csv {
  const [, said] = /^\uFEFF?"?sep=(.)"?[^\r\n]*(?:\r\n|\n|\r)/i.exec(text) ?? []; // Excel's own way to tell
  const content = said === undefined ? text : text.replace(/^.*/, ''); // its line stays, empty, so that numbers are right
  const separator = said ?? separatorOf(content, isHeader);
  const all = strictly(content, separator) ?? lineByLine(content, separator, flaws);
  const isBlank = ({ cells }: CsvRecord) => cells.every((cell) => cell === '');
  return { separator, records: all.filter((one) => !isBlank(one)), blank: all.filter(isBlank).map(({ line }) => line) };
}

/** The one that makes a header; otherwise the one that makes the most of the first line. */
function separatorOf(text: string, isHeader: (names: readonly string[]) => boolean): string {
  const first = /[^\s,;|][^\r\n]*/.exec(text)?.[0] ?? '';
  const headers = SEPARATORS.map((separator) => strictly(first, separator)?.[0]?.cells ?? []);
  const fitting = headers.findIndex(isHeader);
  const widest = headers.reduce((best, { length }, i) => (length > (headers[best]?.length ?? 0) ? i : best), 0);
  return SEPARATORS[fitting === -1 ? widest : fitting] ?? ',';
}

/** Undefined if anything in it is no CSV. */
function strictly(text: string, separator: string): readonly CsvRecord[] | undefined {
  try {
    const records: unknown = parse(text, {
      bom: true,
      delimiter: separator,
      info: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true, // a quote may come after a space
    }); // its types do not know that `info` changes what a record is
    return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      cells: record,
      line: info.lines,
    }));
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

/** A text between quotes that is longer was never meant to be one. */
const LONGEST_LINES = 50;

/** The same of a text with errors, each of which costs its own line and not all that follow. */
function lineByLine(text: string, separator: string, flaws: Flaw[]): readonly CsvRecord[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const records: CsvRecord[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = endOfRecord(lines, at);
    const found = strictly(lines.slice(at, end).join('\n'), separator);
    for (const { cells } of found ?? []) records.push({ cells, line: end });
    if (!found) {
      const expected = 'closed quotes, and "" for a quote inside';
      flaws.push({ line: at + 1, what: 'is not CSV', got: lines[at] ?? '', expected });
    }
    at = found ? end : at + 1;
  }
  return records;
}

/** The line after the one that closes all quotes that are opened from here on; the next where none does. */
function endOfRecord(lines: readonly string[], start: number): number {
  let isOpen = false;
  for (let at = start; at < Math.min(lines.length, start + LONGEST_LINES); at++) {
    if ((lines[at]?.split('"').length ?? 1) % 2 === 0) isOpen = !isOpen;
    if (!isOpen) return at + 1;
  }
  return start + 1;
}
