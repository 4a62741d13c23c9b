// CSV with a header line.
import { parse } from 'csv-parse/sync';
import type { Flaw } from './flaw.js';

export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/** The records of a CSV file, its header first; those that are no CSV are flaws. */
export function csvRecords(text: string, flaws: Flaw[]): readonly CsvRecord[] {
  const expected = 'closed quotes, and "" for a quote inside';
  const records: unknown = parse(text, {
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      const { lines = 0, message = '' } = error as unknown as { lines?: number; message?: string };
      flaws.push({ line: lines, what: 'is not CSV', got: message, expected });
      return undefined;
    },
  }); // its types do not know that `info` changes what a record is
  return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
    cells: record,
    line: info.lines,
  }));
}
