// The task that a recipe names.

import type { Scores } from '../../evaluate/index.js';
import { answeringTask } from './answering.js';
import { captioningTask } from './captioning.js';
import type { TaskOptions } from './options.js';
import { retrievalTask } from './retrieval.js';
import type { TrainTask } from './task.js';

/** @param positions  tokens the decoder reads at most */
export function taskOf(options: TaskOptions, positions: number): TrainTask<Scores | null> {
  switch (options.recipe.task) {
    case 'retrieval':
      return retrievalTask(options) as TrainTask<Scores | null>;
    case 'answering':
      return answeringTask(options) as TrainTask<Scores | null>;
    case 'captioning':
      return captioningTask(options, positions) as TrainTask<Scores | null>;
  }
}
