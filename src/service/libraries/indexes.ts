// The indexes that libraries have, one for each adapter.

import type { Engine } from '../../predict/local/types.js';
import { type IndexInfo, listIndexes } from '../../search/index-table.js';
import type { Scan } from '../../search/scan.js';
import type { VectorStore } from '../../search/types.js';
import type { Library } from '../../server/index.js';
import type { Adapters } from '../adapters/adapters.js';
import type { Place } from './libraries.js';

export interface IndexTools {
  readonly engine: Pick<Engine, 'identity'>;
  readonly store: VectorStore;
  readonly adapters: Pick<Adapters, 'choice'>;
}

/** Those of a library, as they are beside its files now. */
export async function indexesOf({ indexName }: Place, scan: Scan, tools: IndexTools): Promise<Library['indexes']> {
  const own = (await listIndexes(tools.store)).filter(({ library }) => library === indexName);
  return Promise.all(own.map((index) => describe(index, scan, tools)));
}

async function describe(index: IndexInfo, { files }: Scan, tools: IndexTools): Promise<Library['indexes'][number]> {
  const table = await tools.store.table(index.table, index.width, {});
  const [items, captions, unreadable] = await Promise.all(
    (['media', 'caption', 'unreadable'] as const).map((of) => table.count({ of })),
  );
  const updated = index.updated?.getTime() ?? 0;
  const isComplete =
    (items ?? 0) + (unreadable ?? 0) === files.length && files.every((file) => file.modified <= updated);
  return {
    ...{ adapter: index.adapter, items: items ?? 0, captions: captions ?? 0, unreadable: unreadable ?? 0 },
    isCurrent: isComplete && (await isOfThese(index, tools)),
    updated: new Date(updated).toISOString(),
  };
}

/** Whether an index was made with what the adapter of its name is now. */
async function isOfThese({ adapter, key }: IndexInfo, { engine, adapters }: IndexTools): Promise<boolean> {
  try {
    return (await engine.identity(await adapters.choice(adapter))).key === key;
  } catch {
    return false; // there is no such adapter any more, or it does not retrieve
  }
}

/** Drops the indexes that an adapter, which is deleted, has of these libraries; a store may hold those of others. */
export async function dropIndexes(adapter: string, libraries: readonly Place[], store: VectorStore): Promise<void> {
  const own = new Set(libraries.map(({ indexName }) => indexName));
  for (const { adapter: of, library, table } of await listIndexes(store))
    if (of === adapter && own.has(library)) await store.drop(table);
}
