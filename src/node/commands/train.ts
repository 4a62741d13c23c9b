// uniadapter train: a recipe → a run folder with an adapter in it.

import { Command } from 'commander';
import { stringify } from 'yaml';
import { fail } from '../../error/index.js';
import { runFolder } from '../run/folder.js';
import type { EventOf, TrainEvent } from '../run/types.js';
import { bytes, count, duration, percent, progressOn, scoreTable } from '../terminal/index.js';
import { type Context, EXIT, print, printJson, say, stylesOf } from './context.js';
import { interruptible } from './interrupt.js';
import { setOption, splitArguments } from './options.js';
import { exists, type RecipeFlags, recipeOf } from './recipe.js';

interface Flags extends RecipeFlags {
  readonly out: string;
  readonly resume?: true;
  readonly printRecipe?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  A folder with images and captions.jsonl, captions.csv or a .txt beside each image:
    $ uniadapter train --data photos --out runs/first
  A recipe, with two keys changed (all keys: uniadapter keys):
    $ uniadapter train recipe.yaml --out runs/second train.epochs=5 method.bottleneck=64
  Another method: uniadapter, lora, bottleneck, full or heads:
    $ uniadapter train --data photos --out runs/lora --method lora
  Go on after Ctrl-C or a crash, exactly where the last checkpoint is:
    $ uniadapter train --out runs/first --resume
  What would be run, with every default filled in:
    $ uniadapter train --data photos --out runs/first --print-recipe
`;

/** @param exit what the process ends with when it is not 0 */
export const train = (context: Context, exit: (code: number) => void): Command =>
  new Command('train')
    .summary('train an adapter on images with captions')
    .description('Train an adapter on images with captions. The backbone stays as it is.')
    .argument('[recipe]', 'recipe file (YAML or JSON)')
    .argument('[key=value...]', 'keys of the recipe to set, such as train.epochs=5')
    .option('--recipe <file>', 'the recipe, if you prefer a flag')
    .option('--data <path>', 'folder or manifest (.jsonl, .csv) with images and captions')
    .requiredOption('--out <folder>', 'the run folder: checkpoints, events and the adapter')
    .option('--method <name>', 'uniadapter, lora, bottleneck, full or heads')
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder')
    .option('--resume', 'continue the run in --out')
    .option('--skip-bad', 'leave out what cannot be used instead of stopping')
    .addOption(setOption())
    .option('--print-recipe', 'print the complete recipe and stop')
    .option('--json', 'write every event to stdout as a line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (first: string | undefined, rest: string[], flags: Flags, command: Command) => {
      const recipe = await resumedOrGiven([...(first ? [first] : []), ...rest], flags, command);
      if (flags.printRecipe) return print(context, stringify(recipe).trimEnd());
      await refuseOccupied(flags);
      const { signal, stop } = interruptible(context);
      const { trainRun } = await context.run();
      const show = shower(context, flags);
      try {
        const progress = progressOn(context.stderr);
        const onCheck = (done: number, all: number) => {
          progress.update({ title: 'checking images', done, all });
          if (done === all) progress.clear();
        };
        const events = trainRun(recipe, { out: flags.out, resume: flags.resume ?? false, signal, onCheck });
        for await (const event of events) {
          if (flags.json) printJson(context, event);
          show(event);
          if (event.type === 'interrupted') exit(EXIT.interrupted);
        }
      } finally {
        stop();
      }
    });

/** `--resume` alone means the recipe that the run was started with. */
async function resumedOrGiven(args: readonly string[], flags: Flags, command: Command) {
  const kept = runFolder(flags.out).recipe;
  const names = splitArguments(args).others.length > 0 || flags.recipe || flags.data;
  if (!flags.resume || names || !(await exists(kept))) return recipeOf(args, flags, command);
  return recipeOf(args, { ...flags, recipe: kept }, command);
}

async function refuseOccupied({ out, resume }: Flags): Promise<void> {
  if (resume || !(await exists(runFolder(out).events))) return;
  fail('file', {
    where: out,
    what: 'holds a run already',
    fix: 'add --resume to continue it, or choose another --out',
  });
}

/** Tells people what happens. */
function shower(context: Context, { out, json }: Flags): (event: TrainEvent) => void {
  const { err, out: outStyle } = stylesOf(context);
  const progress = progressOn(context.stderr);
  let epochs = 0;
  return (event) => {
    switch (event.type) {
      case 'plan':
        epochs = event.epochs;
        return progress.print(planText(event));
      case 'step':
        return progress.update({
          title: `epoch ${event.epoch + 1}/${epochs}`,
          done: event.step,
          all: event.steps,
          secondsLeft: event.secondsLeft,
          detail: lossText(event.losses),
        });
      case 'evaluation':
        return progress.print(evaluationText(event));
      case 'skipped':
        return progress.print(`${err.yellow('skipped')} ${event.image}: ${event.problem}`);
      case 'checkpoint':
        return undefined;
      case 'interrupted':
        progress.clear();
        return say(
          context,
          `Stopped at step ${event.step}. Nothing is lost: uniadapter train --out ${out} --resume goes on from here.`,
        );
      case 'done':
        progress.clear();
        if (event.scores && !json) print(context, scoreTable({ test: event.scores }, outStyle));
        return say(context, doneText(event, out));
    }
  };
}

function planText({ method, parameters, samples, epochs, steps, batch, resumedAt }: EventOf<'plan'>): string {
  const { trainable, all } = parameters;
  return [
    `${method}: ${count(trainable)} of ${count(all)} parameters train (${percent(trainable, all)})`,
    `${count(samples.train)} images train, ${count(samples.val)} validate, ${count(samples.test)} test`,
    `${epochs} epochs, ${count(steps)} steps of ${batch}${resumedAt ? `, resumed at step ${count(resumedAt)}` : ''}`,
  ].join('\n');
}

function evaluationText({ epoch, split, scores, seconds }: EventOf<'evaluation'>): string {
  const recall = (way: 'textToMedia' | 'mediaToText') =>
    (['R@1', 'R@5', 'R@10'] as const).map((key) => (scores[way][key] ?? 0).toFixed(1)).join(' / ');
  const when =
    split === 'test' ? `test, with the parameters after epoch ${epoch + 1}` : `epoch ${epoch + 1}, validation`;
  return `${when}: R@1/5/10 text → image ${recall('textToMedia')}, image → text ${recall('mediaToText')} (${duration(seconds)})`;
}

function doneText({ adapter, adapterBytes, backboneBytes, seconds }: EventOf<'done'>, out: string): string {
  return [
    `Adapter of ${bytes(adapterBytes)} beside a backbone of ${bytes(backboneBytes)}, in ${duration(seconds)}: ${adapter}`,
    `  uniadapter search ${adapter} "words" --images FOLDER`,
    `  uniadapter report ${out}`,
  ].join('\n');
}

const lossText = (losses: Readonly<Record<string, number>>): string =>
  Object.entries(losses)
    .map(([name, loss]) => `${name} ${loss.toFixed(3)}`)
    .join(', ');
