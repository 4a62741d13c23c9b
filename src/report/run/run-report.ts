// From a run folder to its report: measures the backbone alone, repeats examples with and without the adapter, writes the page.

import { checkDataset, type Dataset } from '../../data/dataset/dataset.js';
import { framesOf, openData } from '../../data/dataset/open.js';
import type { Scores } from '../../evaluate/index.js';
import { writeAtomically } from '../../files/files.js';
import type { Status } from '../../predict/programs/progress.js';
import type { Recipe } from '../../recipe/index.js';
import { openAdapter } from '../../weights/store/adapter-folder.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { collect, type Trial } from './collect.js';
import { drawExamples } from './examples.js';
import type { Models } from './models.js';
import { reportHtml } from './page.js';
import { type RunRecord, readRecord } from './record.js';

export interface ReportOptions {
  readonly run: Models;
  /** The HTML file; default: report.html in the run folder. */
  readonly out?: string;
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
 * @throws `file` if the folder holds no run, or the page cannot be written; `data` as training would
 */
export async function reportRun(folder: string, options: ReportOptions): Promise<string> {
  const record = await readRecord(folder);
  const { done } = record;
  const paths = runFolder(folder);
  const dataset = done ? await checkedData(record.recipe) : null;
  const trial = dataset?.splits.test.items.length
    ? await tryOut(dataset, paths.adapter, record, options)
    : { before: null, examples: null };
  const out = options.out ?? paths.report;
  await writeAtomically(out, reportHtml(await collect(record, trial)));
  return out;
}

async function tryOut(
  { splits: { test }, decoder }: Dataset,
  adapter: string,
  { recipe, done }: Pick<RunRecord, 'recipe' | 'done'>,
  { run, examples, gallery, onProgress }: ReportOptions,
): Promise<Trial> {
  const { task, backbone } = recipe;
  const { testFrames: frames } = framesOf(recipe.data, []);
  const before = done?.before ?? (await scoreBackbone(recipe, { run, onProgress }));
  const answers = task === 'answering' ? await answersOf(adapter) : [];
  const drawn = await drawExamples(test, {
    ...(answers.length > 0 && { answers }),
    ...{ run, task, decoder, examples, gallery, seed: recipe.train.seed, onProgress },
    sides: [null, adapter].map((adapter) => ({ adapter, backbone, frames })),
  });
  return { before, examples: drawn };
}

/** What an adapter chooses from; nothing where it is gone, which the first question to it will say. */
const answersOf = (adapter: string): Promise<readonly string[]> =>
  openAdapter(adapter).then(
    ({ answers }) => answers,
    () => [],
  );

/** What the backbone of a recipe does alone on the test split; null where only a server knows the answers. */
export async function scoreBackbone(
  recipe: Recipe,
  { run, onProgress }: Pick<ReportOptions, 'run' | 'onProgress'>,
): Promise<Scores | null> {
  const { scores } = await run.evaluateRun({
    ...{ adapter: null, recipe, split: 'test' },
    onProgress: (done, all) => onProgress({ title: 'evaluating the backbone alone', done, all }),
  });
  return scores;
}

/** The data of a run, without what cannot be used. @throws `data` or `file` as training would */
export async function checkedData(recipe: Recipe): Promise<Dataset> {
  const opened = await openData(recipe, recipe.train.seed);
  const { dataset } = await checkDataset(opened, { skipBad: recipe.data.skipBad });
  return dataset;
}
