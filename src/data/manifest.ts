// A manifest says what belongs to an image or clip: captions, questions with answers. Two formats, JSON lines and CSV,
// become one list of items; everything malformed is collected, never thrown one by one.
import { csvRecords } from './csv.js';
import type { Flaw } from './flaw.js';
import type { Item, MediaKind, Split } from './item.js';
import { kindOf, tidy } from './media.js';
import { mergeItems } from './merge.js';
import { isAsked, readQuestions } from './questions.js';
import { isFields, isGiven, listOf, parseJson, readCaptions, show } from './values.js';

export interface Manifest {
  readonly items: readonly Item[];
  readonly flaws: readonly Flaw[];
}

/** The names under which other tools write the same thing. */
const FIELDS = {
  image: ['image', 'image_path', 'image_file'],
  video: ['video', 'video_path', 'video_file', 'clip', 'clip_name'],
  media: ['media', 'file', 'filename', 'file_name', 'filepath', 'path'],
  caption: ['caption', 'captions', 'text', 'texts', 'sentence', 'sentences', 'description'],
  question: ['question'],
  answer: ['answer', 'answers'],
  questions: ['questions'],
  questionId: ['question_id', 'questionid', 'qid'],
  id: ['id'],
  split: ['split'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
type Field = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];

/** The values of a row by field, whatever they are. */
export type Row = Readonly<Partial<Record<Field, unknown>>> & { readonly line: number };

const SPLITS: Readonly<Record<string, Split>> = {
  ...{ train: 'train', training: 'train', restval: 'train' }, // restval: Karpathy's part of COCO that trains too
  ...{ val: 'val', valid: 'val', validate: 'val', validation: 'val', dev: 'val' },
  ...{ test: 'test', testing: 'test' },
};
const SPLIT_WORDS = 'train, val or test';

/** The split that a word means, as other tools write it. */
export const splitNamed = (word: string): Split | undefined => SPLITS[word.trim().toLowerCase()];

/**
 * Reads a manifest; entries for the same file are merged into one item.
 *
 * JSON lines: `{"image": "a.jpg", "captions": ["…", "…"]}`, `{"video": "b.mp4", "question": "…", "answer": "…"}` or
 * `{"image": "c.jpg", "questions": [{"question": "…", "answers": ["…", "…"]}]}`, with `id` and `split` if wanted.
 * CSV: a header line with `image`, `video` or `file`, and `caption`, or `question,answer`, and, if wanted, `id` and `split`.
 * Common other names of the columns are understood.
 *
 * @param text    the file's content
 * @param format  by the file's extension
 * @returns the usable items in the order of the file, and what is wrong with the rest
 */
export function parseManifest(text: string, format: 'jsonl' | 'csv'): Manifest {
  const flaws: Flaw[] = [];
  const rows = format === 'csv' ? csvRows(text, flaws) : jsonRows(text, flaws);
  const items = mergeItems(readItems(rows, flaws), flaws);
  return { items: withSplits(items, flaws), flaws };
}

/** If any item has a split, only those that have one; the others are flaws. */
function withSplits(items: readonly Item[], flaws: Flaw[]): readonly Item[] {
  if (!items.some((item) => item.split)) return items;
  for (const { line, media, split } of items)
    if (!split) flaws.push({ line, media, what: 'has no split, others have', got: 'nothing', expected: SPLIT_WORDS });
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
      if (isFields(value)) return [{ ...named(Object.keys(value), (key) => value[key]), line }];
      const expected = '{"image": …, "caption": …} on one line';
      flaws.push({ line, what: 'is not a JSON object', got: content.trim(), expected });
      return [];
    });
}

function csvRows(text: string, flaws: Flaw[]): Row[] {
  const records = csvRecords(text, flaws);
  const header = records[0]?.cells.map((name) => name.trim().toLowerCase()) ?? [];
  const columns = named(header, (name) => header.indexOf(name));
  const hasMedia = columns.image ?? columns.video ?? columns.media;
  if (hasMedia === undefined || (columns.caption ?? columns.question) === undefined) {
    const expected = 'a header line: image,caption or video,question,answer and, if wanted, id,split';
    flaws.push({ line: 1, what: 'names no file or no text column', got: header.join(','), expected });
    return [];
  }
  return records.slice(1).flatMap(({ cells, line }): Row[] => {
    if (cells.length === header.length)
      return [{ ...named(header, (name) => cells[header.indexOf(name)] || undefined), line }];
    const expected = `${header.length}; quote texts that hold a comma`;
    flaws.push({ line, what: 'has another number of columns', got: `${cells.length}`, expected });
    return [];
  });
}

/** Picks the fields out of a row by any of their names. */
function named<T>(names: readonly string[], read: (name: string) => T): Partial<Record<Field, T>> {
  const fields: Partial<Record<Field, T>> = {};
  for (const field of FIELD_NAMES) {
    const name = FIELDS[field].find((synonym) => names.includes(synonym));
    if (name !== undefined) fields[field] = read(name);
  }
  return fields;
}

function* readItems(rows: readonly Row[], flaws: Flaw[]): Generator<Item> {
  for (const row of rows) {
    const item = readItem(row, flaws);
    if (item) yield item;
  }
}

function readItem(row: Row, flaws: Flaw[]): Item | undefined {
  const { line } = row;
  const found = readMedia(row);
  if (!found) {
    flaws.push({ line, what: 'names no file', got: show(row.image ?? row.video ?? row.media), expected: 'a path' });
    return undefined;
  }
  const { media } = found;
  const captions = readCaptions(captionValues(row), { line, media }, flaws);
  const questions = readQuestions(row, media, flaws);
  const split = isGiven(row.split) ? splitNamed(String(row.split)) : undefined;
  if (isGiven(row.split) && !split) {
    flaws.push({ line, media, what: 'has an unknown split', got: show(row.split), expected: SPLIT_WORDS });
    return undefined;
  }
  if (captions.length === 0 && questions.length === 0) return undefined;
  const id = isGiven(row.id) ? String(row.id) : media;
  return { id, ...found, captions, questions, line, ...(split && { split }) };
}

/** The path, and whether it is of an image or a clip: by the field's name, or by the path. */
function readMedia({ image, video, media }: Row): Pick<Item, 'media' | 'kind'> | undefined {
  const path = image ?? video ?? media;
  if (typeof path !== 'string' || path.trim() === '') return undefined;
  const named: MediaKind | false = isGiven(image) ? 'image' : isGiven(video) && 'video';
  return { media: tidy(path), kind: named || kindOf(path) };
}

/** None where there are questions instead; otherwise nothing at all is a caption that is missing. */
function captionValues(row: Row): readonly unknown[] {
  const list = listOf(row.caption);
  return list.length > 0 || isAsked(row) ? list : [row.caption];
}
