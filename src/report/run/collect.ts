// What a run folder tells, as the data of a report.

import { basename, resolve } from 'node:path';
import { stringify } from 'yaml';
import { fail } from '../../error/index.js';
import type { Scores } from '../../evaluate/index.js';
import { mediumOf } from '../../evaluate/index.js';
import type { Recipe } from '../../recipe/index.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { curves, lossCurves, type Point } from '../page/charts.js';
import type { Chart } from '../page/picture.js';
import type { Examples, ReportData, Validation } from './data.js';
import type { RunRecord } from './record.js';

/** What a report shows beside the run's own record, since it takes running the model to know it. */
export interface Trial {
  /** The backbone alone on the test split. */
  readonly before: Scores | null;
  readonly examples: Examples | null;
}

/** Everything that a report of a run shows. @throws `file` if the run stopped before its plan */
export async function collect({ folder, recipe, ...record }: RunRecord, trial: Trial): Promise<ReportData> {
  const { steps, validations, seconds, notices = [] } = record;
  const plan = record.plan ?? fail('file', { where: folder, what: 'its events hold no plan of a run' });
  const done = record.done && { ...record.done, seconds };
  return {
    title: basename(resolve(folder)),
    plan,
    done,
    backbone: basename(recipe.backbone),
    after: done?.scores ?? null,
    validations,
    notices,
    lossChart: steps.length > 1 ? await lossCurves(steps) : null,
    scoreChart: validations.length > 1 ? await scoreCurves(validations) : null,
    recipe: stringify(recipe),
    commands: commandsFor(recipe.task, done?.adapter ?? runFolder(folder).adapter),
    ...trial,
  };
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
