// What somebody chooses before a training, and the recipe that follows from it.

import type { Dataset, TrainRequest } from '../../../../src/server/schema/index.js';

export const TASKS = ['retrieval', 'answering', 'captioning'] as const;
export type Task = (typeof TASKS)[number];
export const METHODS = ['uniadapter', 'lora', 'bottleneck', 'heads', 'full'] as const;
export type MethodName = (typeof METHODS)[number];
export const EFFORTS = ['quick', 'normal', 'thorough'] as const;
export type Effort = (typeof EFFORTS)[number];

/** Everything that can be changed one by one. */
export interface Settings {
  readonly method: MethodName;
  /** R; the rank of lora; methods without one ignore it. */
  readonly size: number;
  readonly epochs: number;
  readonly batch: number;
  /** Null: as data, method and length ask for. */
  readonly learningRate: number | null;
  /** F; pictures have none. */
  readonly frames: number;
  /** Whether training pictures are cropped, mirrored and changed in tone. */
  readonly augment: boolean;
}

export interface Choices extends Settings {
  readonly name: string;
  readonly dataset: Dataset;
  readonly task: Task;
  /** Whether entries that cannot be used are left out; otherwise nothing is started while there are any. */
  readonly skipBad: boolean;
}

type Amounts = Pick<Dataset, 'items' | 'captions' | 'questions' | 'splits'>;

/** Steps to come near to, and passes not to exceed. */
const AMOUNT: Readonly<Record<Effort, { readonly steps: number; readonly epochs: number; readonly size: number }>> = {
  quick: { steps: 60, epochs: 4, size: 32 },
  normal: { steps: 400, epochs: 15, size: 64 },
  thorough: { steps: 2000, epochs: 50, size: 128 },
};
const BATCH = 32;

/** Tasks that a dataset has texts for. */
export const tasksOf = ({ captions, questions }: Pick<Dataset, 'captions' | 'questions'>): readonly Task[] =>
  TASKS.filter((task) => (task === 'answering' ? questions > 0 : captions > 0));

/** Captions or questions that train, as far as can be told from counts. */
export function samplesOf({ items, captions, questions, splits }: Amounts, task: Task): number {
  const texts = task === 'answering' ? questions : captions;
  return Math.round((texts * splits.train) / Math.max(1, items));
}

export function settingsOf(effort: Effort, { dataset, task }: Pick<Choices, 'dataset' | 'task'>): Settings {
  const { steps, epochs, size } = AMOUNT[effort];
  const samples = samplesOf(dataset, task);
  const batch = Math.max(2, Math.min(BATCH, samples));
  const perEpoch = Math.max(1, Math.ceil(samples / batch));
  return {
    method: 'uniadapter',
    size,
    epochs: Math.min(epochs, Math.max(1, Math.round(steps / perEpoch))),
    batch,
    learningRate: null,
    frames: 4,
    augment: false,
  };
}

/** What the server is asked for. */
export function requestOf(choices: Choices): TrainRequest {
  const { name, dataset, task, epochs, batch, learningRate } = choices;
  return {
    name,
    recipe: {
      task,
      method: methodOf(choices),
      data: {
        path: dataset.name,
        augment: choices.augment ? 'release' : 'none',
        skipBad: choices.skipBad,
        ...(dataset.kind !== 'images' && { frames: choices.frames }),
      },
      ...(learningRate !== null && { optimiser: { learningRate } }),
      train: { epochs, batch },
    },
  };
}

function methodOf({ method, size }: Pick<Settings, 'method' | 'size'>): Readonly<Record<string, string | number>> {
  if (method === 'lora') return { name: method, rank: size };
  return method === 'uniadapter' || method === 'bottleneck' ? { name: method, bottleneck: size } : { name: method };
}
