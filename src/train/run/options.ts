import type { OnProgress } from '../../predict/programs/progress.js';
export interface TrainOptions {
  readonly out: string;
  /** Continue from the checkpoint in `out`; from the start if there is none. */
  readonly resume: boolean;
  /** Train no further: write the best so far as the adapter. Default false. */
  readonly finish?: boolean;
  /** When aborted, a checkpoint is written, `interrupted` is the last event. */
  readonly signal: AbortSignal;
  /** While files are decoded once before the first step. */
  readonly onCheck?: OnProgress;
}
