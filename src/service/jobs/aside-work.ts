// What a server does aside, in threads of their own: work of a second or a minute that computes between two awaits, during
// which nobody else would be answered.

import { found } from '../../files/files.js';
import { loadTrained } from '../../predict/programs/load.js';
import type { Dataset, TrainPlan } from '../../server/index.js';
import { planRun } from '../../train/run/plan-run.js';
import { openAdapter } from '../../weights/store/adapter-folder.js';
import type { AdapterChecks } from '../adapters/adapter-checks.js';
import { adapterDetails } from '../adapters/adapter-details.js';
import { refuseGreedy } from '../adapters/adapter-upload-limits.js';
import { datasetIn, describeDataset, refuseDataset } from '../libraries/datasets.js';
import type { Place } from '../libraries/libraries.js';
import { trainPlanOf } from './training-plan.js';
import { trainingRecipes } from './training-recipe.js';

/** What is done aside: for every kind what it is given and what comes of it, both such as threads can be sent. */
export interface AsideKinds extends AdapterChecks {
  /** Checks a recipe and plans its training. */
  readonly plan: {
    readonly given: {
      readonly recipe: Readonly<Record<string, unknown>>;
      readonly datasets: readonly Place[];
      readonly backbone: string;
    };
    readonly result: { readonly plan: TrainPlan; readonly stepsPerEpoch: number };
  };
  readonly dataset: { readonly given: Place; readonly result: Dataset };
}
export type AsideKind = keyof AsideKinds;

type Does = {
  readonly [K in AsideKind]: (given: AsideKinds[K]['given']) => Promise<AsideKinds[K]['result']>;
};

export const doAside: Does = {
  async plan({ recipe, datasets, backbone }) {
    const resolved = await trainingRecipes(datasets, backbone).resolve(recipe);
    const { folder, name } = datasetIn(datasets, resolved.data.path);
    const plan = await planRun(resolved).catch(async (error) => {
      if (await found(folder)) throw error;
      return refuseDataset(error, name);
    });
    return { plan: trainPlanOf(plan), stepsPerEpoch: plan.stepsPerEpoch };
  },
  async adapter({ folder, backbone }) {
    const adapter = await openAdapter(folder);
    refuseGreedy(adapter);
    await loadTrained({ adapter: folder, task: adapter.info.task, backbone });
    return null;
  },
  details: ({ shelved, ...about }) => adapterDetails(shelved, about),
  dataset: describeDataset,
};
