// Tells of every request when its last byte has been sent: to the log and to the figures.

import type { LogEntry, Metrics, Trace } from './options.js';
import { CLIENT_GONE } from './problem.js';

export interface Observer {
  readonly log: (entry: LogEntry) => void;
  readonly metrics: Metrics;
}

/** @returns the same answer, of which the last byte is told to `end` and to the observer */
export function observed(
  response: Response,
  { trace, method, started, end }: { trace: Trace; method: string; started: number; end: () => void },
  { log, metrics }: Observer,
): Response {
  const finish = (bytesOut: number, status: number) => {
    const { id, route, bytesIn, adapter, error } = trace;
    const entry = { id, method, route, status, ms: performance.now() - started, bytesIn, bytesOut };
    const full = { ...entry, ...(adapter !== undefined && { adapter }), ...(error !== undefined && { error }) };
    end();
    metrics.end(full);
    log(full);
  };
  const { status, headers, body } = response;
  if (body === null) finish(0, status);
  const counted =
    body &&
    counting(body, (bytes, how) => {
      if (how.error !== undefined) trace.error = how.error;
      finish(bytes, how.status ?? status);
    });
  return new Response(counted, { status, headers });
}

/** How a body ended that did not end well. */
interface End {
  readonly status?: number;
  readonly error?: unknown;
}

/** @param done  called once, with how many bytes went through */
function counting(body: ReadableStream<Uint8Array<ArrayBuffer>>, done: (bytes: number, end: End) => void) {
  const reader = body.getReader();
  let bytes = 0;
  let isCancelled = false; // what is being read then comes to an end too, which nobody hears any more
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
          if (isCancelled) return;
          if (next.value) {
            bytes += next.value.byteLength;
            controller.enqueue(next.value);
          } else {
            done(bytes, {});
            controller.close();
          }
        } catch (error) {
          if (isCancelled) return;
          done(bytes, { status: 500, error });
          controller.error(error);
        }
      },
      async cancel(reason) {
        isCancelled = true;
        done(bytes, { status: CLIENT_GONE });
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
