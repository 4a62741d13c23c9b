// How long a request may take, and the signal that says so to those who work for it.

import { type ErrorCode, UniAdapterError } from '../../error/index.js';
import { CLIENT_GONE, refusal } from './problem.js';

export interface Deadline {
  /** Aborted when the client is gone or the request is over. */
  readonly gone: AbortSignal;
  /** The same, and when the time is over. */
  readonly signal: AbortSignal;
  /** Waits no longer than until the time is over. @throws 504, or 499 when the client is gone */
  before<T>(work: Promise<T>): Promise<T>;
  /** The request is over. */
  end(): void;
}

export function startDeadline(client: AbortSignal, seconds: number): Deadline {
  const gone = new AbortController();
  const over = new AbortController();
  const leave = () => {
    gone.abort(refusal({ status: CLIENT_GONE, code }, { where: 'the request', what: 'the client went away' }));
    over.abort(gone.signal.reason);
  };
  const late = { where: 'the request', what: 'took too long', expected: `an answer within ${seconds} s` };
  const timer = setTimeout(
    () => over.abort(new UniAdapterError(code, { ...late, fix: 'ask for less at a time' })),
    seconds * 1000,
  );
  if (client.aborted) leave();
  client.addEventListener('abort', leave, { once: true });
  return {
    gone: gone.signal,
    signal: over.signal,
    before: (work) => Promise.race([work, rejection(over.signal)]),
    end() {
      clearTimeout(timer);
      client.removeEventListener('abort', leave);
      gone.abort();
      over.abort();
    },
  };
}

const code: ErrorCode = 'stopped';

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
}
