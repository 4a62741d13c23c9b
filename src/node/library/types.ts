// A library is a folder of images and clips; an index holds their embeddings under one adapter.

import type { MediaKind } from '../../data/index.js';

/** One embedding: of a file, or of a caption that came with it. */
export interface VectorRow {
  /** Of the row; the same for the same file or caption in every index of the library. */
  readonly id: string;
  /** Id of the file. */
  readonly item: string;
  readonly of: 'media' | 'caption';
  readonly kind: MediaKind;
  /** Relative to the library, `/` between. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** SHA-256 of the file. */
  readonly content: string;
  /** The caption; empty for media. */
  readonly text: string;
  /** f32 [P], unit length. */
  readonly vector: Float32Array;
}

export interface RowFilter {
  readonly of: 'media' | 'caption';
  /** With its subfolders. */
  readonly folder?: string | undefined;
  readonly kind?: MediaKind | undefined;
  /** Milliseconds since 1970, inclusive. */
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly until?: number | undefined;
}

export interface Neighbour extends Omit<VectorRow, 'vector'> {
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

/** Rows with vectors of one width, found by nearness. Implemented on LanceDB and on PostgreSQL with pgvector. */
export interface VectorTable {
  /** Adds rows; one with an id that is there takes its place. */
  put(rows: readonly VectorRow[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** The most similar first. */
  nearest(vector: Float32Array, options: NearestOptions): Promise<readonly Neighbour[]>;
  /** What is known of every row but its vector, in no order; for finding out what changed. */
  known(): Promise<readonly Pick<VectorRow, 'id' | 'item' | 'of' | 'path' | 'modified' | 'content'>[]>;
  /** Vectors of rows by id, in the order asked for; undefined where there is none. */
  vectors(ids: readonly string[]): Promise<readonly (Float32Array | undefined)[]>;
  count(filter: RowFilter): Promise<number>;
  /** Makes searching fast again after many changes; cheap when nothing changed. */
  optimise(): Promise<void>;
  close(): Promise<void>;
}

/** Where tables are. */
export interface VectorStore {
  /** Opens a table, which is made when it is not there. @param about  kept with the table @throws format  when it is there with another width */
  table(name: string, width: number, about: Readonly<Record<string, string>>): Promise<VectorTable>;
  tables(): Promise<readonly { readonly name: string; readonly about: Readonly<Record<string, string>> }[]>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}
