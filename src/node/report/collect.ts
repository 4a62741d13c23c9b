// What a run folder tells, as the data of a report.

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { stringify } from 'yaml';
import { fail } from '../../error/index.js';
import type { Recipe } from '../../recipe/index.js';
import { writeAtomically } from '../files.js';
import { runFolder } from '../run/folder.js';
import type { EventOf, Scores, TrainEvent } from '../run/types.js';
import { mediumOf } from '../terminal/index.js';
import { curves, lossCurves, type Point } from './charts.js';
import type { Chart, Examples, ReportData, Validation } from './data.js';
import { reportHtml } from './page.js';

/** What a report shows beside the run's own record, since it takes running the model to know it. */
export interface Comparison {
  /** The backbone alone on the test split. */
  readonly before: Scores | null;
  readonly examples: Examples | null;
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
  ).flatMap(({ epoch, scores }) => (scores ? [{ epoch, scores }] : []));
  const steps = latest(of(events, 'step'), ({ step }) => step);
  return {
    title: basename(resolve(folder)),
    plan,
    done,
    backbone: basename(recipe.backbone),
    after: done?.scores ?? null,
    validations,
    lossChart: steps.length > 1 ? await lossCurves(steps) : null,
    scoreChart: validations.length > 1 ? await scoreCurves(validations) : null,
    recipe: stringify(recipe),
    commands: commandsFor(recipe.task, done?.adapter ?? runFolder(folder).adapter),
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

function scoreCurves(validations: readonly Validation[]): Promise<Chart> {
  const points = validations.flatMap(({ epoch, scores }): Point[] =>
    curvesOf(scores).map(([series, y]) => ({ x: epoch + 1, y, series })),
  );
  const [first] = validations;
  return curves({ points, x: 'epoch', y: first?.scores.task === 'captioning' ? 'score' : '%', isZeroBased: true });
}

/** The figures worth a curve. */
function curvesOf(scores: Scores): readonly (readonly [string, number])[] {
  const medium = mediumOf(scores);
  switch (scores.task) {
    case 'retrieval':
      return [
        [`text → ${medium}, R@1`, scores.textToMedia['R@1'] ?? 0],
        [`${medium} → text, R@1`, scores.mediaToText['R@1'] ?? 0],
      ];
    case 'answering':
      return [['accuracy', scores.accuracy]];
    case 'captioning':
      return [
        ['CIDEr', scores.CIDEr],
        ['BLEU-4', scores.BLEU[3]],
      ];
  }
}

function commandsFor(task: Recipe['task'], adapter: string): ReportData['commands'] {
  const use = {
    retrieval: { purpose: 'Search any folder:', command: `uniadapter search ${adapter} "your words" --in FOLDER` },
    answering: { purpose: 'Ask about any file:', command: `uniadapter ask FILE "your question" --adapter ${adapter}` },
    captioning: { purpose: 'Caption any files:', command: `uniadapter caption FILES --adapter ${adapter}` },
  };
  const measure = `uniadapter evaluate ${adapter} --data FOLDER`;
  return [use[task], { purpose: 'Measure it on other data:', command: measure }];
}
