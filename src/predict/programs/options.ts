import type { UniAdapterError } from '../../error/index.js';
/** Which model, for everything that is done with one. */
export interface ModelOptions {
  /** An adapter folder; null is the backbone alone. */
  readonly adapter: string | null;
  /** Where there is no adapter that names one. */
  readonly backbone?: string;
  /** F of a clip; default as it was trained, or 8. */
  readonly frames?: number;
}

/** Told of a file that cannot be read. */
export type OnUnreadable = (path: string, error: UniAdapterError) => void;
