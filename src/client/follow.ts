// The events of a job until its end, over lost connections.

import { UniAdapterError } from '../error/index.js';
import type { JobEvent, NumberedEvent } from '../server/index.js';
import type { Call } from './call.js';
import { eventsOf } from './events.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

interface Following {
  /** Number of the last event that is known already. */
  readonly after: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Events after number `after`, those that were at once. When the connection is lost or the server is busy it asks again
 * for the rest.
 *
 * @throws the server's error; what `fetch` says when the server was never reached; the signal's reason
 */
export async function* followJob(
  call: Call,
  path: string,
  { after, signal }: Following,
): AsyncGenerator<NumberedEvent> {
  let last = after;
  let waitMs = FIRST_WAIT_MS;
  let wasReached = false;
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', 'last-event-id': String(last) };
      const response = await call(path, { headers, signal });
      wasReached = true;
      for await (const { id, data } of eventsOf(response)) {
        waitMs = FIRST_WAIT_MS;
        last = Number(id);
        yield { id: last, event: data as JobEvent };
      }
      signal?.throwIfAborted();
      return;
    } catch (error) {
      signal?.throwIfAborted();
      const mayComeBack = error instanceof UniAdapterError ? error.code === 'busy' : wasReached;
      if (!mayComeBack) throw error;
      await pause(waitMs, signal);
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
    }
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
