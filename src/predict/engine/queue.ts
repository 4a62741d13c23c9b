// Requests that wait. Those of many users for the same program and adapter are computed as one batch; nobody waits for the
// whole of another's long request, since a batch takes of every request in turn, and adapters take turns too.

import { fail, UniAdapterError } from '../../error/index.js';
import { takeOf } from '../local/batch-sizes.js';
import {
  type ItemOf,
  type Kind,
  type Outcome,
  packError,
  type Reply,
  type ResultOf,
  UNWANTED,
} from '../local/messages.js';
import type { AdapterChoice, Work } from '../local/types.js';
import type { WorkerPool } from './worker-pool.js';

export interface Queue {
  /**
   * Computes items, in batches with those of others.
   *
   * @returns an outcome for each
   * @throws busy  when too many requests wait; stopped when the signal is aborted
   */
  submit<K extends Kind>(request: Request<K>, work?: Work): Promise<readonly Outcome<ResultOf<K>>[]>;
  /** Requests of which something has not been started. */
  waiting(): number;
  /** Gives idle workers something to do. */
  pump(): void;
  /** What waits is stopped, and so is whatever comes. */
  close(): void;
}

export interface Request<K extends Kind = Kind> {
  readonly kind: K;
  readonly adapter: AdapterChoice;
  readonly items: readonly ItemOf<K>[];
}

type Priority = NonNullable<Work['priority']>;

/**
 * Items of a batch, at most. In the background fewer where they take long: who comes next waits for one such batch.
 * Where programs take fewer, of long clips or large models, the worker cuts the batch into pieces or puts off the rest.
 */
const MOST: Readonly<Record<Kind, Readonly<Record<Priority, number>>>> = {
  text: { interactive: 32, background: 32 },
  media: { interactive: 16, background: 8 },
  match: { interactive: 32, background: 16 },
  ask: { interactive: 8, background: 8 },
  caption: { interactive: 8, background: 8 },
  identity: { interactive: 1, background: 1 },
};

/** A request of which something has not been started. */
interface Waiting {
  readonly request: Request;
  readonly priority: Priority;
  /** Of its line. */
  readonly key: string;
  readonly outcomes: Outcome<unknown>[];
  /** Numbers of the items that have not been started. */
  readonly rest: number[];
  done: number;
  /** Whether nobody waits for it any more. */
  isSettled: boolean;
  settle(error?: UniAdapterError): void;
}

/** Requests that one batch can hold, in the order of their turns. */
type Line = readonly Waiting[];

export function createQueue(pool: Pick<WorkerPool, 'idle' | 'run' | 'loaded'>, limit: number): Queue {
  /** By what can be computed together, in the order of their turns. */
  const lines: Readonly<Record<Priority, Map<string, Line>>> = { interactive: new Map(), background: new Map() };
  /** Requests of the batches that are computed now. */
  const running = new Map<AbortController, readonly Waiting[]>();

  let isClosed = false;
  const all = () => [...lines.interactive.values(), ...lines.background.values()].flat();

  /** One for every adapter, but for texts one for all adapters that can be mixed. */
  function keyOf({ kind, adapter }: Request): string {
    const mixes = kind === 'text' ? pool.loaded().find(({ folder }) => folder === adapter)?.mixes : undefined;
    return JSON.stringify([kind, mixes ? { mixes } : adapter]);
  }

  function pump(): void {
    while (pool.idle() > 0) {
      const priority = lines.interactive.size > 0 ? 'interactive' : 'background';
      const [first] = lines[priority];
      if (!first) return;
      const [key, line] = first;
      const { taken, left } = take(line, MOST[(line[0] as Waiting).request.kind][priority]);
      lines[priority].delete(key);
      if (left.length > 0) lines[priority].set(key, left); // the last in turn
      run(taken).then(pump);
    }
  }

  async function run(taken: readonly (readonly [Waiting, number])[]): Promise<void> {
    const { kind } = (taken[0] as readonly [Waiting, number])[0].request;
    const items = taken.map(([{ request }, i]) => request.items[i] as ItemOf<Kind>);
    const adapters = taken.map(([{ request }]) => request.adapter);
    const controller = new AbortController();
    running.set(
      controller,
      taken.map(([one]) => one),
    );
    const replies: readonly Reply<unknown>[] = await pool
      .run({ kind, items, adapters }, controller.signal)
      .catch((error: unknown) => items.map(() => ({ error: packError(error) })));
    running.delete(controller);
    for (const [at, [one, i]] of [...taken.entries()].reverse()) {
      const reply = replies[at] as Reply<unknown>;
      if ('later' in reply) putBack(one, i);
      else one.outcomes[i] = reply;
      if (!('later' in reply) && ++one.done === one.request.items.length) one.settle();
    }
  }

  /** What was put off comes first in its line. */
  function putBack(one: Waiting, i: number): void {
    if (isClosed && !one.isSettled) one.settle(stopped('the engine is closed'));
    if (one.isSettled) return;
    one.rest.unshift(i);
    const line = lines[one.priority].get(one.key) ?? [];
    lines[one.priority].set(one.key, [one, ...line.filter((other) => other !== one)]);
  }

  function remove({ priority, key }: Waiting): void {
    const line = (lines[priority].get(key) ?? []).filter(({ isSettled }) => !isSettled);
    if (line.length > 0) lines[priority].set(key, line);
    else lines[priority].delete(key);
  }

  /** Batches of which nobody waits for anything. */
  function stopUnwanted(): void {
    for (const [controller, requests] of running) if (requests.every(({ isSettled }) => isSettled)) controller.abort();
  }

  return {
    waiting: () => all().length,
    pump,
    close() {
      isClosed = true;
      for (const one of all()) one.settle(stopped('the engine is closed'));
    },
    submit<K extends Kind>(request: Request<K>, { signal, priority = 'interactive' }: Work = {}) {
      return new Promise<readonly Outcome<ResultOf<K>>[]>((resolve, reject) => {
        if (isClosed) throw stopped('the engine is closed');
        if (signal?.aborted) throw stopped(UNWANTED);
        if (request.items.length === 0) return resolve([]);
        if (all().length >= limit) refuse(limit);
        const stop = () => one.settle(stopped(UNWANTED));
        const one: Waiting = {
          ...{ request, priority, key: keyOf(request), outcomes: [], done: 0, isSettled: false },
          rest: [...request.items.keys()],
          settle(error) {
            one.isSettled = true;
            signal?.removeEventListener('abort', stop);
            if (!error) return resolve(one.outcomes as Outcome<ResultOf<K>>[]);
            remove(one);
            stopUnwanted();
            reject(error);
          },
        };
        signal?.addEventListener('abort', stop);
        lines[priority].set(one.key, [...(lines[priority].get(one.key) ?? []), one]);
        pump();
      });
    },
  };
}

/** The next items of a line, one of each request in turn, and those who then still wait. */
function take(line: Line, most: number) {
  const waiting = line.reduce((sum, { rest }) => sum + rest.length, 0);
  const taken: (readonly [Waiting, number])[] = [];
  const left = [...line];
  for (let count = takeOf(waiting, most); count > 0; count--) {
    const one = left.shift() as Waiting;
    taken.push([one, one.rest.shift() as number]);
    if (one.rest.length > 0) left.push(one);
  }
  return { taken, left };
}

const stopped = (what: string): UniAdapterError => new UniAdapterError('stopped', { where: 'engine', what });

function refuse(limit: number): never {
  return fail('busy', {
    where: 'engine',
    what: 'too much waits already',
    got: `${limit} requests`,
    fix: 'ask again in a moment',
  });
}
