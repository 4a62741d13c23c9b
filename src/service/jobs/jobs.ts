// The queue of long work: one job at a time, in the order they were asked for. What is known of a job is in its file, so
// a restart of the server forgets none; one that ran then is `stopped`, and can be resumed.

import { randomUUID } from 'node:crypto';
import { readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, UniAdapterError } from '../../error/index.js';
import { makeFolder } from '../../files/files.js';
import type { Job, JobEvent, NumberedEvent } from '../../server/index.js';
import { MAX_WAITING_JOBS } from '../files/limits.js';
import { createJobLog, isOver, type JobLog, openJobLog } from './job-log.js';

/** What a job does. It may be called again after it was stopped, and then goes on. */
export type Work = (job: Job, tell: Tell, signal: AbortSignal) => Promise<'done' | 'stopped'>;

export interface Tell {
  /** @param all  0 while nobody knows */
  progress(done: number, all: number, secondsLeft: number | null): void;
  event(event: JobEvent): void;
}

export interface Jobs {
  list(): readonly Job[];
  /** @throws missing */
  job(id: string): Job;
  events(id: string, after: number, signal: AbortSignal): AsyncGenerator<NumberedEvent>;
  /** @throws busy  when too many wait */
  start(asked: Pick<Job, 'kind' | 'title' | 'request'>): Promise<Job>;
  /** @returns the job once it has stopped, or as it is after a while */
  stop(id: string): Promise<Job>;
  resume(id: string): Promise<Job>;
  /**
   * Stops what runs, and lets a training end with what it has: `finish` is in its request then.
   *
   * @returns the job once it waits for that, or as it is after a while
   */
  finish(id: string): Promise<Job>;
  remove(id: string): Promise<void>;
  /** Stops what runs, which saves its state, and waits for it. What waits goes on when the queue is opened again. */
  close(): Promise<void>;
}

/** Progress is written no more often. */
const PROGRESS_MS = 500;
/** A step of a large training may take long. */
const STOP_MS = 20_000;

