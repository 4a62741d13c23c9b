// The index of a folder from nothing but names: what `uniadapter index` does.

import type { IndexFolderOptions } from '../verbs/types.js';
import { checkLibrary, indexLibrary } from './build.js';
import type { IndexEvent } from './events.js';
import { libraryName } from './place.js';
import { openTools } from './tools.js';

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
