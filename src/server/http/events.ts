// Server-sent events from an async iterable, made only as fast as they are read.

import type { Trace } from './options.js';
import { problemOf } from './problem.js';

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
  { signal, trace }: { readonly signal: AbortSignal; readonly trace: Trace },
  begin: (signal: AbortSignal) => AsyncIterable<SentEvent>,
): Response {
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const iterator = begin(ending.signal)[Symbol.asyncIterator]();
  const texts = textsOf(iterator, (error) => problemOf(signal.aborted ? signal.reason : error, trace));
  const encoder = new TextEncoder();
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await texts.next();
        if (isCancelled) return;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel() {
        isCancelled = true;
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

/** Events as they are written, with comments in between while there are none. */
async function* textsOf(
  events: AsyncIterator<SentEvent>,
  problemOf: (error: unknown) => unknown,
): AsyncGenerator<string, undefined> {
  try {
    for (let next = events.next(); ; ) {
      const result = await before(next, KEEP_ALIVE_MS);
      if (result?.done) return;
      yield result === null ? ': nothing new\n\n' : written(result.value);
      if (result !== null) next = events.next();
    }
  } catch (error) {
    yield written({ name: 'problem', data: problemOf(error) });
  }
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
