// What has to be done so that an index holds what the library holds: a comparison of rows that are there with rows that
// should be. A vector belongs to a content, or to the text of a caption, so a file that moved or was copied keeps its own.

import { createHash } from 'node:crypto';
import type { LibraryFile } from './scan.js';
import type { KnownRow } from './types.js';

/** A file with the SHA-256 of what it holds; or why it cannot be read. */
export interface HashedFile extends LibraryFile {
  /** Empty where it cannot be read. */
  readonly content: string;
  readonly problem: string | null;
}

export interface Changes {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly moved: number;
  readonly unchanged: number;
  readonly unreadable: number;
}
export type Change = 'added' | 'changed' | 'moved' | 'unchanged';

/** A row that should be there. */
export interface WantedRow extends KnownRow {
  /** Of media: how it differs from before; of captions always `unchanged`. */
  readonly change: Change;
}

export interface Plan {
  /** Of files. */
  readonly changes: Changes;
  /** Rows whose vector is that of a row that is there. */
  readonly copies: readonly { readonly row: WantedRow; readonly from: string }[];
  /** Files known to be unreadable, for the first time, or under another path. */
  readonly unreadable: readonly WantedRow[];
  /** Rows whose vector has to be computed; those in one list have the same. */
  readonly files: readonly (readonly WantedRow[])[];
  readonly captions: readonly (readonly WantedRow[])[];
  /** Ids of rows that should not be there any more. */
  readonly remove: readonly string[];
}

/** @param retry  whether to try files again that could not be read, though they did not change */
export function planOf(known: readonly KnownRow[], files: readonly HashedFile[], retry = false): Plan {
  const before = new Map(known.map((row) => [row.id, row]));
  const sources = new Map(known.filter(({ of }) => of !== 'unreadable').map((row) => [sourceOf(row), row]));
  const broken = new Map(known.filter(({ of }) => of === 'unreadable' && !retry).map((row) => [sourceOf(row), row]));
  const ids = new Set(files.map(({ id }) => id));
  const changeOf = (row: KnownRow): Change => {
    if (before.has(row.id)) return before.get(row.id)?.content === row.content ? 'unchanged' : 'changed';
    const from = sources.get(sourceOf(row));
    return from && !ids.has(from.item) ? 'moved' : 'added';
  };
  const wanted = files
    .flatMap((file) => rowsOf(file, broken))
    .map((row): WantedRow => {
      return { ...row, change: row.of === 'media' ? changeOf(row) : 'unchanged' };
    });
  const fresh = wanted.filter((row) => !isSame(row, before.get(row.id)));
  const readable = fresh.filter(({ of }) => of !== 'unreadable');
  const encode = readable.filter((row) => !sources.has(sourceOf(row)));
  const there = new Set(wanted.map(({ id }) => id));
  return {
    changes: changesOf(known, wanted, ids),
    copies: readable.flatMap((row) => {
      const from = sources.get(sourceOf(row));
      return from ? [{ row, from: from.id }] : [];
    }),
    unreadable: fresh.filter(({ of }) => of === 'unreadable'),
    files: bySource(encode.filter(({ of }) => of === 'media')),
    captions: bySource(encode.filter(({ of }) => of === 'caption')),
    remove: known.filter(({ id }) => !there.has(id)).map(({ id }) => id),
  };
}

/** The row of a file that cannot be read, in the place of that of its vector. */
export const unreadableRow = <Row extends KnownRow>(media: Row, problem: string): Row => ({
  ...media,
  ...{ id: `${media.item}.unreadable`, of: 'unreadable', text: problem },
});

export const captionId = (item: string, caption: string): string =>
  `${item}.${createHash('sha256').update(caption).digest('hex').slice(0, 16)}`;

function rowsOf(file: HashedFile, broken: ReadonlyMap<string, KnownRow>): KnownRow[] {
  const { id: item, kind, path, bytes, modified, content, captions } = file;
  const media = { id: item, item, of: 'media', kind, path, bytes, modified, content, text: '' } as const;
  const problem = file.problem ?? broken.get(sourceOf(media))?.text;
  if (problem !== undefined) return [unreadableRow<KnownRow>(media, problem)];
  return [media, ...captions.map((text) => ({ ...media, id: captionId(item, text), of: 'caption' as const, text }))];
}

/** What the vector of a row depends on beside the model: a name decides whether a file is looked at as a clip. */
const sourceOf = ({ of, kind, content, text }: KnownRow): string =>
  of === 'caption' ? `caption ${text}` : `${kind} ${content}`;

const COMPARED = ['of', 'kind', 'path', 'bytes', 'modified', 'content', 'text'] as const;

const isSame = (row: KnownRow, before: KnownRow | undefined): boolean =>
  before !== undefined && COMPARED.every((name) => row[name] === before[name]);

function bySource(rows: readonly WantedRow[]): readonly (readonly WantedRow[])[] {
  const groups = new Map<string, WantedRow[]>();
  for (const row of rows) {
    const group = groups.get(sourceOf(row));
    if (group) group.push(row);
    else groups.set(sourceOf(row), [row]);
  }
  return [...groups.values()];
}

/** @param ids  of the files that are there now */
function changesOf(known: readonly KnownRow[], wanted: readonly WantedRow[], ids: ReadonlySet<string>): Changes {
  const media = wanted.filter(({ of }) => of === 'media');
  const counted = (change: Change) => media.filter((row) => row.change === change).length;
  const gone = known.filter(({ of, item }) => of === 'media' && !ids.has(item)).length;
  const moved = counted('moved');
  return {
    ...{ added: counted('added'), changed: counted('changed'), moved, unchanged: counted('unchanged') },
    removed: Math.max(0, gone - moved),
    unreadable: wanted.filter(({ of }) => of === 'unreadable').length,
  };
}
