// What is learnt, as the step and the loop see it. One file beside this one per task; pre-training brings its own.

import type { Feeds } from '../../compiler/runtime/index.js';
import type { NumberArray, Tensor } from '../../compiler/tensor/index.js';
import type { Item, MediaSet, Sample, TextCount } from '../../data/items/index.js';
import type { Shown, Stages } from '../../evaluate/index.js';
import type { LoadedModel } from '../../model/index.js';
import type { Declaration } from '../../model/nn/index.js';
import type { Model } from '../../model/task/index.js';
import type { TrainState } from './state.js';

/** Sizes that a step's program is compiled for, by name. */
export type StepSizes = Readonly<Record<string, number | null>>;

/** The forward half of a step, traced. */
export interface TracedStep {
  /** Unweighted, scalars. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** Their weighted sum, scalar. */
  readonly total: Tensor;
  /** What trains and has a part in `total`. */
  readonly trained: readonly Declaration[];
  /** New moving averages by the path of what they follow. */
  readonly momentum?: Readonly<Record<string, Tensor>>;
  /** What else the task wants to keep of a step. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
}

/** A batch's texts as arrays, and the sizes of the program that takes them. */
export interface EncodedSamples {
  readonly feeds: Feeds;
  readonly sizes: StepSizes;
}

export type Results = Record<string, NumberArray>;

export interface StepBatch {
  /** Media and texts. */
  readonly feeds: Feeds;
  readonly sizes: StepSizes;
}

export interface Gradients {
  /** @returns `total`, `loss/…`, `gradient/…` of what trains, and what the task wants to keep, by name */
  run(batch: StepBatch): Promise<Results>;
  release(): Promise<void>;
}

/** What a program computes, by output name; to be called while tracing. */
export type Build = () => Readonly<Record<string, Tensor>>;

/** A way to compute a batch's gradients piece by piece: what it takes is known before anything is compiled. */
export interface InPieces {
  /** By name. */
  readonly programs: Readonly<Record<string, Build>>;
  /** Of arrays that are kept between programs. */
  readonly betweenBytes: number;
  /** Whether nothing is computed twice, so that pieces cost no time. */
  readonly isFree: boolean;
  open(model: LoadedModel): Promise<Gradients>;
}

export interface TrainTask<S> {
  /** Texts of an item that are samples of their own: its captions or its questions. */
  readonly texts: TextCount;
  /** Sizes of most steps: what trains is told from a program of these. */
  readonly sizes: StepSizes;
  /** Feeds with texts, i32 [*, sizes.tokens]; absent where there are none whose padding could be left out. */
  readonly padded?: { readonly ids: string; readonly mask: string };
  /** Rows of the feature queues; 0 for none. */
  readonly queue: number;
  /** @param items  of the set that the samples number */
  encode(items: readonly Item[], samples: readonly Sample[]): EncodedSamples;
  trace(model: Model, sizes: StepSizes): TracedStep;
  /**
   * The gradients of a batch from pieces of it, in less memory and more time; absent where a batch is always one piece.
   *
   * @param piece  samples that are computed at once; divides the batch
   */
  inPieces?(model: Model, piece: number): InPieces;
  /** What a step is fed with beside parameters, batch and rates: queues, noise. */
  feeds?(state: TrainState): Feeds;
  /** Takes out of a step's results what later ones need. */
  keep?(state: TrainState, results: Readonly<Record<string, NumberArray>>, feeds: Feeds): void;
  /**
   * @param shown  what is known of re-ranking by this model, where the recipe leaves it open; `itself` does what these scores
   *   show, as on a validation split. Default: nothing
   */
  evaluate(model: LoadedModel, set: MediaSet, shown?: Shown | 'itself' | null): Promise<S>;
  /** What a validation shows of re-ranking; absent where there is none. */
  stages?(scores: S): Stages | null;
  /** The figure by which the best epoch is chosen: larger is better, −∞ is never chosen. */
  selectionMetric(scores: S): number;
}
