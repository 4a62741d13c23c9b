// What goes between the main thread and its workers: batches of one kind, and for each of their items what came of it.

import { type ErrorCode, type Problem, UniAdapterError } from '../../error/index.js';
import type { AdapterChoice, Answered, Identity, LoadedAdapter, Match } from './types.js';

/** A text and the file it may belong to. */
export interface TextAndFile {
  readonly text: string;
  readonly file: string;
}

export interface Question {
  readonly file: string;
  readonly question: string;
  /** How many are wanted. */
  readonly answers: number;
  readonly attention: boolean;
}

/** What is computed in batches: for every kind an item and what comes of it. */
export interface Kinds {
  /** f32 [P] */
  readonly text: { readonly item: string; readonly result: Float32Array };
  /** f32 [P] of a file, or why it cannot be read. */
  readonly media: { readonly item: string; readonly result: Float32Array | string };
  /** Null where the file cannot be read. */
  readonly match: { readonly item: TextAndFile; readonly result: Match | null };
  readonly ask: { readonly item: Question; readonly result: Answered };
  readonly caption: { readonly item: string; readonly result: string };
  readonly identity: { readonly item: null; readonly result: Identity };
}
export type Kind = keyof Kinds;
export type ItemOf<K extends Kind> = Kinds[K]['item'];
export type ResultOf<K extends Kind> = Kinds[K]['result'];

export interface Batch<K extends Kind = Kind> {
  readonly kind: K;
  readonly items: readonly ItemOf<K>[];
  /** Of each item; only texts may be read with different ones. */
  readonly adapters: readonly AdapterChoice[];
}

/** An error as it crosses threads, where classes do not. */
export interface PackedError {
  readonly code: ErrorCode;
  readonly problem: Omit<Problem, 'cause'>;
}

export type Outcome<T> = { readonly value: T } | { readonly error: PackedError };

/** A batch that would take long is not computed whole: what is put off comes with a later one. */
export type Reply<T> = Outcome<T> | { readonly later: true };

/**
 * A number that threads share, since a worker that computes reads no messages: 1 as soon as nobody waits for a batch any
 * more.
 */
export type StopFlag = Int32Array<SharedArrayBuffer>;

/** What is said of work that was given up. */
export const UNWANTED = 'nobody waits for this any more';

export type ToWorker = { readonly id: number } & (
  | { readonly does: 'batch'; readonly batch: Batch; readonly flag: StopFlag }
  | { readonly does: 'unload'; readonly adapter: string }
  | { readonly does: 'close' }
);

/** An adapter in a worker's memory. */
export interface InMemory extends LoadedAdapter {
  /** The same for all adapters whose texts can be read together; null where they are read alone. */
  readonly mixes: string | null;
}

export interface FromWorker {
  readonly id: number;
  /** Of a batch, one for each item. */
  readonly replies: readonly Reply<unknown>[];
  /** What is in the worker's memory now. */
  readonly loaded: readonly InMemory[];
}

/** What a worker is started with. */
export interface WorkerSettings {
  readonly backbone: string;
  /** Cores of each worker. */
  readonly threads: number;
  /** Of adapters that are kept, at most. */
  readonly adapterBytes: number;
  /** Of image tokens that are kept, at most. */
  readonly tokenBytes: number;
}

/** What is no error for users is a bug of ours. */
export function packError(error: unknown): PackedError {
  if (!(error instanceof UniAdapterError))
    return { code: 'internal', problem: { where: 'engine', what: 'failed', got: String(error) } };
  const { cause: _, ...problem } = error.problem;
  return { code: error.code, problem };
}

export const unpackError = ({ code, problem }: PackedError): UniAdapterError => new UniAdapterError(code, problem);
