// The events of a job in a file, a line each: written as they happen, read by any number of listeners, there again after
// a restart.

import { open, readFile, stat } from 'node:fs/promises';
import { fail } from '../../error/index.js';
import { type Job, type JobEvent, jobEventSchema, type NumberedEvent } from '../../server/index.js';
import { openLines } from '../files.js';

export interface JobLog {
  /** The last thing that is known of the job. */
  job(): Job;
  add(event: JobEvent): Promise<void>;
  /** Those after number `after`, then new ones as they come, until the job is over or the signal aborted. */
  read(after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
}

export const isOver = ({ state }: Job): boolean => state !== 'waiting' && state !== 'running';

/** Begins the file of a new job. */
export async function createJobLog(path: string, job: Job): Promise<JobLog> {
  const log = await logAt(path, { job, count: 0 });
  await log.add({ type: 'job', job });
  return log;
}

/** Opens the file of an earlier job. @returns null when it holds none; a line that a crash cut off is left out */
export async function openJobLog(path: string): Promise<JobLog | null> {
  const events = linesOf(await readFile(path, 'utf8'));
  const last = events.findLast(({ event }) => event.type === 'job')?.event;
  if (last?.type !== 'job') return null;
  return logAt(path, { job: last.job, count: events.at(-1)?.id ?? 0 });
}

async function logAt(path: string, known: { readonly job: Job; readonly count: number }): Promise<JobLog> {
  const addLine = await openLines(path);
  const listeners = new Set<() => void>();
  let { job, count } = known;
  let written = Promise.resolve();
  return {
    job: () => job,
    add(event) {
      if (event.type === 'job') job = event.job;
      const line = JSON.stringify({ id: ++count, event });
      const adding = written.then(() => addLine(line)); // in order, whoever calls
      written = adding.catch(() => undefined); // the next line is tried all the same
      return adding.finally(() => {
        for (const listener of listeners) listener();
      });
    },
    async *read(after, signal) {
      const file = tail(path);
      let last = after;
      while (!signal.aborted) {
        const mayEnd = isOver(job);
        const change = changeOf(listeners, signal); // from before the file is read: nothing is missed in between
        await written;
        const news = (await file.next()).filter(({ id }) => id > last);
        for (const event of news) {
          last = event.id;
          yield event;
        }
        if (mayEnd && news.length === 0) return;
        if (news.length === 0) await change;
      }
    },
  };
}

/** Waits until somebody calls, or the signal is aborted. */
function changeOf(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      listeners.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    listeners.add(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Reads what was added to a file since the last time, up to its last complete line. */
function tail(path: string): { next(): Promise<readonly NumberedEvent[]> } {
  let at = 0;
  return {
    async next() {
      const { size } = await stat(path).catch((cause) => fail('missing', { where: 'job', what: 'was removed', cause }));
      if (size === at) return [];
      await using file = await open(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - at), 0, size - at, at);
      const complete = buffer.lastIndexOf(10, bytesRead - 1) + 1;
      at += complete;
      return linesOf(buffer.toString('utf8', 0, complete));
    },
  };
}

function linesOf(text: string): readonly NumberedEvent[] {
  return text.split('\n').flatMap((line): NumberedEvent[] => {
    try {
      const { id, event } = JSON.parse(line) as NumberedEvent;
      return [{ id, event: jobEventSchema.parse(event) }];
    } catch {
      return [];
    }
  });
}
