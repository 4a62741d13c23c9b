// A library is a folder of images and clips; an index holds their embeddings under one adapter.

import type { MediaKind } from '../data/items/index.js';

/** One embedding: of a file, or of a caption that came with it. A file without one is a row too: it is not tried again. */
export interface VectorRow {
  /** Of the row, over all kinds of rows; the same for the same file or caption in every index of the library. */
  readonly id: string;
  /** Id of the file. */
  readonly item: string;
  readonly of: RowKind;
  readonly kind: MediaKind;
  /** Relative to the library, `/` between. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** SHA-256 of the file. */
  readonly content: string;
  /** The caption; why a file is unreadable; empty for media. */
  readonly text: string;
  /** f32 [P], unit length; zeros of an unreadable file. */
  readonly vector: Float32Array;
}

export type RowKind = 'media' | 'caption' | 'unreadable';

/** What is known of a row beside its vector. */
export type KnownRow = Omit<VectorRow, 'vector'>;

export interface RowFilter {
  readonly of: RowKind;
  /** With its subfolders; empty is the library itself. */
  readonly folder?: string | undefined;
  readonly kind?: MediaKind | undefined;
  /** Milliseconds since 1970, inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly until?: number | undefined;
}

export interface Neighbour extends KnownRow {
  /** Cosine. */
  readonly similarity: number;
}

export interface NearestOptions {
  readonly limit: number;
  readonly offset: number;
  readonly filter: RowFilter;
  /** Compares with every row instead of asking the index. Default false. */
  readonly exact?: boolean;
}

/** Rows with vectors of one width, found by nearness, as long as their store is open. Implemented on LanceDB and on PostgreSQL with pgvector. */
export interface VectorTable {
  /** Adds rows; one with an id that is there takes its place. */
  put(rows: readonly VectorRow[]): Promise<void>;
  /** Ids that are not there are no error. */
  remove(ids: readonly string[]): Promise<void>;
  /** The most similar first, equals by id. */
  nearest(vector: Float32Array, options: NearestOptions): Promise<readonly Neighbour[]>;
  /** Every row, in no order; for finding out what changed. */
  known(): Promise<readonly KnownRow[]>;
  /** Vectors of rows by id, in the order asked for; undefined where there is none. */
  vectors(ids: readonly string[]): Promise<readonly (Float32Array | undefined)[]>;
  count(filter: RowFilter): Promise<number>;
  /** Makes searching fast again after many changes; cheap when nothing changed. */
  optimise(): Promise<void>;
}

/** What is kept with a table, by name. */
export type About = Readonly<Record<string, string>>;

export interface TableInfo {
  readonly name: string;
  /** P */
  readonly width: number;
  readonly about: About;
}

/** Where tables are. */
export interface VectorStore {
  /**
   * Opens a table, which is made when it is not there.
   *
   * @param about  kept with the table, in the place of what was kept under the same names
   * @throws format  when it is there with another width
   */
  table(name: string, width: number, about: About): Promise<VectorTable>;
  tables(): Promise<readonly TableInfo[]>;
  /**
   * Keeps other processes from writing to the same thing, until it is disposed of. Object stores have no locks: there two
   * that write at once do the same work twice.
   *
   * @param name  of whatever is written
   * @throws file  while another process has it
   */
  claim(name: string): Promise<AsyncDisposable>;
  /** Does nothing where there is none. */
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}
