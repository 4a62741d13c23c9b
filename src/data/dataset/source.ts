// What a reader of a format finds, and what it is told.

import type { VariantName } from '../../recipe/index.js';
import type { Manifest } from '../items/index.js';

/** Items with paths below `folder`, unless the user names another. */
export interface Source extends Manifest {
  /** The manifest, or the folder the dataset is in; for messages. */
  readonly source: string;
  readonly folder: string;
  /** Names of the manifests that were read; absent where captions lie beside their files, or where the format is another. */
  readonly manifests?: readonly string[];
  /** Annotation files that training needs and that are not there; evaluation can do without. Default: none. */
  readonly absent?: readonly string[];
  /** The answers to choose from, where the dataset comes with a list of them. */
  readonly answers?: readonly string[];
}

export interface ReadOptions {
  /** Folder in which media are, instead of the dataset's own. Default null. */
  readonly mediaRoot?: string | null;
  /** Which splits, where a format has several ways of cutting it; null is its first. Default null. */
  readonly variant?: VariantName | null;
  /** Whether Visual Genome's questions train too. Default false. */
  readonly visualGenome?: boolean;
}

/** @param path  absolute @throws what keeps it from being read at all */
export type Reader = (path: string, options: ReadOptions) => Promise<Source>;
