// What a training would do, told before it starts: sizes, memory, steps, what is wrong with its data.

import { sizeOf } from '../../compiler/tensor/index.js';
import { checkDataset } from '../../data/dataset/dataset.js';
import { candidatesOf, framesOf, openData } from '../../data/dataset/open.js';
import { type Flaw, type Item, type LeftOut, SPLIT_NAMES, sampleCount, stepsPerEpoch } from '../../data/items/index.js';
import { parameterCount } from '../../model/index.js';
import { loadFresh } from '../../predict/programs/load.js';
import type { DecidedRecipe, Recipe } from '../../recipe/index.js';
import { adamwOptions, planStep, type StepPlan, stepPrograms } from '../loop/index.js';
import { decidedFor, decidedKeys } from './decided.js';
import { memoryOf, refuseUnlearnable, resolved, taskFor } from './train-run.js';

export interface RunPlan {
  readonly recipe: DecidedRecipe;
  /** Keys of it that were decided; dotted. */
  readonly decided: readonly string[];
  /** Of all splits. */
  readonly items: readonly Item[];
  readonly counts: { readonly train: number; readonly val: number; readonly test: number };
  /** F; null for images. */
  readonly frames: number | null;
  readonly parameters: { readonly trainable: number; readonly all: number };
  /** What trains, in the order of first use. */
  readonly trainable: readonly { readonly path: string; readonly parameters: number }[];
  readonly memory: StepPlan;
  /** What it may take. */
  readonly memoryBytes: number;
  /** In all, and of an epoch. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly flaws: readonly Flaw[];
  /** What of the data is not read. */
  readonly leftOut: readonly LeftOut[];
}

/** Larger datasets are not decoded for a plan; training will say what is wrong with their files. */
const THOROUGH_ITEMS = 2000;

/** Plans a run; nothing is written, compiled or trained. @throws as `trainRun` would before its first step */
export async function planRun(given: Recipe): Promise<RunPlan> {
  const opened = await openData(given, given.train.seed);
  const framed = resolved(given, opened);
  const all = SPLIT_NAMES.reduce((sum, name) => sum + opened.splits[name].items.length, 0);
  const { dataset, bad } =
    all > THOROUGH_ITEMS ? { dataset: opened, bad: opened.flaws } : await checkDataset(opened, { skipBad: true });
  refuseUnlearnable(dataset, given.task);
  const { frames } = framesOf(framed.data, []);
  const ready = await loadFresh(framed, frames);
  const recipe = decidedFor(framed, dataset, ready);
  const candidates = recipe.task === 'answering' ? await candidatesOf(recipe, dataset) : [];
  const task = taskFor(recipe, { ready, dataset, candidates });
  const { sizes } = stepPrograms(ready.model, task, adamwOptions(recipe));
  const memoryBytes = memoryOf(recipe);
  const { train, val, test } = dataset.splits;
  const perEpoch = stepsPerEpoch(sampleCount(train.items, task.texts), recipe.train);
  const trainable = sizes.trainable.map(({ path, shape }) => ({ path, parameters: sizeOf(shape) }));
  return {
    recipe,
    decided: decidedKeys(given, recipe),
    items: SPLIT_NAMES.flatMap((name) => dataset.splits[name].items),
    counts: { train: train.items.length, val: val.items.length, test: test.items.length },
    frames,
    parameters: {
      trainable: trainable.reduce((sum, { parameters }) => sum + parameters, 0),
      all: parameterCount(ready.model),
    },
    trainable,
    memory: planStep(ready.model, task, sizes, memoryBytes),
    memoryBytes,
    steps: recipe.train.epochs * perEpoch,
    stepsPerEpoch: perEpoch,
    flaws: bad,
    leftOut: dataset.leftOut,
  };
}
