// Files to look at, given by hand or found in a folder, as a set without captions.

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { framesOf } from '../../data/dataset/open.js';
import type { Pixels } from '../../data/image/index.js';
import type { Item, LeftOut, MediaSet } from '../../data/items/index.js';
import { mediaKind } from '../../data/media/kind.js';
import { failEmptyFolder, walk } from '../../data/media/walk.js';
import { fail, UniAdapterError } from '../../error/index.js';
import { type Open, openFile } from '../../files/opened.js';
import { createDecoder } from '../../node/media/decoder.js';
import type { Adapter } from '../../weights/store/adapter-folder.js';
import { trainedFrames } from './load.js';
import type { OnUnreadable } from './options.js';

export interface Below {
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/** All images and clips below a folder; a file is itself. @throws `file`, or `data` when there are none */
export async function mediaBelow(path: string): Promise<Below> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) =>
    fail('file', { where: path, what: 'cannot be opened', got: String(cause.code), cause }),
  );
  if (!info.isDirectory()) return { files: [resolve(path)], leftOut: [] };
  const { media, leftOut } = await walk(path);
  if (media.length === 0) failEmptyFolder(path, { leftOut });
  return { files: media.map((name) => resolve(join(path, name))), leftOut };
}

/** Files as a set. @param open  how they are opened; default: links are followed */
export async function mediaSet(files: readonly string[], open: Open = openFile): Promise<MediaSet> {
  const decoder = createDecoder(open);
  const items: Item[] = [];
  for (const [i, media] of files.entries())
    items.push({ id: media, media, kind: await mediaKind(media, open), captions: [], questions: [], line: i + 1 });
  return { items, frames: (index, positions) => decoder.frames(files[index] as string, positions) };
}

/** Those of some files that are images or clips; the others are told. */
export async function readableKinds(files: readonly string[], onUnreadable: OnUnreadable): Promise<readonly string[]> {
  const readable: string[] = [];
  for (const file of files)
    await mediaKind(file).then(
      () => readable.push(file),
      (error: unknown) => {
        if (!(error instanceof UniAdapterError)) throw error;
        onUnreadable(file, error);
      },
    );
  return readable;
}

/** A set in which what cannot be decoded becomes black squares and is remembered, with the error. */
export function forgiving(set: MediaSet): {
  readonly set: MediaSet;
  /** By number of an item; more may come as more is decoded. */
  readonly errors: ReadonlyMap<number, UniAdapterError>;
} {
  const errors = new Map<number, UniAdapterError>();
  const frames: MediaSet['frames'] = (index, positions) =>
    set.frames(index, positions).catch((error: unknown) => {
      if (!(error instanceof UniAdapterError)) throw error;
      errors.set(index, error);
      return positions.map(() => blank);
    });
  return { set: { items: set.items, frames }, errors };
}

const blank: Pixels = { width: 1, height: 1, data: new Uint8Array(3) };

/** F for a library: as asked for, as the adapter was evaluated, or as its files suggest. */
export function framesFor(set: MediaSet, adapter: Adapter | null, asked: number | undefined): number | null {
  if (asked !== undefined) return asked;
  if (!adapter) return framesOf({ frames: 'auto', testFrames: null }, set.items).testFrames;
  const frames = trainedFrames(adapter.recipe);
  return frames === null ? null : (adapter.recipe.data.testFrames ?? frames);
}
