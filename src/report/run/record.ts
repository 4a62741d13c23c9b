// What the folder of a run tells, whether the run is finished or not.

import { z } from 'zod';
import { readBytes } from '../../files/files.js';
import { readDescription } from '../../format/index.js';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import type { EventOf } from '../../train/loop/index.js';
import { eventsOf, type Logged, latest, readLog } from '../../train/run/log.js';
import { runFolder } from '../../weights/store/run-folder.js';
import type { Validation } from './data.js';

export interface RunRecord {
  readonly folder: string;
  readonly recipe: Recipe;
  /** The latest; null when it stopped before the first step. */
  readonly plan: EventOf<'plan'> | null;
  /** Null while the run is not finished. */
  readonly done: EventOf<'done'> | null;
  /** Each once, in order. */
  readonly steps: readonly EventOf<'step'>[];
  /** What training said of itself; absent where it said nothing. */
  readonly notices?: readonly string[];
  readonly validations: readonly Validation[];
  /** Of every process that worked on it. */
  readonly seconds: number;
}

/** @throws `file` if the folder holds no run; `recipe` if its recipe makes no sense */
export async function readRecord(folder: string): Promise<RunRecord> {
  const paths = runFolder(folder);
  const log = await readLog(paths.events);
  const recipe = parseRecipe(readDescription(z.unknown(), await readBytes(paths.recipe), paths.recipe), paths.recipe);
  return {
    folder,
    recipe,
    plan: eventsOf(log, 'plan').at(-1) ?? null,
    done: eventsOf(log, 'done').at(-1) ?? null,
    steps: latest(eventsOf(log, 'step'), ({ step }) => step),
    notices: [...new Set(eventsOf(log, 'notice').map(({ text }) => text))],
    validations: latest(
      eventsOf(log, 'evaluation').filter(({ split }) => split === 'val'),
      ({ epoch }) => epoch,
    ).flatMap(({ epoch, scores }) => (scores ? [{ epoch, scores }] : [])),
    seconds: secondsOf(log),
  };
}

/** Each process counts from its own start, which its plan tells. */
function secondsOf(log: readonly Logged[]): number {
  let [before, current] = [0, 0];
  for (const event of log) {
    if (event.type === 'plan') [before, current] = [before + current, 0];
    if (event.type === 'step' || event.type === 'done') current = event.seconds;
  }
  return before + current;
}
