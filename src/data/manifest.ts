// A manifest says which captions belong to which image. Two formats, JSON lines and CSV, become one list of items;
// everything malformed is collected, never thrown one by one.
import { parse } from 'csv-parse/sync';
import type { Flaw } from './flaw.js';

export type Split = 'train' | 'val' | 'test';

/** One image with all its captions. */
export interface Item {
  readonly id: string;
  /** Path of the image, relative to the dataset's image folder. */
  readonly image: string;
  /** At least one; none is blank. */
  readonly captions: readonly string[];
  readonly split?: Split;
  /** Line of the manifest on which the image comes first, from 1. */
  readonly line: number;
}

export interface Manifest {
  readonly items: readonly Item[];
  readonly flaws: readonly Flaw[];
}

type Field = 'image' | 'caption' | 'id' | 'split';
type Row = Readonly<Partial<Record<Field, unknown>>> & { readonly line: number };

/** The names under which other tools write the same thing. */
const FIELDS: Readonly<Record<Field, readonly string[]>> = {
  image: ['image', 'file', 'filename', 'file_name', 'filepath', 'path', 'image_path'],
  caption: ['caption', 'captions', 'text', 'texts', 'sentence', 'sentences'],
  id: ['id'],
  split: ['split'],
};
const SPLITS: Readonly<Record<string, Split>> = {
  ...{ train: 'train', training: 'train', restval: 'train' }, // restval: Karpathy's part of COCO that trains too
  ...{ val: 'val', valid: 'val', validation: 'val', dev: 'val' },
  ...{ test: 'test', testing: 'test' },
};
const SPLIT_WORDS = 'train, val or test';

/**
 * Reads a manifest; entries for the same image are merged into one item.
 *
 * JSON lines: `{"image": "a.jpg", "caption": "…"}` or `{"image": "a.jpg", "captions": ["…", "…"]}`, with `id` and `split` if wanted.
 * CSV: a header line with `image,caption` and, if wanted, `id` and `split`. Common other names of the columns are understood.
 *
 * @param text    the file's content
 * @param format  by the file's extension
 * @returns the usable items in the order of the file, and what is wrong with the rest
 */
export function parseManifest(text: string, format: 'jsonl' | 'csv'): Manifest {
  const flaws: Flaw[] = [];
  const rows = format === 'csv' ? csvRows(text, flaws) : jsonRows(text, flaws);
  const items = merge(rows, flaws);
  return { items: withSplits(items, flaws), flaws };
}

/** If any item has a split, only those that have one; the others are flaws. */
function withSplits(items: readonly Item[], flaws: Flaw[]): readonly Item[] {
  if (!items.some((item) => item.split)) return items;
  for (const { line, image, split } of items)
    if (!split) flaws.push({ line, image, what: 'has no split, others have', got: 'nothing', expected: SPLIT_WORDS });
  return items.filter((item) => item.split);
}

function jsonRows(text: string, flaws: Flaw[]): Row[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((content, index) => {
      if (content.trim() === '') return [];
      const line = index + 1;
      const value = parseJson(content);
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return [{ ...named(Object.keys(value), (key) => (value as Record<string, unknown>)[key]), line }];
      const expected = '{"image": …, "caption": …} on one line';
      flaws.push({ line, what: 'is not a JSON object', got: content.trim(), expected });
      return [];
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function csvRows(text: string, flaws: Flaw[]): Row[] {
  const records = csvRecords(text, flaws);
  const header = records[0]?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const columns = named(header, (name) => header.indexOf(name));
  if (columns.image === undefined || columns.caption === undefined) {
    const expected = 'a header line: image,caption and, if wanted, id,split';
    flaws.push({ line: 1, what: 'names no image or no caption column', got: header.join(','), expected });
    return [];
  }
  return records.slice(1).flatMap(({ cells, line }): Row[] => {
    if (cells.length === header.length)
      return [{ ...named(header, (name) => cells[header.indexOf(name)] || undefined), line }];
    const expected = `${header.length}; quote captions that hold a comma`;
    flaws.push({ line, what: 'has another number of columns', got: `${cells.length}`, expected });
    return [];
  });
}

function csvRecords(text: string, flaws: Flaw[]): { readonly cells: readonly string[]; readonly line: number }[] {
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

/** Picks the four fields out of a row by any of their names. */
function named<T>(names: readonly string[], read: (name: string) => T): Partial<Record<Field, T>> {
  const fields: Partial<Record<Field, T>> = {};
  for (const field of ['image', 'caption', 'id', 'split'] as const) {
    const name = FIELDS[field].find((synonym) => names.includes(synonym));
    if (name !== undefined) fields[field] = read(name);
  }
  return fields;
}

function merge(rows: readonly Row[], flaws: Flaw[]): Item[] {
  const byImage = new Map<string, Item>();
  const imageOfId = new Map<string, Item>();
  for (const row of rows) {
    const item = readItem(row, flaws);
    if (!item) continue;
    const known = byImage.get(item.image);
    const clash = known ? splitClash(known, item) : idClash(imageOfId.get(item.id), item);
    if (clash) flaws.push(clash);
    else if (known) byImage.set(item.image, { ...known, captions: [...known.captions, ...item.captions] });
    else {
      byImage.set(item.image, item);
      imageOfId.set(item.id, item);
    }
  }
  return [...byImage.values()];
}

function splitClash(known: Item, { line, image, split }: Item): Flaw | undefined {
  if (known.split === split) return undefined;
  const expected = `${known.split ?? 'nothing'}, as on line ${known.line}`;
  return { line, image, what: 'puts an image into a second split', got: split ?? 'nothing', expected };
}

function idClash(known: Item | undefined, { line, image, id }: Item): Flaw | undefined {
  if (!known) return undefined;
  return {
    line,
    image,
    what: 'repeats an id',
    got: id,
    expected: `another id than ${known.image} on line ${known.line}`,
  };
}

function readItem(row: Row, flaws: Flaw[]): Item | undefined {
  const { line } = row;
  if (typeof row.image !== 'string' || row.image.trim() === '') {
    flaws.push({ line, what: 'has no image', got: show(row.image), expected: 'a path' });
    return undefined;
  }
  const image = tidy(row.image);
  const captions = readCaptions(row, image, flaws);
  const split =
    row.split === undefined || row.split === null ? undefined : SPLITS[String(row.split).trim().toLowerCase()];
  if (row.split !== undefined && row.split !== null && !split) {
    flaws.push({ line, image, what: 'has an unknown split', got: show(row.split), expected: SPLIT_WORDS });
    return undefined;
  }
  if (captions.length === 0) return undefined;
  const id = row.id === undefined || row.id === null ? image : String(row.id);
  return { id, image, captions, line, ...(split && { split }) };
}

/** The captions that hold words; each of the others is a flaw. */
function readCaptions({ caption, line }: Row, image: string, flaws: Flaw[]): string[] {
  const given: unknown[] = Array.isArray(caption) && caption.length > 0 ? caption : [caption];
  const isUsable = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
  for (const value of given)
    if (!isUsable(value))
      flaws.push({ line, image, what: 'has an empty caption', got: show(value), expected: 'words' });
  return given.filter(isUsable).map((value) => value.trim());
}

/** `./a//b.jpg` and `a/b.jpg` are the same image. */
function tidy(path: string): string {
  return path
    .trim()
    .replace(/\/+(\.?\/+)*/g, '/')
    .replace(/^\.\//, '');
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
