// What a reader of a format finds.
import type { Manifest } from '../../data/index.js';

/** Items with paths below `folder`, unless the user names another. */
export interface Source extends Manifest {
  /** The manifest, or the folder the dataset is in; for messages. */
  readonly source: string;
  readonly folder: string;
}
