// What is where in the folder of a run; docs/formats.md says what the files hold.

import { join } from 'node:path';

export interface RunFolder {
  /** The resolved recipe. */
  readonly recipe: string;
  /** One `TrainEvent` a line. */
  readonly events: string;
  readonly checkpoint: string;
  readonly adapter: string;
  readonly report: string;
  /** The folder of event files. */
  readonly tensorboard: string;
  /** There while a process trains, or after it was killed. */
  readonly lock: string;
}

export const runFolder = (path: string): RunFolder => ({
  recipe: join(path, 'recipe.json'),
  events: join(path, 'events.jsonl'),
  checkpoint: join(path, 'checkpoint'),
  adapter: join(path, 'adapter'),
  report: join(path, 'report.html'),
  tensorboard: join(path, 'tensorboard'),
  lock: join(path, 'lock'),
});
