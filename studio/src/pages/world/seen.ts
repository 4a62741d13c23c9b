// What was right and wrong on the seeds that were looked at, kept while the studio is open.

import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { Drawing } from './drawing.js';
import type { Outcome } from './tally.js';

export type World = Pick<Drawing, 'domain' | 'kind'>;
type BySeed = Readonly<Record<number, Outcome>>;

const seenQuery = (adapter: string, { domain, kind }: World) => ({
  queryKey: ['world-seen', adapter, domain, kind],
  queryFn: (): BySeed => ({}),
  initialData: {} as BySeed,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Outcomes of one model in one world. */
export function useSeen(adapter: string, world: World): readonly Outcome[] {
  return Object.values(useQuery(seenQuery(adapter, world)).data);
}

/** Keeps an outcome; the first of a seed counts. */
export function record(queries: QueryClient, adapter: string, drawing: Drawing, outcome: Outcome): void {
  const { queryKey } = seenQuery(adapter, drawing);
  const seen = queries.getQueryData<BySeed>(queryKey) ?? {};
  if (!(drawing.seed in seen)) queries.setQueryData<BySeed>(queryKey, { ...seen, [drawing.seed]: outcome });
}

/** Begins to count anew. */
export const forget = (queries: QueryClient): Promise<void> => queries.resetQueries({ queryKey: ['world-seen'] });
