// What a model says about a drawing: its answers, and how it ranks the true caption among those of other seeds.

import { skipToken, useQueries, useQuery } from '@tanstack/react-query';
import type { AskResult, Drawn } from '../../../../src/server/schema/index.js';
import { client } from '../../api/client.js';
import { useAble } from '../../parts/able.js';
import { isSame } from '../../parts/answers.js';
import { type Drawing, seedAfter } from './drawing.js';
import { candidatesOf, type Ranked, rank, rankOfTrue } from './ranking.js';
import type { Outcome } from './tally.js';

const ANSWERING = ['answering'] as const;
const RETRIEVAL = ['retrieval'] as const;

/** Pixels a side: as large as is shown; and for drawings of which only the caption is wanted. */
const SIZE = 512;
const SMALL = 32;
/** Captions of other seeds that the true one is ranked among. */
const OTHERS = 9;
/** Drawings are uploads, which the server keeps for an hour. */
const DRAWN_FOR_MS = 30 * 60_000;

export const drawQuery = (drawing: Drawing, size = SIZE) => ({
  queryKey: ['draw', drawing, size],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => client.draw({ ...drawing, size }, signal),
  staleTime: DRAWN_FOR_MS,
  gcTime: DRAWN_FOR_MS,
});

/** First captions of the seeds that follow; undefined until all are there. */
export function useOtherCaptions({ domain, kind, seed }: Drawing): readonly string[] | undefined {
  const drawings = Array.from({ length: OTHERS }, (_, i) => ({ domain, kind, seed: seedAfter(seed, i + 1) }));
  const all = useQueries({ queries: drawings.map((drawing) => drawQuery(drawing, SMALL)) });
  const captions = all.flatMap(({ data }) => data?.captions[0] ?? []);
  return captions.length === OTHERS ? captions : undefined;
}

/** `silent` when the model was not trained for it; null while it thinks. */
export type Said<T> = T | 'silent' | null;

export interface Opinion {
  readonly answers: Said<AskResult>;
  readonly ranked: Said<readonly Ranked[]>;
  readonly error: unknown;
  readonly retry: () => void;
}

export function useOpinion(adapter: string, drawn: Drawn | undefined, others: readonly string[] | undefined): Opinion {
  const does = useAbilities(adapter);
  const media = drawn && { upload: drawn.media.upload };
  const questions = drawn?.questions.map(({ question }) => question) ?? [];
  const answers = useQuery({
    queryKey: ['world-answers', adapter, media],
    queryFn:
      media && does.answering && questions.length > 0
        ? ({ signal }) => client.ask({ adapter, media, questions, answers: 1 }, signal)
        : skipToken,
    staleTime: DRAWN_FOR_MS,
  });
  const candidates = drawn && others ? candidatesOf(drawn.captions[0] ?? '', others) : [];
  const texts = candidates.map(({ caption }) => caption);
  const ranked = useQuery({
    queryKey: ['world-ranking', adapter, media, texts],
    queryFn:
      media && does.retrieval && texts.length > 0
        ? async ({ signal }) => {
            const features = await client.embed({ adapter, texts, media: [media] }, signal);
            return rank(candidates, features.texts, features.media[0] ?? []);
          }
        : skipToken,
    staleTime: DRAWN_FOR_MS,
  });
  return {
    answers: does.answering === false ? 'silent' : (answers.data ?? null),
    ranked: does.retrieval === false ? 'silent' : (ranked.data ?? null),
    error: answers.error ?? ranked.error,
    retry: () => void (answers.error ? answers : ranked).refetch(),
  };
}

/** What a model was trained for; undefined until it is known. */
function useAbilities(adapter: string) {
  const answering = useAble(ANSWERING)?.includes(adapter);
  const retrieval = useAble(RETRIEVAL)?.includes(adapter);
  return { answering, retrieval };
}

/** Right or wrong, once all that a model has to say is there. */
export function outcomeOf(drawn: Drawn, { answers, ranked }: Opinion): Outcome | null {
  if (ranked === null || (answers === null && drawn.questions.length > 0)) return null;
  const result = answers === 'silent' ? null : answers;
  return {
    answers: drawn.questions.flatMap(({ type, answer }, i) => {
      const best = result?.answered[i]?.answers[0];
      return best ? [{ type, isRight: isSame(best.answer, answer) }] : [];
    }),
    ranking: ranked === 'silent' ? null : { rank: rankOfTrue(ranked), among: ranked.length },
  };
}
