// What serving computes with: models run in workers, requests of many users wait here and are put together.

import { openBackbone } from '../../weights/store/backbone.js';
import { type Outcome, unpackError } from '../local/messages.js';
import { stateOf } from '../local/models.js';
import type { AdapterChoice, EncodedFiles, Engine, Identity } from '../local/types.js';
import { refuseBlank } from '../programs/blank.js';
import { createQueue } from './queue.js';
import { createWorkerPool, type WorkerPool } from './worker-pool.js';

export interface EngineOptions {
  /** As in recipes. Default `tiny`. */
  readonly backbone?: string;
  /** Threads that run models, among which the cores are divided. Default 1. */
  readonly workers?: number;
  /** Requests that may wait; more are refused. Default 256. */
  readonly waiting?: number;
  /** Of adapters that each worker keeps in memory, at most. Default 1 GiB. */
  readonly adapterBytes?: number;
  /** Of encoded pictures that each worker keeps, at most. Default 256 MiB. */
  readonly tokenBytes?: number;
  /** Told of every batch that models are given: of what kind, and how many items. */
  readonly onBatch?: (kind: string, items: number) => void;
}

/**
 * Starts an engine. Close it: its threads keep the process alive.
 *
 * @throws file, format or recipe  when the backbone is not there or not complete
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backbone = 'tiny', workers = 1, waiting = 256, adapterBytes = 2 ** 30, tokenBytes = 2 ** 28 } = options;
  const { config } = await openBackbone(backbone);
  const pool = createWorkerPool({ backbone, workers, adapterBytes, tokenBytes });
  const run: WorkerPool['run'] = (batch, signal) => {
    options.onBatch?.(batch.kind, batch.items.length);
    return pool.run(batch, signal);
  };
  const queue = createQueue({ ...pool, run }, waiting);
  const { submit } = queue;
  return {
    identity: rememberedIdentity(async (adapter) => {
      const [identity] = values(await submit({ kind: 'identity', adapter, items: [null] }));
      return identity as Identity;
    }),
    async textFeatures(adapter, texts, work) {
      refuseBlank('text', texts);
      return joined(values(await submit({ kind: 'text', adapter, items: texts }, work)), config.projection);
    },
    async mediaFeatures(adapter, files, work) {
      return encodedFiles(values(await submit({ kind: 'media', adapter, items: files }, work)), config.projection);
    },
    async match(adapter, pairs, work) {
      refuseBlank(
        'text',
        pairs.map(({ text }) => text),
      );
      return values(await submit({ kind: 'match', adapter, items: pairs }, work));
    },
    async ask(adapter, file, questions, options, work) {
      refuseBlank('question', questions);
      const items = questions.map((question) => ({ file, question, ...options }));
      return values(await submit({ kind: 'ask', adapter, items }, work));
    },
    async caption(adapter, files, work) {
      return values(await submit({ kind: 'caption', adapter, items: files }, work));
    },
    loaded: () => pool.loaded().map(({ folder, bytes }) => ({ folder, bytes })),
    async unload(adapter) {
      await pool.unload(adapter);
      queue.pump();
    },
    waiting: queue.waiting,
    async close() {
      queue.close();
      await pool.close();
    },
  };
}

/** @throws the first error */
const values = <T>(outcomes: readonly Outcome<T>[]): readonly T[] =>
  outcomes.map((outcome) => {
    if ('error' in outcome) throw unpackError(outcome.error);
    return outcome.value;
  });

function encodedFiles(found: readonly (Float32Array | string)[], width: number): EncodedFiles {
  const unreadable = new Map<number, string>();
  const none = new Float32Array(width);
  const rows = found.map((row, i) => {
    if (typeof row !== 'string') return row;
    unreadable.set(i, row);
    return none;
  });
  return { features: joined(rows, width), unreadable };
}

/** Rows [width] → [rows, width] */
function joined(rows: readonly Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) all.set(row, i * width);
  return all;
}

/** Asked for with every search, and the same until an adapter's files change. */
function rememberedIdentity(identify: Engine['identity']): Engine['identity'] {
  const known = new Map<AdapterChoice, { readonly state: string; readonly identity: Identity }>();
  return async (adapter) => {
    const state = await stateOf(adapter);
    const before = known.get(adapter);
    if (before?.state === state) return before.identity;
    const identity = await identify(adapter);
    known.set(adapter, { state, identity });
    return identity;
  };
}
