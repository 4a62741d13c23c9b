// The events of a job in a file, a line each: written as they happen, read by any number of listeners, there again after
// a restart.

import { type FileHandle, readFile } from 'node:fs/promises';
import { UniAdapterError } from '../../error/index.js';
import { openLines, refuse } from '../../files/files.js';
import { openReal, withFile } from '../../files/opened.js';
import { type Job, type JobEvent, jobEventSchema, type NumberedEvent } from '../../server/index.js';
import { refuseUnread } from '../files/gone.js';

export interface JobLog {
  /** The last thing that is known of the job. */
  job(): Job;
  add(event: JobEvent): Promise<void>;
  /** Those after number `after`, then new ones as they come, until the job is over or the signal aborted. */
  read(after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
}

/** Bytes of a file that are read at a time, however long a job's story is. */
const PIECE = 2 ** 18;

export const isOver = ({ state }: Job): boolean => state !== 'waiting' && state !== 'running';

/** Begins the file of a new job. */
export async function createJobLog(path: string, job: Job): Promise<JobLog> {
  const log = await logAt(path, { job, count: 0 });
  await log.add({ type: 'job', job });
  return log;
}

/**
 * Opens the file of an earlier job; a line that a crash cut off is left out.
 *
 * @param warn  told of other lines that cannot be read, of a file without a job, and of one that cannot be opened
 * @returns null when it holds none @throws file  when it cannot be written
 */
export async function openJobLog(path: string, warn: (text: string) => void): Promise<JobLog | null> {
  const text = await readFile(path, 'utf8').catch((error) => refuse(error, path, 0).catch(unread));
  if (text === null) return null;
  const events = linesOf(text);
  const lost =
    text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.trim() !== '').length - events.length;
  if (lost > 0) warn(`${path}: ${lost} of its lines cannot be read, and are left out`);
  const last = events.findLast(({ event }) => event.type === 'job')?.event;
  if (last?.type !== 'job') {
    warn(`${path}: holds no job that can be read; it is left as it is`);
    return null;
  }
  return logAt(path, { job: last.job, count: events.at(-1)?.id ?? 0 });

  /** One file keeps nobody from the others. */
  function unread(error: unknown): null {
    if (!(error instanceof UniAdapterError)) throw error;
    warn(`${error.message}; it is left as it is`);
    return null;
  }
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
        const news = await file.next();
        for (const event of news ?? [])
          if (event.id > last) {
            last = event.id;
            yield event;
          }
        if (mayEnd && news === null) return;
        if (news === null) await change;
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

/** Reads what was added to a file since the last time, up to a last complete line, a piece at a time; null where nothing was. */
function tail(path: string): { next(): Promise<readonly NumberedEvent[] | null> } {
  let at = 0;
  return {
    async next() {
      const piece = await withFile(path, openReal, (file) => linesAt(file, at)).catch((error) =>
        refuseUnread(error, { where: 'the events of the job' }),
      );
      if (piece.length === 0) return null;
      at += piece.length;
      return linesOf(piece.toString('utf8'));
    },
  };
}

/** Whole lines from a place on: as many as a piece holds, but one at least, if there is one. */
async function linesAt(file: FileHandle, at: number): Promise<Buffer> {
  for (let bytes = PIECE; ; bytes *= 2) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
    const complete = bytesRead === 0 ? 0 : buffer.lastIndexOf(10, bytesRead - 1) + 1;
    if (complete > 0 || bytesRead < bytes) return buffer.subarray(0, complete);
  }
}

/** A line that is none of ours is of another version, or was damaged: the others are told. */
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
