// How far a step goes where nobody says. Swept over methods, tasks and lengths with the backbone that ships, and drawn to
// wider ones by what is published for them: docs/log.md, "A learning rate for whoever comes".

import type { TaskName } from '../../model/index.js';
import type { Recipe } from '../../recipe/index.js';

type MethodName = Recipe['method']['name'];

export interface Course {
  readonly method: MethodName;
  readonly task: TaskName;
  /** D of the backbone. */
  readonly width: number;
  /** B */
  readonly batch: number;
  /** Of the whole run. */
  readonly steps: number;
}

/** At D 128, B 32 and 400 steps. Retrieval compares whole batches, and bears more than a decoder's words do. */
const BASE: Readonly<Record<MethodName, Readonly<Record<TaskName, number>>>> = {
  uniadapter: { retrieval: 1.2e-2, answering: 1e-2, captioning: 8e-3 }, // its output is scaled by 0.1
  lora: { retrieval: 4e-3, answering: 5e-3, captioning: 4e-3 },
  bottleneck: { retrieval: 3e-3, answering: 2e-3, captioning: 2e-3 },
  heads: { retrieval: 8e-3, answering: 4e-3, captioning: 4e-3 },
  full: { retrieval: 5e-4, answering: 5e-4, captioning: 5e-4 },
};

/** Full fine-tuning of wide backbones is done at 1e-5 to 5e-5, adapters at 1e-4 to 1e-3: the former falls faster with D. */
const WIDTH_POWER: Readonly<Record<MethodName, number>> = {
  uniadapter: 1,
  lora: 1,
  bottleneck: 1,
  heads: 1,
  full: 1.5,
};

/**
 * The learning rate of a run, to two digits: larger batches are less noisy and bear more (by the root), longer runs need
 * less (by the root, beyond 400 steps), wider layers less.
 */
export function learningRateOf({ method, task, width, batch, steps }: Course): number {
  const byWidth = (128 / width) ** WIDTH_POWER[method];
  const byBatch = Math.sqrt(Math.min(batch, 256) / 32);
  const bySteps = Math.sqrt(400 / Math.max(400, steps));
  return Number((BASE[method][task] * byWidth * byBatch * bySteps).toPrecision(2));
}
