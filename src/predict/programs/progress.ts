// How far long work is.

export interface Status {
  readonly title: string;
  readonly done: number;
  readonly all: number;
  /** Estimated from done and all if it is not given. */
  readonly secondsLeft?: number;
  /** Further words behind the bar, such as a loss. */
  readonly detail?: string;
}

export type OnProgress = (done: number, all: number) => void;
