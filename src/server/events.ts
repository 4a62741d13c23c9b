// Server-sent events from an async iterable, made only as fast as they are read.

import { problemOf } from './problem.js';
import type { Incoming } from './routes/route.js';

export interface SentEvent {
  readonly id?: number;
  readonly name: string;
  readonly data: unknown;
}

/** Comes after so long without an event, so that nobody on the way takes the connection for dead. */
const KEEP_ALIVE_MS = 15_000;

/**
 * The events, each as JSON, then the end. An error on the way is sent as an event `problem`, which is the last.
 *
 * @param begin  is given a signal that is aborted when the client goes away, or with the request's own
 */
export function eventResponse(
  { signal, trace }: Pick<Incoming, 'signal' | 'trace'>,
  begin: (signal: AbortSignal) => AsyncIterable<SentEvent>,
): Response {
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const iterator = begin(ending.signal)[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<SentEvent>> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        next ??= iterator.next();
        try {
          const result = await before(next, KEEP_ALIVE_MS);
          if (result === null) return controller.enqueue(encoder.encode(': nothing new\n\n'));
          next = undefined;
          if (result.done) controller.close();
          else controller.enqueue(encoder.encode(written(result.value)));
        } catch (error) {
          controller.enqueue(encoder.encode(written({ name: 'problem', data: problemOf(error, trace) })));
          controller.close();
        }
      },
      cancel() {
        ending.abort();
        // it comes after what is waited for now, which the signal ends; nobody waits for it here
        iterator.return?.().catch(() => undefined);
      },
    },
    { highWaterMark: 0 }, // nothing begins before somebody reads: answers to HEAD are never read
  );
  // no proxy may hold events back
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

const written = ({ id, name, data }: SentEvent): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** Null when the time is over first. */
async function before<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const quiet = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
