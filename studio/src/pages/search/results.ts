// What the server finds: the first stage as soon as it is there, then the second.

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SearchRequest, SearchResult } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { MINUTE_MS } from '../../api/queries.js';

export interface Stages {
  readonly first: SearchResult;
  /** Null while the second stage is under way. */
  readonly final: SearchResult | null;
}

export interface Results {
  readonly stages: Stages | undefined;
  /** Whether `stages` answers an earlier question, until this one is answered. */
  readonly isOld: boolean;
  readonly isSearching: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Every question has answers of its own, so that a late one never takes the place of a newer one. @param request  null: nothing is asked */
export function useResults(request: SearchRequest | null): Results {
  const cache = useQueryClient();
  const queryKey = ['search', request];
  const query = useQuery<Stages>({
    queryKey,
    enabled: request !== null,
    // half an answer is asked for again
    staleTime: ({ state }) => (state.data?.final ? MINUTE_MS / 2 : 0),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const came: SearchResult[] = [];
      for await (const result of client.search(request as SearchRequest, signal)) {
        came.push(result);
        cache.setQueryData(queryKey, stagesOf(came));
      }
      return stagesOf(came);
    },
  });
  return {
    stages: request === null ? undefined : query.data,
    isOld: query.isPlaceholderData,
    isSearching: query.isFetching,
    error: query.error,
    retry: () => void query.refetch(),
  };
}

function stagesOf(came: readonly SearchResult[]): Stages {
  const [first] = came;
  // as when the server does not answer
  if (!first) throw new TypeError('the answer ended before it began');
  return { first, final: came.find(({ stage }) => stage === 'final') ?? null };
}

/** What of the two stages a page shows. */
export const shown = ({ first, final }: Stages, stage: 'first' | 'final'): SearchResult =>
  stage === 'first' ? first : (final ?? first);
