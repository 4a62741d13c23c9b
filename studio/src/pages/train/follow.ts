// Follows a job: all that it has told since its beginning, then what it tells as it runs.

import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../api/client.js';
import { type RunView, runOf, type Told } from './run.js';

/** Events come in bursts of hundreds when a page is opened; the page is drawn so often at most. */
const DRAW_EVERY_MS = 200;

export interface Followed {
  readonly view: RunView;
  /** Why it cannot be followed any more. */
  readonly error: unknown;
  /** Listens again, after a job that had ended goes on. */
  readonly again: () => void;
}

/** The component must be keyed by the job, since all that was told is kept. @param id  of the job */
export function useRun(id: string): Followed {
  const told = useRef<Told[]>([]);
  const [view, show] = useState<RunView>(() => runOf([]));
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    const draw = throttled(() => show(runOf(told.current)));
    const listen = async () => {
      const after = told.current.at(-1)?.id ?? 0;
      for await (const event of client.jobEvents(id, after, abort.signal)) {
        told.current.push(event);
        draw();
      }
    };
    setError(null);
    listen().catch((reason) => abort.signal.aborted || setError(reason));
    return () => abort.abort();
  }, [id, round]);

  return { view, error, again: useCallback(() => setRound((before) => before + 1), []) };
}

/** Calls once for all calls of a while. */
function throttled(call: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      call();
    }, DRAW_EVERY_MS);
  };
}
