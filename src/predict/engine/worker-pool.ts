// The workers. ONNX Runtime computes in the thread that asks it to, so models run in threads of their own, and the main
// thread stays free. A worker that dies takes what it was doing with it; another takes its place.

import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { UniAdapterError } from '../../error/index.js';
import { startThread } from '../../node/thread.js';
import type { Batch, FromWorker, InMemory, Reply, ToWorker, WorkerSettings } from '../local/messages.js';

export interface WorkerPool {
  /** Workers that have nothing to do. */
  idle(): number;
  /**
   * Gives a batch to an idle worker.
   *
   * @param signal  when aborted, the worker stops before its next program
   * @throws runtime  when the worker dies
   */
  run(batch: Batch, signal: AbortSignal): Promise<readonly Reply<unknown>[]>;
  /** After what is under way. */
  unload(adapter: string): Promise<void>;
  loaded(): readonly InMemory[];
  close(): Promise<void>;
}

export interface WorkerPoolOptions extends Omit<WorkerSettings, 'threads'> {
  /** How many. */
  readonly workers: number;
}

/** Cores of each of `workers`. */
const threadsOf = (workers: number): number => Math.max(1, Math.floor(availableParallelism() / workers));

/** @param start  a parameter so that tests can hold a worker in their hands */
export function createWorkerPool(
  options: WorkerPoolOptions,
  start: (settings: WorkerSettings) => Worker = startThread,
): WorkerPool {
  const { workers, ...settings } = options;
  const open = () => openMember(() => start({ ...settings, threads: threadsOf(workers) }));
  const members = Array.from({ length: workers }, open);
  return {
    idle: () => members.filter(({ waitsFor }) => waitsFor() === 0).length,
    async run(batch, signal) {
      const member = members.find(({ waitsFor }) => waitsFor() === 0) as Member;
      const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      signal.addEventListener('abort', () => Atomics.store(flag, 0, 1), { once: true });
      return (await member.ask({ does: 'batch', batch, flag })).replies;
    },
    async unload(adapter) {
      await Promise.all(members.map((member) => member.isOpen() && member.ask({ does: 'unload', adapter })));
    },
    loaded: () => [...new Map(members.flatMap(({ loaded }) => loaded()).map((one) => [one.folder, one])).values()],
    async close() {
      await Promise.all(members.map(({ close }) => close()));
    },
  };
}

type Order = ToWorker extends infer M ? (M extends ToWorker ? Omit<M, 'id'> : never) : never;

interface Member {
  ask(order: Order): Promise<FromWorker>;
  isOpen(): boolean;
  /** Orders that are not done. */
  waitsFor(): number;
  loaded(): readonly InMemory[];
  close(): Promise<void>;
}

interface Pending {
  resolve(reply: FromWorker): void;
  reject(error: Error): void;
}

/** A place in the pool: a worker that is started when there is something to do, and again after it has died. */
function openMember(start: () => Worker): Member {
  const pending = new Map<number, Pending>();
  let worker: Worker | undefined;
  let loaded: readonly InMemory[] = [];
  let asked = 0;

  function opened(): Worker {
    if (worker) return worker;
    const started = start();
    worker = started;
    started.on('message', (reply: FromWorker) => {
      loaded = reply.loaded;
      pending.get(reply.id)?.resolve(reply);
      pending.delete(reply.id);
    });
    let reason = 'it was ended';
    started.on('error', (error) => {
      reason = String(error);
    });
    started.on('exit', () => lose(started, reason));
    return started;
  }

  function lose(lost: Worker, reason: string): void {
    if (worker !== lost) return;
    worker = undefined;
    loaded = [];
    for (const { reject } of pending.values()) reject(died(reason));
    pending.clear();
  }

  function ask(order: Order): Promise<FromWorker> {
    const id = ++asked;
    return new Promise((resolve, reject) => {
      opened().postMessage({ ...order, id } as ToWorker);
      pending.set(id, { resolve, reject });
    });
  }

  return {
    ask,
    isOpen: () => worker !== undefined,
    waitsFor: () => pending.size,
    loaded: () => loaded,
    async close() {
      if (!worker) return;
      const ended = new Promise((resolve) => worker?.once('exit', resolve));
      await ask({ does: 'close' }).catch(() => undefined);
      await ended;
    },
  };
}

const died = (reason: string): Error =>
  new UniAdapterError('runtime', {
    where: 'engine',
    what: 'the worker that computed this died',
    got: reason,
    fix: 'ask again; another worker has taken its place',
  });
