// Annotation files as they come: lists of JSON objects, read entry by entry, in which everything unusable is a flaw.
import type { Flaw } from '../items/flaw.js';
import type { Item, Split } from '../items/item.js';
import { type Fields, isFields, parseJson, show, wordsOf } from '../items/values.js';

export interface Annotations {
  /** The file's name, for messages. */
  readonly name: string;
  /** Its content. */
  readonly text: string;
}

/** A file that is about one split. */
export interface Part {
  readonly split: Split;
  readonly file: Annotations;
}

/** One object of a file. */
export interface Entry {
  readonly fields: Fields;
  /** Its number, from 1. */
  readonly line: number;
  readonly source: string;
  readonly flaws: Flaw[];
}

/** The content of a JSON file; a flaw and nothing if it is not JSON. */
export function jsonOf({ name, text }: Annotations, flaws: Flaw[]): unknown {
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  if (value === undefined)
    flaws.push({ line: 1, source: name, what: 'is not JSON', got: text.slice(0, 60), expected: 'a complete file' });
  return value;
}

/**
 * The objects of a JSON list.
 *
 * @param key  under which the list stands in the file; null if it is the file itself
 */
export function entriesOf(file: Annotations, key: string | null, flaws: Flaw[]): Entry[] {
  const content = jsonOf(file, flaws);
  return content === undefined ? [] : entriesUnder(content, key, { source: file.name, flaws });
}

/** The same of a file that is read already. */
export function entriesUnder(content: unknown, key: string | null, of: Pick<Entry, 'source' | 'flaws'>): Entry[] {
  const list = key === null ? content : isFields(content) ? content[key] : undefined;
  if (!Array.isArray(list)) {
    const expected = key === null ? 'a list' : `a list under "${key}"`;
    of.flaws.push({ line: 1, source: of.source, what: 'is of another form', got: typeOf(list ?? content), expected });
    return [];
  }
  return list.flatMap((fields: unknown, i) => entryOf(fields, i + 1, of) ?? []);
}

/** The objects of a file with one on each line. */
export function lineEntriesOf({ name, text }: Annotations, flaws: Flaw[]): Entry[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return [];
    return entryOf(parseJson(line) ?? line, i + 1, { source: name, flaws }) ?? [];
  });
}

function entryOf(fields: unknown, line: number, { source, flaws }: Pick<Entry, 'source' | 'flaws'>): Entry | undefined {
  if (isFields(fields)) return { fields, line, source, flaws };
  flaws.push({ line, source, what: 'is no entry', got: show(fields), expected: 'a JSON object' });
  return undefined;
}

/** The text or number under a key; its absence is a flaw. */
export function wordsAt(entry: Entry, key: string, media?: string): string | undefined {
  const words = wordsOf(entry.fields[key]);
  if (words === undefined)
    flawAt(entry, { what: `has no ${key}`, got: show(entry.fields[key]), expected: 'words' }, media);
  return words;
}

/** Notes what is wrong with an entry. */
export function flawAt(
  { line, source, flaws }: Entry,
  flaw: Pick<Flaw, 'what' | 'got' | 'expected'>,
  media?: string,
): void {
  flaws.push({ line, source, ...(media !== undefined && { media }), ...flaw });
}

/** An item with what most have in common. */
export const itemOf = ({ line }: Entry, item: Pick<Item, 'id' | 'media' | 'kind'> & Partial<Item>): Item => ({
  ...{ captions: [], questions: [], line },
  ...item,
});

const typeOf = (value: unknown): string =>
  Array.isArray(value) ? 'a list' : isFields(value) ? 'an object' : show(value);

/** What an image is known by: COCO's number where the file's name has it, the name without its ending otherwise. */
export function imageIdOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const [, number] = /^COCO_\w+_(\d{12})$/.exec(name) ?? [];
  return number === undefined ? name : String(Number(number));
}
