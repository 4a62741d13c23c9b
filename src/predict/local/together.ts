// Items of a batch that look at files, computed at once: as many as a program takes, and those with as many frames.

import { chunksOf, grouped } from '../../data/items/index.js';
import { sizeFor } from './batch-sizes.js';
import type { Looking, Seen } from './looking.js';
import type { Outcome } from './messages.js';
import type { ServedModel } from './model.js';
import type { Frames } from './programs.js';

/** Items that are computed at once, and what they look at. */
export interface Together<T> {
  readonly frames: Frames;
  readonly items: readonly T[];
  /** Number of the file of each. */
  readonly media: readonly number[];
  /** Files, and items, that the program takes. */
  readonly batch: number;
  readonly size: number;
  /** f32 [F·N, D] of a file. */
  readonly tokens: (media: number) => Promise<Float32Array>;
}

export interface Looked<T, R> {
  readonly fileOf: (item: T) => string;
  /** At most; default as many as items. */
  readonly filesAtOnce?: number;
  /** @returns what comes of each item */
  readonly look: (together: Together<T>) => Promise<readonly R[]>;
}

/** An item whose file could be read. */
interface Sighted<T> {
  /** Its number. */
  readonly i: number;
  readonly item: T;
  readonly seen: Seen;
}

/** Encodes the files of items and computes what can be computed; the others get the error of their file. */
export async function lookTogether<T, R>(
  { model, looking }: { readonly model: ServedModel; readonly looking: Looking },
  items: readonly T[],
  { fileOf, filesAtOnce = Number.POSITIVE_INFINITY, look }: Looked<T, R>,
): Promise<readonly Outcome<R>[]> {
  const found = await looking.tokens(model, items.map(fileOf));
  const outcomes: Outcome<R>[] = [];
  const sighted: Sighted<T>[] = [];
  for (const [i, item] of items.entries()) {
    const outcome = found.get(fileOf(item)) as Outcome<Seen>;
    if ('error' in outcome) outcomes[i] = outcome;
    else sighted.push({ i, item, seen: outcome.value });
  }
  for (const [frames, members] of grouped(sighted, ({ seen }) => seen.frames))
    for (const some of piecesOf(members, model.seenAtOnce(frames), filesAtOnce)) {
      const results = await look(together(some, { frames, filesAtOnce }));
      for (const [at, { i }] of some.entries()) outcomes[i] = { value: results[at] as R };
    }
  return outcomes;
}

/** Pieces of at most so many items and files; items of one file follow each other. */
function piecesOf<T>(all: readonly Sighted<T>[], items: number, files: number): readonly (readonly Sighted<T>[])[] {
  const byFile = [...grouped(all, ({ seen }) => seen).values()];
  return [...chunksOf(byFile, files)].flatMap((some) => [...chunksOf(some.flat(), items)]);
}

function together<T>(
  some: readonly Sighted<T>[],
  { frames, filesAtOnce }: { readonly frames: Frames; readonly filesAtOnce: number },
): Together<T> {
  const files = [...new Set(some.map(({ seen }) => seen))];
  const size = sizeFor(some.length);
  return {
    ...{ frames, size, batch: files.length === 1 ? 1 : Math.min(size, filesAtOnce) },
    items: some.map(({ item }) => item),
    media: some.map(({ seen }) => files.indexOf(seen)),
    tokens: async (media) => (files[media] as Seen).tokens,
  };
}
