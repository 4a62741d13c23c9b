// A job as it runs, followed by its events.

import { useEffect, useState } from 'react';
import type { Job } from '../../../src/server/schema/index.js';
import { client } from './client.js';

export interface Followed {
  /** As it was last told; null before the first word. */
  readonly job: Job | null;
  readonly isOver: boolean;
}

/** Whether nothing more will happen to a job, unless somebody makes it go on. */
export const isOver = ({ state }: Pick<Job, 'state'>): boolean => state !== 'waiting' && state !== 'running';

/** Follows a job until it is over. @param id  null follows none */
export function useJob(id: string | null): Followed {
  const [job, setJob] = useState<Job | null>(null);
  useEffect(() => {
    if (id === null) return;
    const ending = new AbortController();
    const follow = async () => {
      for await (const { event } of client.jobEvents(id, 0, ending.signal)) if (event.type === 'job') setJob(event.job);
    };
    follow().catch((error: unknown) => {
      // a job that cannot be followed is no reason to break the page: its state is asked for with all others
      if (!ending.signal.aborted) console.warn(error);
    });
    return () => ending.abort();
  }, [id]);
  const current = job?.id === id || id === null ? job : null;
  return { job: current, isOver: current !== null && isOver(current) };
}
