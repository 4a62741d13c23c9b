// uniadapter report: a run folder → one HTML file to look at and to send around.

import { Command } from 'commander';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import { checkDataset, type ImageSet, openManifest } from '../dataset.js';
import { compareSearches, readEvents, writeReport } from '../report/index.js';
import { runFolder } from '../run-folder.js';
import { progressOn } from '../terminal/index.js';
import { type Context, print } from './context.js';
import { wholeNumber } from './options.js';
import { exists, readYaml } from './recipe.js';

interface Flags {
  readonly out?: string;
  readonly queries: number;
  readonly images: number;
}

const EXAMPLES = `
Examples:
    $ uniadapter report runs/first
  More searches, in more of the test images:
    $ uniadapter report runs/first --queries 20 --images 1000 --out first.html
`;

export const report = (context: Context): Command =>
  new Command('report')
    .summary('write an HTML report of a run')
    .description(
      'Write a report of a run as one HTML file: scores and searches before and after, curves, sizes, recipe.',
    )
    .argument('<run>', 'the run folder')
    .option('--out <file>', 'the HTML file (default: report.html in the run folder)')
    .option('--queries <number>', 'how many text searches to show, drawn from the test captions', wholeNumber, 6)
    .option('--images <number>', 'how many test images they search, at most', wholeNumber, 200)
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, flags: Flags) => {
      await readEvents(run); // fails at once where there is no run
      const { recipe: recipeFile, report: defaultOut } = runFolder(run);
      const recipe = parseRecipe(await readYaml(recipeFile), recipeFile);
      const out = flags.out ?? defaultOut;
      await writeReport(out, run, recipe, await compare(context, run, recipe, flags));
      print(context, out);
    });

/** The backbone alone against the adapter; nothing to compare before training is done, or without a test split. */
async function compare(context: Context, run: string, recipe: Recipe, { queries, images }: Flags) {
  const { adapter } = runFolder(run);
  const set = await testSet(recipe);
  if (set.items.length === 0 || !(await exists(adapter))) return { before: null, queries: [], gallery: '' };
  const { evaluateRun, openSearch } = await context.run();
  const progress = progressOn(context.stderr);
  const { backbone, data, retrieval, train } = recipe;
  const before = await evaluateRun({
    ...{ adapter: null, backbone, data, retrieval, split: 'test', seed: train.seed },
    onProgress: (done, all) => progress.update({ title: 'evaluating the backbone alone', done, all }),
  });
  const searches = await compareSearches(openSearch, set, {
    ...{ adapter, backbone, queries, images, seed: train.seed },
    onProgress: (done, all) => progress.update({ title: 'searching', done, all }),
  });
  progress.clear();
  return { before, ...searches };
}

async function testSet({ data, train }: Recipe): Promise<ImageSet> {
  const { manifest, imageRoot, split: fractions, skipBad } = data;
  const dataset = await openManifest(manifest, { ...(imageRoot && { imageRoot }), fractions, seed: train.seed });
  return (await checkDataset(dataset, { skipBad })).dataset.splits.test;
}
