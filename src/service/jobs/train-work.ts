// A training as a job: our own `uniadapter train` in a process of its own, so that searches go on meanwhile.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../error/index.js';
import { writeAtomically } from '../../files/files.js';
import { type Job, type TrainRequest, trainRequestSchema } from '../../server/index.js';
import type { EventOf, TrainEvent } from '../../train/loop/index.js';
import type { StateFolder } from '../files/state.js';
import type { Examples } from './examples.js';
import type { Tell, Work } from './jobs.js';
import type { TrainingRecipes } from './training-recipe.js';

/** Runs our own command line with `--json` beside this process: its lines as they come. An abort is a Ctrl-C. */
export type RunCommand = (args: readonly string[], signal: AbortSignal) => AsyncIterable<unknown>;

export interface TrainTools {
  readonly state: StateFolder;
  readonly recipes: TrainingRecipes;
  readonly examples: Examples;
  readonly runCommand: RunCommand;
}

export function trainWork({ state, recipes, examples, runCommand }: TrainTools): Work {
  return async ({ request }, tell, signal) => {
    const { finish, ...asked } = request;
    const { name, recipe: given } = trainRequestSchema.parse(asked);
    const recipe = await recipes.resolve(given);
    const out = join(state.runs, name);
    const file = join(state.temporary, `${name}.recipe.json`);
    await Promise.all([state.runs, state.temporary].map((folder) => mkdir(folder, { recursive: true })));
    await writeAtomically(file, JSON.stringify(recipe));
    const show = examples.open(recipe, out, tell, signal);
    let last: TrainEvent | null = null;
    try {
      // with --resume also the first time: it starts where there is no checkpoint
      const how = finish === true ? '--finish' : '--resume';
      for await (const line of runCommand(['train', file, '--out', out, how, '--json'], signal)) {
        last = line as TrainEvent;
        tellOf(last, tell);
        show.after(last);
      }
    } finally {
      await Promise.all([show.close(), rm(file, { force: true })]);
    }
    if (last?.type === 'done') return 'done';
    if (last?.type === 'interrupted' || signal.aborted) return 'stopped';
    return fail('runtime', { where: 'train', what: 'ended before its time', fix: 'resume it' });
  };
}

function tellOf(event: TrainEvent, tell: Tell): void {
  tell.event({ type: 'train', event: JSON.parse(JSON.stringify(told(event))) });
  if (event.type === 'plan') tell.progress(event.resumedAt, event.steps, null);
  if (event.type === 'step') tell.progress(event.step, event.steps, event.secondsLeft);
}

/** Folders of this machine are left out. */
function told(event: TrainEvent): object {
  if (event.type === 'plan') return { ...event, run: 'run' };
  if (event.type === 'checkpoint' || event.type === 'interrupted') return { ...event, path: 'checkpoint' };
  if (event.type === 'done') return { ...event, adapter: 'adapter' } satisfies EventOf<'done'>;
  return event;
}

/** What such a job is asked for. */
export const trainJob = ({ name, recipe }: TrainRequest): Pick<Job, 'kind' | 'title' | 'request'> => ({
  kind: 'train',
  title: `Train ${name}`,
  request: { name, recipe },
});
