// uniadapter train: a recipe → a run folder with an adapter in it.

import { join, parse, resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { fail, visible } from '../error/index.js';
import type { Scores } from '../evaluate/index.js';
import { bytes, count, duration, percent } from '../report/page/numbers.js';
import type { EventOf, TrainEvent } from '../train/loop/index.js';
import { exists } from '../weights/store/adapter-name.js';
import { runFolder } from '../weights/store/run-folder.js';
import { type Context, EXIT, print, printJson, say, stylesOf } from './context.js';
import { interruptible } from './interrupt.js';
import { setOption, splitArguments } from './options.js';
import { type RecipeFlags, recipeOf } from './recipe.js';
import { progressOn, remarkLines, type Style, scoreLine, scoreTable } from './terminal/index.js';

interface Flags extends RecipeFlags {
  readonly out?: string;
  readonly resume?: true;
  readonly finish?: true;
  readonly printRecipe?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  A folder with images and captions.jsonl, captions.csv or a .txt beside each image:
    $ uniadapter train --data photos --out runs/first
  Clips with questions: a manifest of {"video": "a.mp4", "question": "…", "answer": "…"} lines
    $ uniadapter train --data clips --task answering --out runs/answers
  A published benchmark, by the name of its recipe (uniadapter recipes lists them):
    $ uniadapter train msrvtt --data MSRVTT
  A recipe, with two keys changed (all keys: uniadapter keys):
    $ uniadapter train recipe.yaml --out runs/second train.epochs=5 method.bottleneck=64
  Another method: uniadapter, lora, bottleneck, full or heads:
    $ uniadapter train --data photos --out runs/lora --method lora
  Go on after Ctrl-C or a crash, exactly where the last checkpoint is:
    $ uniadapter train --out runs/first --resume
  After Ctrl-C, or in the middle of it: write the best epoch so far as the adapter, and train no further:
    $ uniadapter train --out runs/first --finish
  What would be run, with every default filled in:
    $ uniadapter train --data photos --out runs/first --print-recipe
`;

/** @param exit what the process ends with when it is not 0 */
export const train = (context: Context, exit: (code: number) => void): Command =>
  new Command('train')
    .summary('train an adapter on images or clips')
    .description(
      'Train an adapter on images or clips with captions or questions. The backbone stays as it is. ' +
        'Tasks: retrieval, answering, captioning.',
    )
    .argument('[recipe]', 'recipe file (YAML or JSON), or the name of a published one such as msrvtt')
    .argument('[key=value...]', 'keys of the recipe to set, such as train.epochs=5')
    .option('--recipe <file>', 'the recipe, if you prefer a flag')
    .option('--data <path>', 'folder or manifest (.jsonl, .csv) with images or clips and their texts')
    .option('--task <name>', 'retrieval, answering or captioning')
    .option('--out <folder>', 'the run folder (default: the name of the recipe, or of the data, in runs)')
    .option('--method <name>', 'uniadapter, lora, bottleneck, full or heads')
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder')
    .option('--resume', 'continue the run in --out')
    .option('--finish', 'train no further: write the best epoch so far of the run in --out as its adapter')
    .option('--skip-bad', 'leave out what cannot be used instead of stopping')
    .addOption(setOption())
    .option('--print-recipe', 'print the complete recipe and stop')
    .option('--json', 'write every event to stdout as a line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (first: string | undefined, rest: string[], flags: Flags, command: Command) => {
      const args = [...(first ? [first] : []), ...rest];
      const recipe = await resumedOrGiven(args, flags, command);
      if (flags.printRecipe) return print(context, stringify(recipe).trimEnd());
      const { out = folderFor(splitArguments(args).others[0] ?? flags.recipe ?? recipe.data.path) } = flags;
      await refuseOccupied(out, flags);
      const { signal, stop } = interruptible(context);
      const { trainRun } = await context.run();
      const show = shower(context, out, flags);
      try {
        const progress = progressOn(context.stderr);
        const onCheck = (done: number, all: number) => {
          progress.update({ title: 'checking files', done, all });
          if (done === all) progress.clear();
        };
        const { resume = false, finish = false } = flags;
        const events = trainRun(recipe, { out, resume, finish, signal, onCheck });
        for await (const event of events) {
          if (flags.json) printJson(context, event);
          show(event);
          if (event.type === 'interrupted') exit(EXIT.interrupted);
        }
      } finally {
        stop();
      }
    });

/** `--resume` or `--finish` alone means the recipe that the run was started with. */
async function resumedOrGiven(args: readonly string[], flags: Flags, command: Command) {
  if (flags.out === undefined) return recipeOf(args, flags, command);
  const kept = runFolder(flags.out).recipe;
  const names = splitArguments(args).others.length > 0 || flags.recipe || flags.data;
  if (!(flags.resume || flags.finish) || names || !(await exists(kept))) return recipeOf(args, flags, command);
  return recipeOf(args, { ...flags, recipe: kept }, command);
}

/** Where a run goes that was given no folder. @param source  the recipe or the data, by path or name */
const folderFor = (source: string): string => join('runs', parse(resolve(source)).name);

async function refuseOccupied(out: string, { resume, finish }: Flags): Promise<void> {
  if (resume || finish || !(await exists(runFolder(out).events))) return;
  fail('file', {
    where: out,
    what: 'holds a run already',
    fix: 'add --resume to continue it, --finish to end it here, or choose another --out',
  });
}

/** Tells people what happens. */
function shower(context: Context, out: string, { json }: Flags): (event: TrainEvent) => void {
  const { err, out: outStyle } = stylesOf(context);
  const progress = progressOn(context.stderr);
  let [epochs, task]: [number, EventOf<'plan'>['task']] = [0, 'retrieval'];
  return (event) => {
    switch (event.type) {
      case 'plan':
        ({ epochs, task } = event);
        return progress.print(planText(event));
      case 'step':
        return progress.update({
          title: `epoch ${event.epoch + 1}/${epochs}`,
          done: event.step,
          all: event.steps,
          secondsLeft: event.secondsLeft,
          detail: lossText(event.losses),
        });
      case 'before':
        return progress.print(beforeText(event));
      case 'evaluation':
        return progress.print(evaluationText(event));
      case 'skipped':
        return progress.print(`${err.yellow('skipped')} ${visible(event.media)}: ${event.problem}`);
      case 'notice':
        return progress.print(err.yellow(event.text));
      case 'checkpoint':
        return undefined;
      case 'interrupted':
        progress.clear();
        return say(
          context,
          `Stopped at step ${event.step}. Nothing is lost: uniadapter train --out ${out} --resume goes on from here, ` +
            `and --finish instead writes the best so far as an adapter.`,
        );
      case 'done':
        progress.clear();
        if (event.scores && !json) print(context, scoresText(event.scores, event.before ?? null, outStyle));
        return say(context, doneText(event, task, out));
    }
  };
}

function planText(plan: EventOf<'plan'>): string {
  const {
    settings,
    decided = [],
    note,
    task,
    method,
    parameters,
    items,
    samples,
    frames,
    epochs,
    steps,
    batch,
    resumedAt,
    memory,
  } = plan;
  const { trainable, all } = parameters;
  const media = frames === null ? 'images' : `clips of ${frames} frames`;
  const texts = task === 'answering' ? 'questions' : 'captions';
  return [
    `${task}, ${method}: ${count(trainable)} of ${count(all)} parameters train (${percent(trainable, all)})`,
    ...(note ? [note] : []),
    `${count(items.train)} ${media} with ${count(samples)} ${texts} train, ${count(items.val)} validate, ${count(items.test)} test`,
    `${epochs} epochs, ${count(steps)} steps of ${batch}${resumedAt ? `, resumed at step ${count(resumedAt)}` : ''}`,
    ...(settings ? [settingsText(settings, decided)] : []),
    `a batch in ${memory.piece ? `pieces of ${memory.piece}` : 'one piece'}, about ${bytes(memory.bytes)} of memory`,
  ].join('\n');
}

function settingsText(settings: NonNullable<EventOf<'plan'>['settings']>, decided: readonly string[]): string {
  const auto = (key: string) => (decided.includes(key) ? ' (auto)' : '');
  const { learningRate, warmupSteps, queue, patience, augment, flip } = settings;
  const texts = [
    `learning rate ${learningRate}${auto('optimiser.learningRate')}`,
    `${count(warmupSteps)} steps of warm-up${auto('optimiser.warmupSteps')}`,
    ...(queue === undefined ? [] : [`queue ${queue > 0 ? count(queue) : 'none'}${auto('retrieval.queue')}`]),
    ...(patience > 0 ? [`stops after ${patience} evaluations without a better one`] : []),
    ...(augment === 'none'
      ? []
      : [flip ? 'pictures are cropped, mirrored and toned' : 'pictures are cropped and toned']),
  ];
  const isSided = decided.includes('data.flip') && augment !== 'none' && !flip;
  return [texts.join(', '), ...(isSided ? ['texts say left or right, so pictures are not mirrored'] : [])].join('\n');
}

/** What training brought, against what the backbone did alone. */
function scoresText(after: Scores, before: Scores | null, style: Style): string {
  return [scoreTable(before ? { before, after } : { test: after }, style), ...remarkLines(after, before, style)].join(
    '\n',
  );
}

function beforeText({ split, scores, seconds }: EventOf<'before'>): string {
  const which = split === 'test' ? 'test' : 'validation';
  return `before training, ${which}: ${scores ? scoreLine(scores) : 'nothing to score'} (${duration(seconds)})`;
}

function evaluationText({ epoch, split, scores, seconds }: EventOf<'evaluation'>): string {
  const when =
    split === 'test' ? `test, with the parameters after epoch ${epoch + 1}` : `epoch ${epoch + 1}, validation`;
  return `${when}: ${scores ? scoreLine(scores) : 'nothing to score'} (${duration(seconds)})`;
}

function doneText(
  { adapter, adapterBytes, backboneBytes, seconds }: EventOf<'done'>,
  task: EventOf<'plan'>['task'],
  out: string,
): string {
  const use = {
    retrieval: `search ${adapter} "words" --in FOLDER`,
    answering: `ask FILE "a question" --adapter ${adapter}`,
    captioning: `caption FILE --adapter ${adapter}`,
  };
  return [
    `Adapter of ${bytes(adapterBytes)} beside a backbone of ${bytes(backboneBytes)}, in ${duration(seconds)}: ${adapter}`,
    `  uniadapter ${use[task]}`,
    `  uniadapter report ${out}`,
  ].join('\n');
}

const lossText = (losses: Readonly<Record<string, number>>): string =>
  Object.entries(losses)
    .map(([name, loss]) => `${name} ${loss.toFixed(3)}`)
    .join(', ');
