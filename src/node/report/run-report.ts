// From a run folder to its report: measures the backbone alone, repeats searches with and without the adapter, writes the page.

import { parseRecipe, type Recipe } from '../../recipe/index.js';
import { checkDataset, type ImageSet, openManifest } from '../data/dataset.js';
import { readBytes } from '../files.js';
import { runFolder } from '../run/folder.js';
import type { Run, Scores } from '../run/types.js';
import type { Status } from '../terminal/index.js';
import { type Comparison, readEvents, writeReport } from './collect.js';
import { compareSearches } from './searches.js';

export interface RunReportOptions {
  readonly run: Pick<Run, 'evaluateRun' | 'openSearch'>;
  /** The HTML file; default: report.html in the run folder. */
  readonly out?: string;
  /** The backbone's scores on the test split, if they are known already; else they are measured. */
  readonly before?: Scores;
  /** How many text searches are shown. */
  readonly queries: number;
  /** How many test images are searched, at most. */
  readonly images: number;
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
  const set = isDone ? await testSet(recipe) : null;
  const out = options.out ?? paths.report;
  await writeReport(
    out,
    folder,
    recipe,
    set?.items.length ? await compare(set, paths.adapter, recipe, options) : NOTHING,
  );
  return out;
}

const NOTHING: Comparison = { before: null, queries: [], gallery: '' };

async function compare(
  set: ImageSet,
  adapter: string,
  { backbone, data, retrieval, train: { seed } }: Recipe,
  { run, before, queries, images, onProgress }: RunReportOptions,
): Promise<Comparison> {
  const progress = (title: string) => (done: number, all: number) => onProgress({ title, done, all });
  const measured = await (before ??
    run.evaluateRun({
      ...{ adapter: null, backbone, data, retrieval, split: 'test', seed },
      onProgress: progress('evaluating the backbone alone'),
    }));
  const searches = await compareSearches(run.openSearch, set, {
    ...{ adapter, backbone, queries, images, seed },
    onProgress: progress('reading images to search'),
  });
  return { before: measured, ...searches };
}

async function testSet({ data, train }: Recipe): Promise<ImageSet> {
  const { manifest, imageRoot, split: fractions, skipBad } = data;
  const dataset = await openManifest(manifest, { ...(imageRoot && { imageRoot }), fractions, seed: train.seed });
  return (await checkDataset(dataset, { skipBad })).dataset.splits.test;
}
