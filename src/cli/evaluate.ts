// uniadapter evaluate: recall of an adapter, or of the backbone alone, on a split.

import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import type { Scores } from '../evaluate/index.js';
import { scoredText } from '../evaluate/index.js';
import type { Evaluated, EvaluateOptions } from '../evaluate/run.js';
import { makeFolder, writeAtomically } from '../files/files.js';
import type { Recipe } from '../recipe/index.js';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, print, printJson, say, stylesOf } from './context.js';
import { setOption, splitArguments } from './options.js';
import { assignmentsOf, type RecipeFlags, recipeOf, recipeOfAdapter } from './recipe.js';
import { progressOn, remarkLines, scoreTable } from './terminal/index.js';

interface Flags extends Pick<RecipeFlags, 'recipe' | 'data' | 'task' | 'backbone' | 'skipBad' | 'set'> {
  readonly split: EvaluateOptions['split'];
  readonly results?: string;
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
  On a published benchmark, with the splits and settings of its recipe (uniadapter recipes lists them):
    $ uniadapter evaluate none --recipe msrvtt --data MSRVTT
  One number for a script:
    $ uniadapter evaluate runs/first --json | jq '.textToMedia["R@1"]'
  Every answer, in the form that the VQA v2 server takes:
    $ uniadapter evaluate runs/vqa --results answers.json
`;

export const evaluate = (context: Context): Command =>
  new Command('evaluate')
    .summary('measure recall, accuracy or captions on a split')
    .description(
      'Measure on a split what an adapter was trained for: how often the right image or clip is found by its caption and ' +
        'the other way round, how many questions are answered rightly, or how close captions are to people’s.',
    )
    .argument('<adapter>', 'adapter or run folder; none = the backbone alone')
    .argument('[key=value...]', 'keys of the recipe to set; the others are those it was trained with')
    .option('--recipe <name>', 'a recipe file or the name of one that ships, instead of what it was trained with')
    .option('--data <path>', 'folder or manifest (default: what it was trained with)')
    .addOption(new Option('--split <name>', 'which part of it').choices(['train', 'val', 'test']).default('test'))
    .option('--task <name>', 'with none: retrieval, answering or captioning')
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder')
    .option('--skip-bad', 'leave out what cannot be used instead of stopping')
    .addOption(setOption())
    .option('--results <file>', 'write every answer or caption there, as evaluation servers take them')
    .option('--json', 'write the scores to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, args: string[], flags: Flags, command: Command) => {
      const adapter = path === 'none' ? null : await adapterFolder(path);
      const recipe = await recipeFor(adapter, args, flags, command);
      if (flags.results) await makeFolder(dirname(flags.results)); // now, since answering may take hours
      const { evaluateRun } = await context.run();
      const progress = progressOn(context.stderr);
      const { scores, results } = await evaluateRun({
        adapter,
        recipe,
        split: flags.split,
        onProgress: (done, all) => progress.update({ title: 'evaluating', done, all }),
      });
      progress.clear();
      if (flags.json) printJson(context, scores);
      else if (scores) print(context, scoresText(scores, flags.split, stylesOf(context).out));
      else say(context, `The ${flags.split} split has no known answers to score.${flags.results ? '' : HOW_TO_KEEP}`);
      if (flags.results) await writeResults(flags.results, results, context);
    });

async function recipeFor(
  adapter: string | null,
  args: readonly string[],
  flags: Flags,
  command: Command,
): Promise<Recipe> {
  const { assignments, others } = splitArguments(args);
  if (others.length > 0) command.error(`error: only key=value may follow the adapter, got ${others.join(' ')}`);
  if (adapter === null || flags.recipe) return recipeOf(assignments, flags, command);
  return recipeOfAdapter(adapter, [...assignmentsOf(flags), ...(flags.set ?? []), ...assignments]);
}

const HOW_TO_KEEP = ' --results FILE writes what was answered.';

async function writeResults(path: string, results: Evaluated['results'], context: Context): Promise<void> {
  if (results === null)
    return say(context, 'Retrieval has no answers to write; --results is for answering and captioning.');
  await writeAtomically(path, `${JSON.stringify(results)}\n`);
  say(context, `Results: ${path}`);
}

function scoresText(scores: Scores, split: string, style: Parameters<typeof scoreTable>[1]): string {
  const remarks = remarkLines(scores, null, style);
  return [`${scoredText(scores)}, ${split} split`, scoreTable(stagesOf(scores, split), style), ...remarks].join('\n');
}

/** What the scores are made from, and last the scores. */
function stagesOf(scores: Scores, split: string): Readonly<Record<string, Scores>> {
  if (scores.task !== 'retrieval' || !scores.secondStage) return { [split]: scores };
  const { firstStage, secondStage, reranking } = scores;
  return reranking?.isOn === false
    ? { 're-ranked': { ...scores, ...secondStage }, 'similarity only': scores }
    : { 'similarity only': { ...scores, ...firstStage }, 're-ranked': scores };
}