interface Running {
  readonly id: string;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

export interface JobsOptions {
  /** A file of events for each job. */
  readonly folder: string;
  readonly work: Readonly<Record<Job['kind'], Work>>;
  /** Told of what is a bug of ours: the job has its message, the log gets the rest. */
  readonly onBug: (error: unknown) => void;
  /** Told of what is left out of the files. */
  readonly warn: (text: string) => void;
}

export async function openJobs({ folder: place, work, onBug, warn }: JobsOptions): Promise<Jobs> {
  await makeFolder(place);
  const folder = await realpath(place);
  const logs = await readLogs(folder, warn);
  let running: Running | null = null;
  const closing = new AbortController();

  const find = (id: string): JobLog => logs.get(id) ?? refuseUnknown(id);
  const waiting = () => [...logs.values()].filter((log) => log.job().state === 'waiting');
  const pump = () => {
    const [next] = waiting();
    if (running || closing.signal.aborted || !next) return;
    const controller = new AbortController();
    const ended = perform(next, work, controller.signal, onBug)
      .catch(onBug) // what came of it cannot be written down
      .finally(() => {
        running = null;
        pump();
      });
    running = { id: next.job().id, controller, ended };
  };
  const enqueue = async (log: JobLog, isFinishing: boolean) => {
    const { finish: _, ...request } = log.job().request;
    const job = { ...log.job(), request: { ...request, ...(isFinishing && { finish: true }) } };
    await log.add({ type: 'job', job: { ...job, state: 'waiting', finished: null, error: null } });
    pump();
    return log.job();
  };
  pump();

  return {
    list: () => [...logs.values()].map((log) => log.job()).reverse(),
    job: (id) => find(id).job(),
    events: (id, after, signal) => find(id).read(after, AbortSignal.any([signal, closing.signal])),
    async start({ kind, title, request }) {
      if (waiting().length >= MAX_WAITING_JOBS)
        fail('busy', { where: 'jobs', what: `${MAX_WAITING_JOBS} wait already`, fix: 'try again when some are done' });
      const job: Job = {
        ...{ id: idNow(), kind, title, request, state: 'waiting', done: 0, all: 0, secondsLeft: null },
        ...{ created: new Date().toISOString(), finished: null, error: null },
      };
      const log = await createJobLog(join(folder, `${job.id}.jsonl`), job);
      logs.set(job.id, log);
      pump();
      return job;
    },
    async stop(id) {
      const log = find(id);
      if (running?.id === id) {
        running.controller.abort();
        await Promise.race([running.ended, wait(STOP_MS)]);
      } else if (log.job().state === 'waiting') await finish(log, 'stopped', null);
      return log.job();
    },
    async resume(id) {
      const log = find(id);
      const { state } = log.job();
      if (state !== 'stopped' && state !== 'failed') refuseState(id, 'cannot be resumed', state, 'stopped or failed');
      return enqueue(log, false);
    },
    async finish(id) {
      const log = find(id);
      const { kind, state } = log.job();
      const fitting = 'a training that runs, was stopped or failed';
      if (kind !== 'train') refuseState(id, 'cannot be finished', kind, fitting);
      if (state === 'waiting' || state === 'done') refuseState(id, 'cannot be finished', state, fitting);
      if (state === 'running' && log.job().request.finish === true) return log.job();
      const own = running?.id === id ? running : null;
      own?.controller.abort();
      const finishing = (own?.ended ?? Promise.resolve()).then(async () => {
        if (log.job().state !== 'done') await enqueue(log, true);
      });
      await Promise.race([finishing, wait(STOP_MS)]);
      finishing.catch(onBug); // of one that takes longer than anybody waits
      return log.job();
    },
    async remove(id) {
      const job = find(id).job();
      if (!isOver(job)) refuseState(id, 'is not over', job.state, 'a job that is over: stop it first');
      logs.delete(id);
      await rm(join(folder, `${id}.jsonl`), { force: true });
    },
    async close() {
      closing.abort();
      running?.controller.abort();
      await running?.ended;
    },
  };
}

/** By id, the oldest first. */
async function readLogs(folder: string, warn: JobsOptions['warn']): Promise<Map<string, JobLog>> {
  const logs = new Map<string, JobLog>();
  for (const name of (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()) {
    const log = await openJobLog(join(folder, name), warn);
    if (!log) continue;
    if (log.job().state === 'running') await finish(log, 'stopped', null);
    logs.set(log.job().id, log);
  }
  return logs;
}

async function perform(
  log: JobLog,
  work: JobsOptions['work'],
  signal: AbortSignal,
  onBug: JobsOptions['onBug'],
): Promise<void> {
  try {
    await log.add({ type: 'job', job: { ...log.job(), state: 'running' } });
    const end = await work[log.job().kind](log.job(), tellTo(log, onBug), signal);
    await finish(log, end, null);
  } catch (error) {
    await finish(log, 'failed', error instanceof Error ? error.message : String(error));
    if (!(error instanceof UniAdapterError)) onBug(error);
  }
}

function tellTo(log: JobLog, onBug: JobsOptions['onBug']): Tell {
  const add = (event: JobEvent) => void log.add(event).catch(onBug);
  let told = Number.NEGATIVE_INFINITY;
  return {
    progress(done, all, secondsLeft) {
      const now = performance.now();
      if (now - told < PROGRESS_MS && done !== all) return;
      told = now;
      add({ type: 'job', job: { ...log.job(), done, all, secondsLeft } });
    },
    event: add,
  };
}

function finish(log: JobLog, state: Job['state'], error: string | null): Promise<void> {
  const finished = new Date().toISOString();
  return log.add({ type: 'job', job: { ...log.job(), state, error, finished, secondsLeft: null } });
}

/** Sorted by time. */
const idNow = (): string => `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

function refuseUnknown(id: string): never {
  fail('missing', { where: `job ${id.slice(0, 64)}`, what: 'there is no such job' });
}

function refuseState(id: string, what: string, got: string, expected: string): never {
  fail('recipe', { where: `job ${id}`, what, got, expected });
}
