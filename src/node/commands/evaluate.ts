// uniadapter evaluate: recall of an adapter, or of the backbone alone, on a split.

import { Command, Option } from 'commander';
import type { Recipe } from '../../recipe/index.js';
import type { EvaluateOptions, Scores } from '../run/types.js';
import { progressOn, scoreTable } from '../terminal/index.js';
import { type Context, print, printJson, stylesOf } from './context.js';
import { setOption, splitArguments } from './options.js';
import { adapterFolder, assignmentsOf, type RecipeFlags, recipeOf, recipeOfAdapter } from './recipe.js';

interface Flags extends Pick<RecipeFlags, 'data' | 'backbone' | 'skipBad' | 'set'> {
  readonly split: EvaluateOptions['split'];
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  On the test images of its own data:
    $ uniadapter evaluate runs/first
  On other data, without scoring the best candidates again:
    $ uniadapter evaluate runs/first/adapter --data more-photos retrieval.rerank=0
  The backbone without any adapter, for comparison:
    $ uniadapter evaluate none --backbone tiny --data photos
  One number for a script:
    $ uniadapter evaluate runs/first --json | jq '.textToMedia["R@1"]'
`;

export const evaluate = (context: Context): Command =>
  new Command('evaluate')
    .summary('measure recall on a split')
    .description('Measure how often the right image is found by its caption, and the right caption by its image.')
    .argument('<adapter>', 'adapter or run folder; none = the backbone alone')
    .argument('[key=value...]', 'keys of the recipe to set; the others are those it was trained with')
    .option('--data <path>', 'folder or manifest (default: what it was trained with)')
    .addOption(new Option('--split <name>', 'which part of it').choices(['train', 'val', 'test']).default('test'))
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder')
    .option('--skip-bad', 'leave out what cannot be used instead of stopping')
    .addOption(setOption())
    .option('--json', 'write the scores to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, args: string[], flags: Flags, command: Command) => {
      const adapter = path === 'none' ? null : await adapterFolder(path);
      const recipe = await recipeFor(adapter, args, flags, command);
      const { evaluateRun } = await context.run();
      const progress = progressOn(context.stderr);
      const scores = await evaluateRun({
        adapter,
        split: flags.split,
        backbone: recipe.backbone,
        data: recipe.data,
        seed: recipe.train.seed,
        retrieval: recipe.retrieval,
        onProgress: (done, all) => progress.update({ title: 'evaluating', done, all }),
      });
      progress.clear();
      if (flags.json) printJson(context, scores);
      else print(context, scoresText(scores, flags.split, stylesOf(context).out));
    });

async function recipeFor(
  adapter: string | null,
  args: readonly string[],
  flags: Flags,
  command: Command,
): Promise<Recipe> {
  const { assignments, others } = splitArguments(args);
  if (others.length > 0) command.error(`error: only key=value may follow the adapter, got ${others.join(' ')}`);
  if (adapter === null) return recipeOf(assignments, flags, command);
  return recipeOfAdapter(adapter, [...assignmentsOf(flags), ...(flags.set ?? []), ...assignments]);
}

function scoresText(scores: Scores, split: string, style: Parameters<typeof scoreTable>[1]): string {
  const { images, texts, firstStage } = scores;
  const both = { 'similarity only': { ...scores, ...firstStage }, 're-scored': scores };
  return `${images} images and ${texts} captions of the ${split} split\n${scoreTable(both, style)}`;
}
