// What long work tells while it runs; the command line, reports, server and pages all read these.

import type { Scores } from '../../evaluate/index.js';
import type { TaskName } from '../../model/index.js';
import type { StepPlan } from './plan.js';

export type EventOf<T extends TrainEvent['type']> = Extract<TrainEvent, { readonly type: T }>;

/** @typeParam S  what the task's evaluation measures; null where it measured nothing */
export type TrainEvent<S = Scores | null> =
  | PlanEvent
  | StepEvent
  | BeforeEvent<S>
  | {
      readonly type: 'evaluation';
      readonly epoch: number;
      readonly split: 'val' | 'test';
      readonly scores: S;
      readonly seconds: number;
    }
  | NoticeEvent
  | { readonly type: 'skipped'; readonly media: string; readonly problem: string }
  | { readonly type: 'checkpoint'; readonly step: number; readonly path: string }
  | { readonly type: 'interrupted'; readonly step: number; readonly path: string }
  | DoneEvent<S>;

/** First of all: what is going to happen. */
export interface PlanEvent {
  readonly type: 'plan';
  readonly run: string;
  readonly task: TaskName;
  readonly method: string;
  /** What is otherwise with this backbone than the method says; absent where nothing is. */
  readonly note?: string;
  readonly parameters: { readonly trainable: number; readonly all: number };
  /** Images or clips. */
  readonly items: { readonly train: number; readonly val: number; readonly test: number };
  /** Captions or questions that train. */
  readonly samples: number;
  /** F; null for images. */
  readonly frames: number | null;
  readonly epochs: number;
  readonly steps: number;
  readonly batch: number;
  /** Steps done before, 0 for a new run. */
  readonly resumedAt: number;
  /** In how large pieces a batch is computed, and what that takes. */
  readonly memory: StepPlan;
  /** Absent in logs of before 0.2, as is `decided`. */
  readonly settings?: PlanSettings;
  /** Keys of the recipe that were decided for this run; dotted. */
  readonly decided?: readonly string[];
}

/** What people ask of a training before it starts. */
export interface PlanSettings {
  /** At its highest. */
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly augment: 'none' | 'release';
  /** Whether half of the training pictures are mirrored. */
  readonly flip: boolean;
  /** Epochs; 0 = only at the end. */
  readonly evaluateEvery: number;
  /** Evaluations; 0 = never. */
  readonly patience: number;
  /** Q and μ of retrieval. */
  readonly queue?: number;
  readonly momentum?: number;
}

/** Something about the training that people should know, in words, with what to try. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly step: number;
  readonly about: 'loss' | 'scores' | 'stopped';
  readonly text: string;
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

/** What the backbone scores alone, before the first step. */
export interface BeforeEvent<S = Scores | null> {
  readonly type: 'before';
  readonly split: 'val' | 'test';
  readonly scores: S;
  readonly seconds: number;
}

/** The adapter is written. */
export interface DoneEvent<S = Scores | null> {
  readonly type: 'done';
  readonly adapter: string;
  readonly adapterBytes: number;
  readonly backboneBytes: number;
  readonly seconds: number;
  readonly scores: S | null;
  /** Of the backbone alone; null where it was not measured, absent in runs of version 0.1. */
  readonly before?: S | null;
}
