// Threads for what would keep the server from answering. A thread does one thing at a time; what nobody waits for any more
// ends with its thread, and so does what takes more memory than a thread has.

import type { Worker } from 'node:worker_threads';
import { fail, UniAdapterError } from '../../error/index.js';
import { startModule } from '../../node/native/module-thread.js';
import { type Outcome, UNWANTED, unpackError } from '../../predict/local/messages.js';
import type { AsideKind, AsideKinds } from './aside-work.js';

export interface AsideOrder {
  readonly kind: AsideKind;
  readonly given: AsideKinds[AsideKind]['given'];
}
export type AsideAnswer = Outcome<AsideKinds[AsideKind]['result']>;

export interface Aside {
  /**
   * Does something in a thread.
   *
   * @throws stopped  when the signal is aborted; busy when too much waits; memory when the thread runs out of it; and what
   *   the work throws
   */
  ask<K extends AsideKind>(
    kind: K,
    given: AsideKinds[K]['given'],
    signal?: AbortSignal,
  ): Promise<AsideKinds[K]['result']>;
  /** Ends all threads, with what they do. */
  close(): Promise<void>;
}

/** One that plans for a minute, and one for the others. */
const THREADS = 2;
/** Such as a page that asks for a plan with every key that is pressed. */
const WAITING = 64;

/** Of a thread that has nothing to do: it holds tens of megabytes. */
const IDLE_MS = 60_000;

const start = (): Worker => startModule(import.meta.url, 'aside-worker');

/** @param open  a parameter so that tests can hold a thread in their hands */
export function openAside(open: () => Worker = start): Aside {
  /** With what ends them. */
  const idle = new Map<Worker, NodeJS.Timeout>();
  const all = new Set<Worker>();
  const turns: (() => void)[] = [];
  let busy = 0;

  /** A thread that has nothing to do, in the order in which they were asked for. */
  async function turn(): Promise<void> {
    if (busy++ < THREADS) return;
    if (turns.length >= WAITING) {
      busy--;
      refuse();
    }
    await new Promise<void>((resolve) => turns.push(resolve));
  }

  function opened(): Worker {
    const [kept] = idle.keys();
    if (kept) {
      forget(kept);
      return kept;
    }
    const thread = open();
    all.add(thread);
    thread.on('error', () => forget(thread)); // it ends
    thread.on('exit', () => {
      all.delete(thread);
      forget(thread);
    });
    return thread;
  }

  function forget(thread: Worker): void {
    clearTimeout(idle.get(thread));
    idle.delete(thread);
  }

  function keep(thread: Worker): void {
    thread.unref(); // it keeps no process alive
    idle.set(thread, setTimeout(() => thread.terminate(), IDLE_MS).unref());
  }

  return {
    async ask<K extends AsideKind>(kind: K, given: AsideKinds[K]['given'], signal?: AbortSignal) {
      await turn();
      try {
        if (signal?.aborted) throw stopped();
        const thread = opened();
        const answer = await answerOf(thread, { kind, given }, signal);
        keep(thread);
        if ('error' in answer) throw unpackError(answer.error);
        return answer.value as AsideKinds[K]['result'];
      } finally {
        busy--;
        turns.shift()?.();
      }
    },
    async close() {
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
  };
}

function answerOf(thread: Worker, order: AsideOrder, signal: AbortSignal | undefined): Promise<AsideAnswer> {
  return new Promise<AsideAnswer>((resolve, reject) => {
    const stop = () => {
      end();
      thread.terminate();
      reject(stopped());
    };
    const die = (error: unknown) => {
      end();
      reject(died(error));
    };
    const answer = (given: AsideAnswer) => {
      end();
      resolve(given);
    };
    const end = () => {
      signal?.removeEventListener('abort', stop);
      thread.off('message', answer).off('error', die).off('exit', die);
    };
    signal?.addEventListener('abort', stop);
    thread.on('message', answer).on('error', die).on('exit', die);
    thread.ref();
    thread.postMessage(order);
  });
}

const stopped = () => new UniAdapterError('stopped', { where: 'the server', what: UNWANTED });

function died(error: unknown): UniAdapterError {
  const isFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (isFull)
    return new UniAdapterError('memory', { where: 'the request', what: 'would take more memory than there is' });
  return new UniAdapterError('runtime', {
    where: 'the server',
    what: 'the thread that worked on this ended',
    got: String(error),
  });
}

function refuse(): never {
  return fail('busy', {
    where: 'the server',
    what: 'too much waits already',
    got: `${WAITING} requests`,
    fix: 'ask again in a moment',
  });
}
