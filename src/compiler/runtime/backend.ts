// What the core asks of an engine that runs ONNX models. Implemented once per platform, under node/ and web/.

import type { Lowered, Target } from '../onnx/index.js';
import type { NumberArray } from '../tensor/index.js';

export type Feeds = Readonly<Record<string, NumberArray>>;

/** Bytes that the model refers to as external data, by file name. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface Session {
  run(feeds: Feeds): Promise<Record<string, NumberArray>>;
  release(): Promise<void>;
}

export interface Backend {
  readonly target: Target;
  /**
   * The name by which models refer to a file, which is then mapped: numbers in it take no memory of their own, and
   * programs and processes share them. Absent where there are no files.
   */
  nameOf?(file: string): string;
  /** Memory that programs may take now; absent where nobody can tell. */
  freeBytes?(): number;
  /** @param scratchBytes  about what it needs for its intermediate values while it runs */
  load(model: Lowered, files: Files, scratchBytes: number): Promise<Session>;
}
