// What a run folder tells, as the data of a report.

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { stringify } from 'yaml';
import { fail } from '../../error/index.js';
import type { Recipe } from '../../recipe/index.js';
import { writeAtomically } from '../files.js';
import { runFolder } from '../run/folder.js';
import type { EventOf, Scores, TrainEvent } from '../run/types.js';
import { curves, lossCurves, type Point } from './charts.js';
import type { Chart, Query, ReportData } from './data.js';
import { reportHtml } from './page.js';

/** What a report shows beside the run's own record, since it takes searching to know it. */
export interface Comparison {
  /** The backbone alone on the test split. */
  readonly before: Scores | null;
  readonly queries: readonly Query[];
  readonly gallery: string;
}

/**
 * Writes the report of a run as one HTML file.
 *
 * @param path    the file
 * @param folder  the run folder
 * @throws `file` if the run has no events, or the file cannot be written
 */
export async function writeReport(path: string, folder: string, recipe: Recipe, comparison: Comparison): Promise<void> {
  await writeAtomically(path, reportHtml(await collect(folder, recipe, comparison)));
}

/** Everything that a report of a run shows. */
export async function collect(folder: string, recipe: Recipe, comparison: Comparison): Promise<ReportData> {
  const events = await readEvents(folder);
  const plan = of(events, 'plan').at(-1) ?? fail('file', { where: folder, what: 'its events hold no plan of a run' });
  const done = of(events, 'done').at(-1) ?? null;
  const validations = latest(
    of(events, 'evaluation').filter(({ split }) => split === 'val'),
    ({ epoch }) => epoch,
  );
  const steps = latest(of(events, 'step'), ({ step }) => step);
  return {
    title: basename(resolve(folder)),
    plan,
    done,
    backbone: basename(recipe.backbone),
    after: done?.scores ?? null,
    validations,
    lossChart: steps.length > 1 ? await lossCurves(steps) : null,
    recallChart: validations.length > 1 ? await recallCurves(validations) : null,
    recipe: stringify(recipe),
    commands: commandsFor(done?.adapter ?? runFolder(folder).adapter),
    ...comparison,
  };
}

/** The events of a run, in order; a line that a crash cut off is left out. */
export async function readEvents(folder: string): Promise<readonly TrainEvent[]> {
  const path = runFolder(folder).events;
  const text = await readFile(path, 'utf8').catch((cause) =>
    fail('file', { where: folder, what: 'is no run', expected: `a folder with ${basename(path)}`, cause }),
  );
  return text.split('\n').flatMap((line): TrainEvent[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

const of = <T extends TrainEvent['type']>(events: readonly TrainEvent[], type: T): EventOf<T>[] =>
  events.filter((event): event is EventOf<T> => event.type === type);

/** A resumed run repeats what came after its checkpoint: of the same step, the later line counts. */
function latest<T>(events: readonly T[], key: (event: T) => number): T[] {
  const byKey = new Map(events.map((event) => [key(event), event]));
  return [...byKey].sort(([a], [b]) => a - b).map(([, event]) => event);
}

function recallCurves(validations: readonly Pick<EventOf<'evaluation'>, 'epoch' | 'scores'>[]): Promise<Chart> {
  const points = validations.flatMap(({ epoch, scores }): Point[] => [
    { x: epoch + 1, y: scores.textToMedia['R@1'] ?? 0, series: 'text → image' },
    { x: epoch + 1, y: scores.mediaToText['R@1'] ?? 0, series: 'image → text' },
  ]);
  return curves({ points, x: 'epoch', y: 'R@1, %', isZeroBased: true });
}

const commandsFor = (adapter: string): ReportData['commands'] => [
  { purpose: 'Search any folder of images:', command: `uniadapter search ${adapter} "your words" --images FOLDER` },
  { purpose: 'Measure it on other data:', command: `uniadapter evaluate ${adapter} --data FOLDER` },
];
