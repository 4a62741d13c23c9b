// The same few searches, questions or captions of the test split, before training and while it goes on: numbers say that
// a model gets better, examples say at what.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { candidatesOf, framesOf, openData } from '../../data/dataset/open.js';
import { UniAdapterError } from '../../error/index.js';
import type { AdapterChoice, Engine } from '../../predict/local/types.js';
import type { Recipe } from '../../recipe/index.js';
import type { EventOf, TrainEvent } from '../../train/loop/index.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { writeSnapshot } from '../files/snapshot.js';
import { datasetIn } from '../libraries/datasets.js';
import type { Place } from '../libraries/libraries.js';
import { drawExamples, lookAt } from './example-looks.js';
import type { Tell } from './jobs.js';

export interface Examples {
  /** @param run  its folder @param signal  when aborted, what is not under way is not looked at any more */
  open(recipe: Recipe, run: string, tell: Tell, signal: AbortSignal): Show;
}

export interface Show {
  /** Looks at the examples where the event gives reason to; work goes on after this returns. */
  after(event: TrainEvent): void;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

export interface ExampleTools {
  readonly engine: Engine;
  readonly datasets: readonly Place[];
  /** For adapters that are looked at once. */
  readonly temporary: string;
  /** Whether models are small enough to look in between; else only at the end. */
  readonly isCheap: boolean;
  readonly onBug: (error: unknown) => void;
}

export function createExamples({ engine, datasets, temporary, isCheap, onBug }: ExampleTools): Examples {
  return {
    open(recipe, run, tell, signal) {
      let plan: EventOf<'plan'> | null = null;
      let underWay = Promise.resolve();
      const prepared = prepare(recipe, datasets);
      prepared.catch(() => null); // told when it is needed

      const look = async (adapter: AdapterChoice, epoch: number) => {
        const { set, looked } = await prepared;
        const examples = await lookAt(set, { adapter, engine, recipe: looked });
        if (examples.length > 0) tell.event({ type: 'examples', epoch, examples: [...examples] });
      };
      const lookAtCheckpoint = async (epoch: number) => {
        const { looked, answers } = await prepared;
        const folder = join(temporary, `snapshot-${randomUUID()}`);
        await writeSnapshot(folder, run, { recipe: looked, answers });
        try {
          await look(folder, epoch);
        } finally {
          await engine.unload(folder);
          await rm(folder, { recursive: true, force: true });
        }
      };
      /** One after the other; what goes wrong with examples does not stop a training. */
      const then = (work: () => Promise<void>) => {
        const wanted = () => (signal.aborted ? undefined : work());
        underWay = underWay.then(wanted).catch((error: unknown) => {
          if (!(error instanceof UniAdapterError)) onBug(error);
        });
      };

      return {
        after(event) {
          if (event.type === 'plan') {
            plan = event;
            if (event.resumedAt === 0) then(() => look(null, 0));
          }
          const epoch = plan && event.type === 'checkpoint' ? event.step / (plan.steps / plan.epochs) : 0.5;
          const isEnd = plan?.epochs === epoch; // then the adapter comes, which may be that of an earlier epoch
          if (isCheap && Number.isInteger(epoch) && !isEnd) then(() => lookAtCheckpoint(epoch));
          if (event.type === 'done') then(() => look(runFolder(run).adapter, plan?.epochs ?? 1));
        },
        close: () => underWay,
      };
    },
  };
}

async function prepare(given: Recipe, datasets: readonly Place[]) {
  const place = datasetIn(datasets, given.data.path);
  const opened = await openData(given, given.train.seed);
  const items = Object.values(opened.splits).flatMap((split) => [...split.items]);
  const looked = { ...given, data: { ...given.data, frames: framesOf(given.data, items).frames } };
  const answers = given.task === 'answering' ? await candidatesOf(looked, opened) : [];
  const set = await drawExamples(opened.splits.test, { task: given.task, seed: given.train.seed, place });
  return { set, looked, answers };
}
