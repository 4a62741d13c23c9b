// Jobs of the make-believe server: indexing that takes a second or two.

import type { Job } from '../../../src/server/schema/index.js';
import type { FakeState } from './state.js';
import { indexOf } from './state.js';

const INDEX_MS = 1600;

/** Starts a job that fills an index bit by bit. */
export function startIndex(state: FakeState, library: string, adapter: string): Job {
  const all = state.libraries.find(({ name }) => name === library)?.items ?? 0;
  const job: Job = {
    id: `job-${state.jobs.length + 1}`,
    kind: 'index',
    title: `Index ${library} with ${adapter}`,
    state: 'running',
    done: 0,
    all,
    secondsLeft: INDEX_MS / 1000,
    created: new Date().toISOString(),
    finished: null,
    error: null,
    request: { library, adapter },
  };
  state.jobs.push(job);
  const started = Date.now();
  const timer = setInterval(() => {
    const share = Math.min(1, (Date.now() - started) / INDEX_MS);
    Object.assign(job, { done: Math.round(all * share), secondsLeft: ((1 - share) * INDEX_MS) / 1000 });
    if (share < 1) return;
    clearInterval(timer);
    Object.assign(job, { state: 'done', finished: new Date().toISOString() });
    state.libraries = state.libraries.map((entry) =>
      entry.name === library
        ? {
            ...entry,
            indexes: [
              ...entry.indexes.filter((index) => index.adapter !== adapter),
              { ...indexOf(adapter), items: all, isCurrent: true },
            ],
          }
        : entry,
    );
  }, 100);
  timer.unref();
  return job;
}

export const isOver = ({ state }: Job): boolean => state === 'done' || state === 'failed' || state === 'stopped';
