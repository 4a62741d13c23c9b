// From a run folder to its report: measures the backbone alone, repeats examples with and without the adapter, writes the page.

import { parseRecipe, type Recipe } from '../../recipe/index.js';
import { checkDataset, type Dataset } from '../data/dataset.js';
import { readBytes } from '../files.js';
import { framesOf, openData } from '../run/data.js';
import { runFolder } from '../run/folder.js';
import type { Run, Scores } from '../run/types.js';
import type { Status } from '../terminal/index.js';
import { type Comparison, readEvents, writeReport } from './collect.js';
import { drawExamples } from './examples.js';

export interface RunReportOptions {
  readonly run: Pick<Run, 'evaluateRun' | 'openSearch' | 'openAsking' | 'caption'>;
  /** The HTML file; default: report.html in the run folder. */
  readonly out?: string;
  /** The backbone's scores on the test split, if they are known already; else they are measured. */
  readonly before?: Scores;
  /** How many searches, questions or captions are shown. */
  readonly examples: number;
  /** How many test items are searched, at most. */
  readonly gallery: number;
  readonly onProgress: (status: Status) => void;
}

/**
 * Writes the report of a run folder. Before training is done, or without a test split, there is nothing to compare.
 *
 * @returns the path of the HTML file
 * @throws `file` if the folder holds no run; `data` as training would
 */
export async function reportRun(folder: string, options: RunReportOptions): Promise<string> {
  const events = await readEvents(folder);
  const paths = runFolder(folder);
  const recipe = parseRecipe(JSON.parse(new TextDecoder().decode(await readBytes(paths.recipe))), paths.recipe);
  const isDone = events.some(({ type }) => type === 'done');
  const dataset = isDone ? await testData(recipe) : null;
  const out = options.out ?? paths.report;
  const comparison = dataset?.splits.test.items.length
    ? await compare(dataset, paths.adapter, recipe, options)
    : { before: null, examples: null };
  await writeReport(out, folder, recipe, comparison);
  return out;
}

async function compare(
  { splits: { test }, decoder }: Dataset,
  adapter: string,
  recipe: Recipe,
  { run, before, examples, gallery, onProgress }: RunReportOptions,
): Promise<Comparison> {
  const progress = (title: string) => (done: number, all: number) => onProgress({ title, done, all });
  const measured =
    before ??
    (
      await run.evaluateRun({
        ...{ adapter: null, recipe, split: 'test' },
        onProgress: progress('evaluating the backbone alone'),
      })
    ).scores;
  const { testFrames } = framesOf(recipe.data, []);
  const drawn = await drawExamples(test, {
    ...{ run, task: recipe.task, adapter, backbone: recipe.backbone, decoder, frames: testFrames },
    ...{ examples, gallery, seed: recipe.train.seed, onProgress: progress('looking at examples') },
  });
  return { before: measured, examples: drawn };
}

async function testData(recipe: Recipe): Promise<Dataset> {
  const opened = await openData(recipe, recipe.train.seed);
  const { dataset } = await checkDataset(opened, { skipBad: recipe.data.skipBad });
  return dataset;
}
