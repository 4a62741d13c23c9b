// Answers and captions as they were given, kept while the studio is open, and the questions asked about each media.

import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { client } from '../../api/client.js';
import { type Media, refText } from '../../parts/media.js';

/** A model gives the same answer every time; an upload is gone after an hour. */
const KEPT = { staleTime: Number.POSITIVE_INFINITY, gcTime: 60 * 60_000 } as const;
const ANSWERS = 5;

export const answerQuery = (adapter: string, { ref }: Media, question: string) =>
  queryOptions({
    ...KEPT,
    queryKey: ['answer', adapter, refText(ref), question],
    queryFn: async ({ signal }) => {
      const request = { adapter, media: ref, questions: [question], answers: ANSWERS, attention: true };
      const { answered, seconds } = await client.ask(request, signal);
      return { answered: answered[0] ?? { question, answers: [] }, seconds };
    },
  });

export const captionQuery = (adapter: string, { ref }: Media) =>
  queryOptions({
    ...KEPT,
    queryKey: ['caption', adapter, refText(ref)],
    queryFn: async ({ signal }) => (await client.caption({ adapter, media: [ref] }, signal)).captions[0] ?? '',
  });

const askedQuery = ({ ref }: Media) =>
  queryOptions({
    ...KEPT,
    queryKey: ['asked', refText(ref)],
    queryFn: (): readonly string[] => [],
    initialData: [],
  });

/** The questions that were asked about media, the newest first. */
export const useAsked = (media: Media): readonly string[] => useQuery(askedQuery(media)).data;

/** Remembers a question; one that was asked before moves to the front. */
export function remember(queries: QueryClient, media: Media, question: string): void {
  const { queryKey } = askedQuery(media);
  const others = (queries.getQueryData(queryKey) ?? []).filter((other) => other !== question);
  queries.setQueryData(queryKey, [question, ...others]);
}
