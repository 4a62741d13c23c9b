// A search of the API as a search in an index, and its result as the API tells it.

import { rerankingText } from '../evaluate/index.js';
import {
  type LibraryHit,
  type LibraryQuery,
  type LibrarySearch,
  type SearchTools,
  searchLibrary,
} from '../search/search.js';
import type { Hit, SearchRequest, SearchResult } from '../server/index.js';
import { itemOf, type Libraries } from './libraries/libraries.js';
import { refuseUsed, type Used } from './libraries/used.js';

export interface SearchingTools extends Used, Omit<SearchTools, 'adapter' | 'signal'> {
  readonly libraries: Libraries;
}

/** Yields the first stage where a second follows, then the final result. */
export async function* search(
  request: SearchRequest,
  { libraries, adapters, mediaFile, ...tools }: SearchingTools,
  signal: AbortSignal,
): AsyncGenerator<SearchResult> {
  const { library, adapter } = request;
  const { root } = await libraries.scan(library);
  const query = await queryOf(request, { libraries, mediaFile });
  const search = { ...request, query, filter: filterOf(request) };
  const hitOf = hitsIn(library, await libraries.captionsOf(library));
  const { indexName } = libraries.place(library);
  const found = searchLibrary({ name: indexName, root }, search, {
    ...{
      engine: tools.engine,
      store: tools.store,
      backbone: tools.backbone,
      adapter: await adapters.choice(adapter),
      signal,
    },
  });
  const media = 'media' in request.query ? [request.query.media] : [];
  try {
    for await (const result of found)
      yield { adapter, ...result, reranking: rerankingText(result.reranking), hits: result.hits.map(hitOf) };
  } catch (error) {
    await refuseUsed(error, { adapter, media }, { adapters, mediaFile });
  }
}

async function queryOf(
  { query, library }: SearchRequest,
  { libraries, mediaFile }: Pick<SearchingTools, 'libraries' | 'mediaFile'>,
): Promise<LibraryQuery> {
  if ('text' in query) return query;
  const { media } = query;
  if ('library' in media && media.library === library)
    return { item: media.item, path: (await libraries.item(library, media.item)).path };
  return { file: (await mediaFile(media)).path };
}

function filterOf({ filter: { folder, kind, from, until } }: SearchRequest): LibrarySearch['filter'] {
  const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  return { folder, kind, from: time(from), until: time(until) };
}

const hitsIn =
  (library: string, captionsOf: (id: string) => readonly string[]) =>
  ({ item: id, of, text, path, kind, bytes, modified, ...hit }: LibraryHit): Hit => ({
    rank: hit.rank,
    item: itemOf(library, { id, path, kind, bytes, modified, captions: captionsOf(id) }),
    ...(of === 'caption' && { caption: text }),
    ...{ similarity: hit.similarity, firstRank: hit.firstRank, match: hit.match, probability: hit.probability },
    ...(hit.frameWeights && { frameWeights: [...hit.frameWeights] }),
  });
