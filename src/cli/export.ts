// uniadapter export: a model's programs, training step included, as ONNX files that other programs run.

import { Command, Option } from 'commander';
import { override, parseRecipe, type Recipe } from '../recipe/index.js';
import { bytes } from '../report/page/numbers.js';
import { findAdapter } from '../weights/store/adapter-name.js';
import { type Context, print, printJson, say } from './context.js';
import { setOption, splitArguments, wholeNumber } from './options.js';
import { assignmentsOf, recipeOfAdapter } from './recipe.js';

interface Flags {
  readonly out: string;
  readonly batch: number;
  readonly task?: Recipe['task'];
  readonly backbone?: string;
  readonly set?: readonly string[];
  readonly json?: true;
}

const EXAMPLES = `
Examples:
    $ uniadapter export runs/first --out onnx
  For eight images or texts at once, and a training step of sixteen:
    $ uniadapter export runs/first --out onnx --batch 8 train.batch=16
  A backbone alone, with a step that trains a LoRA for it:
    $ uniadapter export tiny --out onnx --task answering method.name=lora
`;

export const exportCommand = (context: Context): Command =>
  new Command('export')
    .summary('write a model and its training step as ONNX')
    .description(
      'Write image encoder, text encoder, matcher or decoder, and the training step as ONNX files that share one file ' +
        'of weights, with a README of their inputs and outputs. Sizes are fixed.',
    )
    .argument('<model>', 'adapter or run folder, or a backbone')
    .argument('[key=value...]', 'keys of the recipe to set, such as train.batch')
    .requiredOption('--out <folder>', 'the folder to write')
    .option('--batch <number>', 'items that encoders, matcher and decoder take at once', wholeNumber, 1)
    .addOption(
      new Option('--task <name>', 'of a backbone (default: retrieval)').choices([
        'retrieval',
        'answering',
        'captioning',
      ]),
    )
    .option('--backbone <name>', 'where the adapter’s backbone is now')
    .addOption(setOption())
    .option('--json', 'write what was written to stdout as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, args: string[], flags: Flags, command: Command) => {
      const { assignments, others } = splitArguments(args);
      if (others.length > 0) command.error(`error: only key=value may follow the model, got ${others.join(' ')}`);
      const changes = [...(flags.set ?? []), ...assignments];
      const adapter = await findAdapter(model);
      if (adapter && flags.task) command.error('error: --task is for backbones; an adapter has its own');
      const recipe = adapter
        ? await recipeOfAdapter(adapter, [...assignmentsOf(flags), ...changes])
        : recipeOfBackbone(flags.backbone ?? model, flags, changes);
      const { exportPrograms } = await context.run();
      const exported = await exportPrograms({ adapter, recipe, batch: flags.batch }, flags.out);
      if (flags.json) return printJson(context, exported);
      print(context, flags.out);
      say(
        context,
        `${exported.files.length} files, ${bytes(exported.weightsBytes)} of weights; README.md tells how to run them.`,
      );
    });

/** Nothing is read from `data.path`. */
function recipeOfBackbone(backbone: string, { task }: Flags, changes: readonly string[]): Recipe {
  const given = { backbone, data: { path: '.' }, ...(task && { task }) };
  return parseRecipe(override(given, changes), 'command line');
}
