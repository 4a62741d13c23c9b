// A run of the loop without files: the toy's task, a clock that stands still, and programs that are counted.

import type { Backend } from '../../compiler/runtime/index.js';
import { openDataset } from '../../data/dataset/dataset.js';
import { candidatesOf, framesOf } from '../../data/dataset/open.js';
import type { MediaSet } from '../../data/items/index.js';
import type { Scores } from '../../evaluate/index.js';
import { methodOf } from '../../model/index.js';
import { toyDecided, toyRecipe } from '../../node/toy.test-support.js';
import { loadFresh } from '../../predict/programs/load.js';
import { type TrainEvent, type Trained, type TrainJob, taskOf, train } from './index.js';

export type ToyJob = TrainJob<Scores | null>;

/** Programs in memory: how many now, and how many there ever were. */
export interface Programs {
  loaded: number;
  ever: number;
}

/** The job of a recipe, and its programs. @param data  of the toy */
export async function jobOf(
  backbone: string,
  data: string,
  changes: readonly string[] = [],
  change: Partial<ToyJob> = {},
): Promise<{ readonly job: ToyJob; readonly programs: Programs }> {
  const given = toyRecipe(backbone, data, changes);
  const dataset = await openDataset(data, { seed: 1 });
  const { frames, testFrames } = framesOf(given.data, dataset.splits.train.items);
  const recipe = toyDecided(given, frames);
  const { model, codec, preprocess } = await loadFresh(recipe, frames);
  const answers = dataset.splits.train.items.flatMap(({ questions }) => questions.flatMap(({ answers }) => answers));
  const options = { recipe, looking: { codec, preprocess, frames }, testFrames };
  const candidates = await candidatesOf(recipe, dataset);
  const task = taskOf({ ...options, candidates, answerTokens: codec.longest(answers) }, model.config.text.positions);
  const programs: Programs = { loaded: 0, ever: 0 };
  const job: ToyJob = {
    run: 'toy',
    model: { ...model, backend: counting(model.backend, programs) },
    recipe,
    task,
    evaluated: { method: methodOf(recipe, 'evaluation') },
    trainSet: () => dataset.splits.train,
    val: dataset.splits.val,
    test: dataset.splits.test,
    preprocess,
    frames,
    jitter: recipe.data.jitter,
    restore: async () => null,
    save: async () => 'saved',
    signal: new AbortController().signal,
    now: () => 0,
    ...change,
  };
  return { job, programs };
}

const counting = (backend: Backend, programs: Programs): Backend => ({
  ...backend,
  async load(model, files, scratchBytes) {
    const session = await backend.load(model, files, scratchBytes);
    programs.loaded++;
    programs.ever++;
    return {
      run: session.run,
      async release() {
        programs.loaded--;
        await session.release();
      },
    };
  },
});

export type ToyEvent = TrainEvent<Scores | null>;

/** All events of a job, and what it ends with. */
export async function finished(
  job: ToyJob,
): Promise<{ readonly events: readonly ToyEvent[]; readonly trained: Trained<Scores | null> | null }> {
  const running = train(job);
  const events: ToyEvent[] = [];
  for (;;) {
    const next = await running.next();
    if (next.done) return { events, trained: next.value };
    events.push(next.value);
  }
}

/** A set of which nothing can be decoded. */
export const broken = (set: MediaSet): MediaSet => ({ ...set, frames: () => Promise.reject(new Error('broken')) });
