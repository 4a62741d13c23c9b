// The index of a folder from nothing but names: what `uniadapter index` does.

import type { IndexFolderOptions } from '../run/types.js';
import { checkLibrary, indexLibrary } from './build.js';
import type { IndexEvent } from './events.js';
import { openStore } from './open-store.js';
import { defaultStore, libraryName } from './place.js';
import { backboneFor } from './ranking.js';

/** Brings the index of a folder up to date. @throws as {@link openStore} and {@link indexLibrary} */
export async function* indexFolder(options: IndexFolderOptions): AsyncGenerator<IndexEvent> {
  const { folder, adapter, signal, check = false, retry = false } = options;
  const library = { folder, name: options.name ?? libraryName(folder) };
  const store = await openStore(options.store ?? defaultStore(folder));
  const { openEngine } = await import('../engine/engine.js'); // here, since other commands do without
  const engine = await openEngine({ backbone: options.backbone ?? (await backboneFor(adapter)) });
  try {
    yield* (check ? checkLibrary : indexLibrary)(library, { engine, store, adapter, signal, retry });
  } finally {
    await Promise.all([engine.close(), store.close()]);
  }
}
