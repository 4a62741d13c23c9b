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
  const counted = body && counting(body, (bytes, isWhole) => finish(bytes, isWhole ? status : CLIENT_GONE));
  return new Response(counted, { status, headers });
}

/** @param done  called once, with how many bytes went through and whether that was all */
function counting(body: ReadableStream<Uint8Array<ArrayBuffer>>, done: (bytes: number, isWhole: boolean) => void) {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done: isOver, value } = await reader.read();
          if (!isOver) {
            bytes += value.byteLength;
            controller.enqueue(value);
            return;
          }
          done(bytes, true);
          controller.close();
        } catch (error) {
          done(bytes, false);
          controller.error(error);
        }
      },
      async cancel(reason) {
        done(bytes, false);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
