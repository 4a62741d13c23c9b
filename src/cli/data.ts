// uniadapter data check: what is wrong with a dataset, before a long run finds out.

import { Command } from 'commander';
import { type Context, EXIT, print, printJson, stylesOf } from './context.js';
import { dataText } from './data-text.js';
import { setOption } from './options.js';
import { type RecipeFlags, recipeOf } from './recipe.js';
import { progressOn } from './terminal/index.js';

interface Flags extends Pick<RecipeFlags, 'recipe' | 'data' | 'task' | 'skipBad' | 'set'> {
  readonly quick?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  A folder or manifest of your own:
    $ uniadapter data check --data photos
  A published benchmark, by the name of its recipe (uniadapter recipes lists them):
    $ uniadapter data check msrvtt --data MSRVTT
    $ uniadapter data check vqav2 --data vqa data.variant=val data.visualGenome=false
  Without decoding every file and comparing their contents:
    $ uniadapter data check recipe.yaml --quick
  Which files are missing, for a script:
    $ uniadapter data check recipe.yaml --json | jq '.findings[] | select(.kind == "missing")'
`;

/** @param exit what the process ends with when it is not 0 */
export const data = (context: Context, exit: (code: number) => void): Command =>
  new Command('data')
    .summary('check a dataset before training with it')
    .description('Look at datasets.')
    .addHelpText('after', EXAMPLES)
    .addCommand(check(context, exit));

const check = (context: Context, exit: (code: number) => void): Command =>
  new Command('check')
    .summary('look for what would make training fail or its results untrustworthy')
    .description(
      'Look at every entry and every file of a dataset: what cannot be used, what is there twice or in two splits, ' +
        'how long captions are, which answers can be chosen. Ends with 1 when training would fail or its results ' +
        'could not be trusted, with 0 otherwise.',
    )
    .argument('[recipe]', 'recipe file (YAML or JSON), or the name of one that ships such as msrvtt')
    .argument('[key=value...]', 'keys of the recipe to set, such as data.variant=7k')
    .option('--recipe <file>', 'the recipe, if you prefer a flag')
    .option('--data <path>', 'folder or manifest (.jsonl, .csv) with images or clips and their texts')
    .option('--task <name>', 'retrieval, answering or captioning: what of the data is used')
    .option('--quick', 'ask only what files are: neither decode them nor compare their contents')
    .option('--skip-bad', 'the run will leave out what cannot be used: it is no error')
    .addOption(setOption())
    .option('--json', 'write the report to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (first: string | undefined, rest: string[], flags: Flags, command: Command) => {
      const recipe = await recipeOf([...(first ? [first] : []), ...rest], flags, command);
      const { checkRunData } = await import('../data/check/check-data.js'); // here, so that --help does not wait for decoders
      const progress = progressOn(context.stderr);
      const onProgress = (title: string, done: number, all: number) => progress.update({ title, done, all });
      const report = await checkRunData(recipe, { quick: flags.quick ?? false, onProgress });
      progress.clear();
      if (flags.json) printJson(context, report);
      else print(context, dataText(report, stylesOf(context).out));
      if (report.findings.some(({ severity }) => severity === 'error')) exit(EXIT.problem);
    });
