// What the backbone can do alone, measured once, before the first step: without it nobody knows what training brought.

import type { MediaSet } from '../../data/items/index.js';
import type { Shown } from '../../evaluate/index.js';
import type { LoadedModel } from '../../model/index.js';
import type { TrainEvent } from './events.js';
import type { TrainTask } from './task.js';

/** The backbone without what trains. */
export interface Bare<S> {
  readonly model: LoadedModel;
  /** What is known of re-ranking by it, where validation cannot show it. */
  readonly shown: Shown | null;
  /** What a run that goes on has measured already. */
  readonly known: Partial<Readonly<Record<'val' | 'test', S>>>;
}

/** What of a job it takes. */
interface Measuring<S> {
  readonly bare?: Bare<S>;
  readonly task: TrainTask<S>;
  readonly val: MediaSet;
  readonly test: MediaSet;
  /** Milliseconds from any origin. */
  now(): number;
}

/** Measures the backbone on the validation and the test split, as what is trained will be. */
export async function* measureBefore<S>({ bare, task, now, ...sets }: Measuring<S>): AsyncGenerator<TrainEvent<S>> {
  if (!bare) return;
  let { shown } = bare;
  for (const split of ['val', 'test'] as const) {
    if (sets[split].items.length === 0) continue;
    const started = now();
    const known = bare.known[split];
    const scores = known ?? (await task.evaluate(bare.model, sets[split], split === 'val' ? 'itself' : shown));
    if (known === undefined) yield { type: 'before', split, scores, seconds: (now() - started) / 1000 };
    const stages = split === 'val' ? task.stages?.(scores) : null;
    if (stages) shown = { by: 'validation', stages };
  }
}
