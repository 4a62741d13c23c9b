// What an index is made and searched with, opened by name.

import { openStore } from '../node/vectors/open-store.js';
import type { AdapterChoice, Engine } from '../predict/local/types.js';
import { defaultStore } from './place.js';
import { backboneFor } from './ranking.js';
import type { VectorStore } from './types.js';

export interface ToolNames {
  readonly folder: string;
  readonly adapter: AdapterChoice;
  /** Default: the adapter's, or `tiny`. */
  readonly backbone?: string | undefined;
  /** Default: a folder in the user's cache. */
  readonly store?: string | undefined;
}

export interface Tools {
  readonly engine: Engine;
  readonly store: VectorStore;
  /** By name. */
  readonly backbone: string;
  close(): Promise<void>;
}

/** @throws file, format, recipe or runtime  when the model or the store cannot be opened; nothing stays open then */
export async function openTools({ folder, adapter, store: address, ...names }: ToolNames): Promise<Tools> {
  const backbone = names.backbone ?? (await backboneFor(adapter));
  const { openEngine } = await import('../predict/engine/engine.js'); // here, since other commands do without
  const engine = await openEngine({ backbone });
  try {
    const store = await openStore(address ?? defaultStore(folder));
    return {
      engine,
      store,
      backbone,
      async close() {
        await Promise.all([engine.close(), store.close()]);
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
