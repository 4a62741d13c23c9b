// Texts searched in the index of a folder, by name: what `uniadapter search --index` does.

import { realpath } from 'node:fs/promises';
import type { Reranking } from '../evaluate/index.js';
import { rerankingOf } from '../evaluate/index.js';
import { refuse } from '../files/files.js';
import type { Hit } from './folder-search.js';
import { libraryName } from './place.js';
import { rankingOf } from './ranking.js';
import { pathOf } from './scan.js';
import { type LibraryHit, searchLibrary } from './search.js';
import { openTools } from './tools.js';

export interface IndexedSearchOptions {
  readonly folder: string;
  /** As {@link IndexFolderOptions} of the index. */
  readonly adapter: string | null;
  readonly backbone?: string | undefined;
  readonly store?: string | undefined;
  readonly name?: string | undefined;
  /** As of {@link SearchOptions}. */
  readonly rerank?: number;
}

export interface IndexedHit extends Omit<Hit, 'match'> {
  /** Null where the matching head did not look. */
  readonly match: number | null;
}

export interface IndexedSearch {
  readonly reranking: Reranking;
  search(text: string, k: number): Promise<readonly IndexedHit[]>;
  close(): Promise<void>;
}

/** Hits that are looked at closer, as many as there are to be shown, but at least so many. */
const RERANK = 16;

/** @throws missing  when the folder has no index under this model, as soon as it is searched */
export async function openIndexedSearch(options: IndexedSearchOptions): Promise<IndexedSearch> {
  const { folder, adapter } = options;
  const root = await realpath(folder).catch((error) => refuse(error, folder, 0));
  const library = { name: options.name ?? libraryName(folder), root };
  const { close, ...opened } = await openTools(options);
  const reranking =
    options.rerank === undefined
      ? (await rankingOf(adapter, opened.backbone)).reranking
      : rerankingOf(options.rerank, null);
  const tools = { ...opened, adapter, signal: new AbortController().signal };
  return {
    reranking,
    async search(text, k) {
      const wanted = {
        find: 'media',
        filter: {},
        limit: k,
        offset: 0,
        rerank: reranking.isOn ? Math.max(options.rerank ?? RERANK, k) : 0,
        exact: false,
      } as const;
      let hits: readonly LibraryHit[] = [];
      for await (const result of searchLibrary(library, { query: { text }, ...wanted }, tools)) hits = result.hits;
      return hits.map(({ path, rank, firstRank, similarity, match, frameWeights }) => ({
        ...{ path: pathOf(root, path), rank, similarity, match, firstStageRank: firstRank },
        ...(frameWeights && { frameWeights }),
      }));
    },
    close,
  };
}
