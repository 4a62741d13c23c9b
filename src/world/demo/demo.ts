// The demo: a domain the backbone has never seen; three tasks, each measured before, trained, measured after, reported.
// Everything goes through what users call; the demo only draws the data and tells the story.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type Step, type Steps, scoreLine } from '../../cli/terminal/index.js';
import { fail } from '../../error/index.js';
import type { Scores } from '../../evaluate/index.js';
import { found, readText } from '../../files/files.js';
import { override, parseRecipe, type Recipe } from '../../recipe/index.js';
import { reportRun } from '../../report/index.js';
import type { EventOf } from '../../train/loop/index.js';
import type { Run } from '../../verbs/types.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { type DemoTask, dataFolder, itemsOf, TASKS, writeData } from './tasks.js';

export interface DemoOptions {
  readonly run: Run;
  /** Where everything goes. */
  readonly out: string;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

export interface DemoResult {
  readonly task: DemoTask;
  readonly before: Scores;
  readonly after: Scores;
  readonly plan: EventOf<'plan'>;
  readonly done: EventOf<'done'>;
  /** Path of the HTML file. */
  readonly report: string;
}

/** Steps of the demo, for {@link Steps}: drawing, and two of each task. */
export const DEMO_STEPS = 1 + 2 * TASKS.length;

/** @returns null when it was interrupted: the next run goes on from the checkpoint */
export async function demo(options: DemoOptions): Promise<readonly DemoResult[] | null> {
  const { out, steps, signal } = options;
  await mkdir(join(out, 'data'), { recursive: true });
  const [pictures, clips] = [itemsOf('pictures'), itemsOf('clips')];
  await steps.run(`Draw ${pictures} pictures and ${clips} clips in art the backbone has never seen`, async (step) => {
    for (const data of ['pictures', 'clips'] as const)
      if (!signal.aborted)
        await writeData(out, data, { signal, onProgress: progress(step) }).catch(unlessAborted(signal));
  });
  const results: DemoResult[] = [];
  for (const task of TASKS) {
    const result = signal.aborted ? null : await adapt(task, options);
    if (!result) return null;
    results.push(result);
  }
  return results;
}

const unlessAborted = (signal: AbortSignal) => (error: unknown) => {
  if (!signal.aborted) throw error;
};

async function adapt(task: DemoTask, { run, out, steps, signal }: DemoOptions): Promise<DemoResult | null> {
  const folder = join(out, task.name);
  const recipe = await demoRecipe(task, dataFolder(out, task.data));
  if (await isThere(runFolder(folder).adapter)) await rm(folder, { recursive: true }); // an earlier demo's, complete
  const trained = await steps.run(`Train an adapter to ${task.title}`, (step) =>
    trainAdapter(run, recipe, { folder, signal }, step),
  );
  if (!trained) return null;
  const report = await steps.run('Write a report', (step) => {
    return reportRun(folder, { run, examples: 6, gallery: 200, onProgress: step.update });
  });
  const { scores, before } = trained.done;
  return { task, before: measured(before), after: measured(scores), ...trained, report };
}

/** recipes/demo-NAME.yaml, from the package. */
async function demoRecipe({ name }: DemoTask, data: string): Promise<Recipe> {
  const path = fileURLToPath(new URL(`../../../recipes/demo-${name}.yaml`, import.meta.url));
  return parseRecipe(override(parse(await readText(path)), [`data.path=${JSON.stringify(data)}`]), path);
}

async function trainAdapter(
  run: Run,
  recipe: Recipe,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
  step: Step,
): Promise<Pick<DemoResult, 'plan' | 'done'> | null> {
  let plan: EventOf<'plan'> | null = null;
  for await (const event of run.trainRun(recipe, { out: folder, resume: true, signal })) {
    if (event.type === 'plan') plan = event;
    if (event.type === 'step') {
      const detail = `loss ${event.losses.total?.toFixed(2)}`;
      step.update({ done: event.step, all: event.steps, secondsLeft: event.secondsLeft, detail });
    }
    if (event.type !== 'done' || !plan) continue;
    step.summarise(scoreLine(measured(event.scores)));
    return { plan, done: event };
  }
  return null;
}

const measured = (scores: Scores | null | undefined): Scores =>
  scores ?? fail('internal', { where: 'demo', what: 'nothing was scored' });

const progress = (step: Step) => (done: number, all: number) => step.update({ done, all });

const isThere = async (path: string): Promise<boolean> => (await found(path)) !== null;
