// A manifest says what belongs to an image or clip: captions, questions with answers. Two formats, JSON lines and CSV,
// become one list of items; everything malformed is collected, never thrown one by one.
import type { Flaw } from './flaw.js';
import type { Item, MediaKind, Split } from './item.js';
import type { LeftOut } from './left-out.js';
import { isBrokenList, listIn } from './literal.js';
import { kindOf, tidy } from './media.js';
import { mergeItems } from './merge.js';
import { isAsked, readQuestions } from './questions.js';
import { type Row, readRows, type TableFormat } from './rows.js';
import { isGiven, listOf, readCaptions, show, wordsOf } from './values.js';

export interface Manifest {
  readonly items: readonly Item[];
  readonly flaws: readonly Flaw[];
  /** What of the files is not read; absent is nothing. */
  readonly leftOut?: readonly LeftOut[];
}

/** A file of several that are about the same images or clips. */
export interface ManifestFile {
  /** For messages. */
  readonly name: string;
  readonly text: string;
  readonly format: TableFormat;
}

const SPLITS: ReadonlyMap<string, Split> = new Map([
  ...(['train', 'training', 'restval'] as const).map((word) => [word, 'train'] as const), // restval: Karpathy's part of COCO that trains too
  ...(['val', 'valid', 'validate', 'validation', 'dev'] as const).map((word) => [word, 'val'] as const),
  ...(['test', 'testing'] as const).map((word) => [word, 'test'] as const),
]);
const SPLIT_WORDS = 'train, val or test';

/** The split that a word means, as other tools write it. */
export const splitNamed = (word: unknown): Split | undefined =>
  typeof word === 'string' ? SPLITS.get(word.trim().toLowerCase()) : undefined;

/**
 * Reads a manifest; entries for the same file are merged into one item.
 *
 * JSON lines: `{"image": "a.jpg", "captions": ["…", "…"]}`, `{"video": "b.mp4", "question": "…", "answer": "…"}` or
 * `{"image": "c.jpg", "questions": [{"question": "…", "answers": ["…", "…"]}]}`, with `id` and `split` if wanted.
 * CSV: a header line with `image`, `video` or `file`, and `caption`, or `question,answer`, and, if wanted, `id` and `split`;
 * separated by commas, tabs, semicolons or bars. Common other names of the columns are understood, several columns of
 * captions too, and lists that a program wrote into a cell.
 *
 * @param text    the file's content
 * @param format  by the file's extension
 * @returns the usable items in the order of the file, and what is wrong with the rest
 */
export function parseManifest(text: string, format: TableFormat): Manifest {
  const flaws: Flaw[] = [];
  const { rows, leftOut } = readRows(text, format, flaws);
  const items = mergeItems(readItems(rows, flaws), flaws);
  return { items: withSplits(items, flaws), flaws, leftOut };
}

/** The same of several files, such as captions and questions; a split that one of them says of a file counts in all. */
export function parseManifests(files: readonly ManifestFile[]): Manifest {
  const all: Flaw[] = [];
  const leftOut: LeftOut[] = [];
  const rows = files.flatMap(({ name, text, format }) => {
    const flaws: Flaw[] = [];
    const read = readRows(text, format, flaws);
    leftOut.push(...read.leftOut.map((one) => ({ ...one, what: `${one.what} (${name})` })));
    const items = [...readItems(read.rows, flaws)];
    all.push(...flaws.map((flaw) => ({ ...flaw, source: name })));
    return items;
  });
  const splits = new Map(rows.flatMap(({ media, split }) => (split ? [[media, split] as const] : [])));
  const placed = rows.map((item): Item => {
    const split = item.split ?? splits.get(item.media);
    return split ? { ...item, split } : item;
  });
  const items = mergeItems(placed, all);
  return { items: withSplits(items, all), flaws: all, leftOut };
}

/** If any item has a split, only those that have one; the others are flaws. */
function withSplits(items: readonly Item[], flaws: Flaw[]): readonly Item[] {
  if (!items.some((item) => item.split)) return items;
  for (const { line, media, split } of items)
    if (!split) flaws.push({ line, media, what: 'has no split, others have', got: 'nothing', expected: SPLIT_WORDS });
  return items.filter((item) => item.split);
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
  const captions = readCaptions(captionValues(row, media, flaws), { line, media }, flaws);
  const questions = readQuestions(row, media, flaws);
  const split = splitNamed(row.split);
  if (isGiven(row.split) && !split) {
    flaws.push({ line, media, what: 'has an unknown split', got: show(row.split), expected: SPLIT_WORDS });
    return undefined;
  }
  if (captions.length === 0 && questions.length === 0) return undefined;
  const id = isGiven(row.id) ? wordsOf(row.id) : media;
  if (id === undefined) {
    flaws.push({ line, media, what: 'has an id that is no text', got: show(row.id), expected: 'words or a number' });
    return undefined;
  }
  return { id, ...found, captions, questions, line, ...(split && { split }) };
}

/** The path, and whether it is of an image or a clip: by the field's name, or by the path. */
function readMedia({ image, video, media }: Row): Pick<Item, 'media' | 'kind'> | undefined {
  const path = image ?? video ?? media;
  if (typeof path !== 'string' || path.trim() === '') return undefined;
  const named: MediaKind | false = isGiven(image) ? 'image' : isGiven(video) && 'video';
  return { media: tidy(path), kind: named || kindOf(path) };
}

/**
 * What stands as captions, lists in a text taken apart; a list that is cut off is a flaw. None where there are questions
 * instead; otherwise nothing at all is a caption that is missing.
 */
function captionValues(row: Row, media: string, flaws: Flaw[]): readonly unknown[] {
  const given = listOf(row.caption);
  const list = given.flatMap((value) => (typeof value === 'string' ? (listIn(value) ?? [value]) : [value]));
  const broken = list.filter((value) => typeof value === 'string' && isBrokenList(value));
  for (const got of broken)
    flaws.push({ line: row.line, media, what: 'holds a list that is cut off', got: show(got), expected: "['…', '…']" });
  const whole = list.filter((value) => !broken.includes(value));
  return whole.length > 0 || broken.length > 0 || isAsked(row) ? whole : [row.caption];
}
