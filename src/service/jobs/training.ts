// Trainings that are asked for: planned at once, so that what is wrong is said then and not when their turn comes.

import { join } from 'node:path';
import { fail } from '../../error/index.js';
import { found } from '../../files/files.js';
import { NO_ADAPTER, type Service, type TrainRequest } from '../../server/index.js';
import type { Adapters } from '../adapters/adapters.js';
import type { StateFolder } from '../files/state.js';
import type { Place } from '../libraries/libraries.js';
import type { Aside } from './aside.js';
import { isOver } from './job-log.js';
import type { Jobs } from './jobs.js';
import { trainJob } from './train-work.js';

export interface TrainingTools {
  readonly aside: Aside;
  readonly datasets: readonly Place[];
  /** As it is opened. */
  readonly backbone: string;
  readonly jobs: Jobs;
  readonly adapters: Pick<Adapters, 'has'>;
  readonly state: Pick<StateFolder, 'runs'>;
}

/** Epochs of more steps are too long to wait for a checkpoint. */
const LONG_EPOCH = 500;

export function training(tools: TrainingTools): Pick<Service, 'planTraining' | 'startTraining'> {
  const { aside, datasets, backbone } = tools;
  const plan = ({ recipe }: TrainRequest, signal: AbortSignal) =>
    aside.ask('plan', { recipe, datasets, backbone }, signal);
  return {
    planTraining: async (request, { signal }) => (await plan(request, signal)).plan,
    async startTraining(request, { signal }) {
      await refuseTaken(request.name, tools);
      const { stepsPerEpoch } = await plan(request, signal);
      return tools.jobs.start(trainJob(withCheckpoints(request, stepsPerEpoch)));
    },
  };
}

/** Saved after each epoch unless the recipe says otherwise: that is when examples are looked at. */
function withCheckpoints({ name, recipe }: TrainRequest, stepsPerEpoch: number): TrainRequest {
  const given = recipe.train as Readonly<Record<string, number>> | undefined;
  if (stepsPerEpoch > LONG_EPOCH) return { name, recipe };
  return { name, recipe: { ...recipe, train: { checkpointEvery: stepsPerEpoch, ...given } } };
}

/** A run that was stopped has its name, too. */
async function refuseTaken(name: string, { jobs, adapters, state }: TrainingTools): Promise<void> {
  const isPlanned = jobs.list().some((job) => job.kind === 'train' && job.request.name === name && !isOver(job));
  const isThere = await found(join(state.runs, name));
  if (name === NO_ADAPTER || isPlanned || isThere || (await adapters.has(name)))
    fail('recipe', { where: `training ${name}`, what: 'the name is taken', fix: 'choose another one' });
}
