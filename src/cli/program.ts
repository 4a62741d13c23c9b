// The command line as a whole: its commands, and what an error becomes. Nothing here touches the process, so tests call it.

import { Command, CommanderError } from 'commander';
import { UniAdapterError } from '../error/index.js';
import { ask } from './ask.js';
import { caption } from './caption.js';
import { checkpoint } from './checkpoint.js';
import { type Context, EXIT, say, stylesOf } from './context.js';
import { data } from './data.js';
import { demo } from './demo.js';
import { evaluate } from './evaluate.js';
import { exportCommand } from './export.js';
import { indexCommand } from './index-library.js';
import { inspect } from './inspect.js';
import { keys } from './keys.js';
import { pull } from './pull.js';
import { push } from './push.js';
import { recipes } from './recipes.js';
import { report } from './report.js';
import { search } from './search.js';
import { serve } from './serve.js';
import { train } from './train.js';
import { world } from './world.js';

const EXAMPLES = `
Examples:
    $ uniadapter data check --data photos
    $ uniadapter train --data photos --out runs/first
    $ uniadapter evaluate runs/first
    $ uniadapter search runs/first "a red car on the left" --in photos
    $ uniadapter ask photo.jpg "what color is the car"
    $ uniadapter report runs/first
    $ uniadapter serve --open

Each command has its own help: uniadapter help train
Exit codes: 0 done, 1 a problem with data, files or recipe, 2 wrong usage, 130 stopped by Ctrl-C
`;

/**
 * Runs one command line.
 *
 * @param args without the program's name
 * @returns the exit code
 */
export async function main(args: readonly string[], context: Context, version: string): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(context, version, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    say(context, errorText(error, context, program.opts<{ debug?: true }>().debug === true));
    return EXIT.problem;
  }
}

function createProgram(context: Context, version: string, exit: (code: number) => void): Command {
  const commands = [
    train(context, exit),
    data(context, exit),
    evaluate(context),
    search(context),
    indexCommand(context, exit),
    ask(context),
    caption(context, exit),
    inspect(context),
    pull(context),
    push(context),
    checkpoint(context),
    exportCommand(context),
    report(context),
    serve(context),
    keys(context),
    recipes(context),
    world(context, exit),
    demo(context, exit),
  ];
  const program = new Command('uniadapter')
    .description('Adapt a frozen vision-language model to your images and videos with a small trained file.')
    .version(version, '--version')
    .option('--debug', 'show where an error comes from')
    .addHelpText('after', EXAMPLES);
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands, ...commands.flatMap(({ commands }) => commands)])
    command
      .exitOverride()
      .configureHelp({ showGlobalOptions: true })
      .showHelpAfterError(`(${nameOf(command)} --help shows how)`)
      .configureOutput({
        writeOut: context.stdout.write,
        writeErr: context.stderr.write,
        getOutHelpWidth: () => Math.min(100, context.stdout.columns()),
        getErrHelpWidth: () => Math.min(100, context.stderr.columns()),
        getOutHasColors: () => context.stdout.colours,
        getErrHasColors: () => context.stderr.colours,
      });
  return program;
}

/** `uniadapter world write` */
const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

function errorText(error: unknown, context: Context, debug: boolean): string {
  const { red, dim } = stylesOf(context).err;
  const label = red('error:');
  if (error instanceof UniAdapterError && !debug) return `${label} ${error.message}`;
  if (error instanceof UniAdapterError) return `${label} ${stackOf(error)}`;
  return `${label} ${stackOf(error)}\n${dim('This is a bug in uniadapter; the lines above help to find it.')}`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return (error.stack ?? error.message) + cause;
}
