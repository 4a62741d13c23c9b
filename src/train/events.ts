// What long work tells while it runs; the command line, reports, server and pages all read these.

import type { Scores } from '../evaluate/index.js';

export type TrainEvent =
  | PlanEvent
  | StepEvent
  | {
      readonly type: 'evaluation';
      readonly epoch: number;
      readonly split: 'val' | 'test';
      readonly scores: Scores;
      readonly seconds: number;
    }
  | { readonly type: 'skipped'; readonly image: string; readonly problem: string }
  | { readonly type: 'checkpoint'; readonly step: number; readonly path: string }
  | { readonly type: 'interrupted'; readonly step: number; readonly path: string }
  | DoneEvent;

/** First of all: what is going to happen. */
export interface PlanEvent {
  readonly type: 'plan';
  readonly run: string;
  readonly method: string;
  readonly parameters: { readonly trainable: number; readonly all: number };
  /** Images. */
  readonly samples: { readonly train: number; readonly val: number; readonly test: number };
  readonly epochs: number;
  readonly steps: number;
  readonly batch: number;
  /** Steps done before, 0 for a new run. */
  readonly resumedAt: number;
}

export interface StepEvent {
  readonly type: 'step';
  /** Updates done, this one included. */
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** Since this process started training. */
  readonly seconds: number;
  readonly secondsLeft: number;
}

/** The adapter is written. */
export interface DoneEvent {
  readonly type: 'done';
  readonly adapter: string;
  readonly adapterBytes: number;
  readonly backboneBytes: number;
  readonly seconds: number;
  readonly scores: Scores | null;
}
