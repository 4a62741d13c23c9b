// A file of entries → rows with a value for each field that is known, and word of the columns and rows that are not read.
import { type Columns, columnsOf, type Field, isTextual, isUsable } from './columns.js';
import { readCsv } from './csv.js';
import type { Flaw } from './flaw.js';
import { type LeftOut, leftOut } from './left-out.js';
import { isFields, isGiven, listOf, parseJson, show } from './values.js';

export type TableFormat = 'jsonl' | 'csv';

/** The values of a row by field, whatever they are. */
export type Row = Readonly<Partial<Record<Field, unknown>>> & { readonly line: number };

export interface Rows {
  readonly rows: readonly Row[];
  readonly leftOut: readonly LeftOut[];
}

/** @param flaws  gets those of the form; what the values are is not looked at */
export const readRows = (text: string, format: TableFormat, flaws: Flaw[]): Rows =>
  format === 'csv' ? csvRows(text, flaws) : jsonRows(text, flaws);

/** What stands under names that are not known. */
interface Others {
  add(name: string, value: unknown): void;
  leftOut(): readonly LeftOut[];
}

function jsonRows(text: string, flaws: Flaw[]): Rows {
  const others = createOthers();
  const columns = columnsOnce();
  const rows = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .flatMap((content, index): Row[] => {
      if (content.trim() === '') return [];
      const line = index + 1;
      const value = parseJson(content);
      if (isFields(value)) {
        const entries = Object.entries(value).filter(([, one]) => listOf(one).length > 0);
        return [rowOf(columns(entries.map(([name]) => name)), entries, { line, others })];
      }
      const expected = '{"image": …, "caption": …} on one line';
      flaws.push({ line, what: 'is not a JSON object', got: content.trim(), expected });
      return [];
    });
  return { rows, leftOut: others.leftOut() };
}

/** Most lines have the names of the line before. */
function columnsOnce(): (names: readonly string[]) => Columns {
  let [before, columns]: [string | null, Columns] = [null, columnsOf([])];
  return (names) => {
    const key = JSON.stringify(names);
    if (key !== before) [before, columns] = [key, columnsOf(names)];
    return columns;
  };
}

function csvRows(text: string, flaws: Flaw[]): Rows {
  const { records, blank, separator } = readCsv(text, (names) => isUsable(columnsOf(names)), flaws);
  const header = records[0]?.cells ?? [];
  const columns = columnsOf(header);
  const others = createOthers();
  if (!isUsable(columns)) {
    const got = `${header.join(separator)} (separated by ${show(separator)})`;
    const expected = 'a header line: image,caption or video,question,answer and, if wanted, id,split';
    flaws.push({ line: records[0]?.line ?? 1, what: 'names no file or no text column', got, expected });
    return { rows: [], leftOut: [] };
  }
  const rows = records.slice(1).flatMap(({ cells, line }): Row[] => {
    const isWider = cells.slice(header.length).some((cell) => cell !== '');
    if (cells.length >= header.length && !isWider) {
      const entries = header.map((name, i) => [name, cells[i] || undefined] as const);
      return [rowOf(columns, entries, { line, others })];
    }
    const expected = `${header.length}; quote texts that hold a ${SEPARATOR_NAMES[separator] ?? separator}`;
    flaws.push({ line, what: 'has another number of columns', got: `${cells.length}`, expected });
    return [];
  });
  const empty = leftOut('note', ['row is blank', 'rows are blank'], blank.map(String));
  return { rows, leftOut: [...others.leftOut(), ...empty] };
}

const SEPARATOR_NAMES: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

/** The row's values; of several columns of one field all that are given, in a list. */
function rowOf(
  { of, others: unknown }: Columns,
  entries: readonly (readonly [string, unknown])[],
  { line, others }: { readonly line: number; readonly others: Others },
): Row {
  const row: Partial<Record<Field, unknown>> = {};
  for (const [field, indices] of Object.entries(of) as [Field, readonly number[]][]) {
    const values = indices.map((i) => entries[i]?.[1]);
    row[field] = values.length === 1 ? values[0] : listed(field, values);
  }
  for (const i of unknown) others.add(...(entries[i] as [string, unknown]));
  return { ...row, line };
}

/** Annotators may agree; a caption says nothing a second time. */
function listed(field: Field, values: readonly unknown[]): readonly unknown[] | undefined {
  const given = values.flatMap(listOf).filter(isGiven);
  if (given.length === 0) return undefined;
  return field === 'caption' ? [...new Set(given)] : given;
}

function createOthers(): Others {
  const found = new Map<string, { count: number; readonly example: unknown }>();
  return {
    add(name, value) {
      if (!isGiven(value)) return;
      const known = found.get(name);
      if (known) known.count++;
      else if (found.size < MOST_NAMES) found.set(name, { count: 1, example: value });
    },
    leftOut() {
      const told = (wanted: boolean) =>
        [...found]
          .filter(([name]) => isTextual(name) === wanted)
          .map(
            ([name, { count, example }]) =>
              `${name} (${count} ${count === 1 ? 'row' : 'rows'}), such as ${brief(example)}`,
          );
      return [
        ...leftOut('warning', ['column of texts is not read', 'columns of texts are not read'], told(true)),
        ...leftOut('note', ['column is not read', 'columns are not read'], told(false)),
      ];
    },
  };
}

/** Names beyond are those of no table. */
const MOST_NAMES = 1000;
const LONGEST = 60;

function brief(value: unknown): string {
  const text = show(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
