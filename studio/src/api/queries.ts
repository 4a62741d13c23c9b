// What pages ask again and again, kept for a while.

import { QueryClient, queryOptions } from '@tanstack/react-query';
import { UniAdapterError } from '../../../src/error/index.js';
import { client } from './client.js';

/** The backbone without any adapter, in requests. */
export const NO_ADAPTER = 'none';

export const MINUTE_MS = 60_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: MINUTE_MS / 2,
      // what the server refuses with a reason it will refuse again
      retry: (failures, error) => failures < 2 && !(error instanceof UniAdapterError),
    },
  },
});

export const infoQuery = queryOptions({
  queryKey: ['info'],
  queryFn: ({ signal }) => client.info(signal),
  staleTime: 10 * MINUTE_MS,
});

export const librariesQuery = queryOptions({
  queryKey: ['libraries'],
  queryFn: ({ signal }) => client.libraries(signal),
});

export const adaptersQuery = queryOptions({
  queryKey: ['adapters'],
  queryFn: ({ signal }) => client.adapters(signal),
});

/** Details of one adapter. */
export const adapterQuery = (name: string) =>
  queryOptions({ queryKey: ['adapters', name], queryFn: ({ signal }) => client.adapter(name, signal) });

export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: ({ signal }) => client.datasets(signal),
});

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: ({ signal }) => client.jobs(signal),
  staleTime: 0,
});
