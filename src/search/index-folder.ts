// The index of a folder: what `uniadapter index` does.

import { checkLibrary, indexLibrary } from './build.js';
import type { IndexEvent } from './events.js';
import { libraryName } from './place.js';
import { openTools } from './tools.js';

export interface IndexFolderOptions {
  readonly folder: string;
  /** An adapter folder that was trained for retrieval; null is the backbone alone. */
  readonly adapter: string | null;
  /** A shipped backbone or a folder. Default: the adapter's, or `tiny`. */
  readonly backbone?: string | undefined;
  /** Address of the store. Default: a folder in the user's cache, one for each library. */
  readonly store?: string | undefined;
  /** Default: the folder's name. */
  readonly name?: string | undefined;
  /** Only tells what would be done. Default false. */
  readonly check?: boolean | undefined;
  /** Tries unreadable files again. Default false. */
  readonly retry?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Brings the index of a folder up to date. @throws as {@link openStore} and {@link indexLibrary} */
export async function* indexFolder(options: IndexFolderOptions): AsyncGenerator<IndexEvent> {
  const { folder, adapter, signal, check = false, retry = false } = options;
  const library = { folder, name: options.name ?? libraryName(folder) };
  const { engine, store, close } = await openTools(options);
  try {
    yield* (check ? checkLibrary : indexLibrary)(library, { engine, store, adapter, signal, retry });
  } finally {
    await close();
  }
}
