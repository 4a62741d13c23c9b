// What is exported, and what comes of it.

import type { Recipe } from '../../recipe/index.js';

export interface ExportOptions {
  /** An adapter folder; null is the backbone alone, with a step that trains a new adapter for it. */
  readonly adapter: string | null;
  /** Task, backbone, and sizes of the training step. */
  readonly recipe: Recipe;
  /** Items that the programs of use take at once. */
  readonly batch: number;
}

export interface Exported {
  readonly folder: string;
  /** Names of what was written. */
  readonly files: readonly string[];
  /** Of the file that all programs share. */
  readonly weightsBytes: number;
}
