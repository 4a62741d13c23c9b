// uniadapter world: drawn scenes, clips and people, and animations, to look at or as a dataset to learn from.

import { join } from 'node:path';
import { Command, Option } from 'commander';
import { SPLIT_NAMES, type Split } from '../data/items/index.js';
import { bytes } from '../report/page/numbers.js';
import type { OpenWorldOptions, WorldName } from '../world/art/open.js';
import type { Mode } from '../world/index.js';
import { type Context, EXIT, print, printJson, say } from './context.js';
import { interruptible } from './interrupt.js';
import { frameNumber, pixelNumber, seedNumber, shown, wholeNumber, wholeNumberFrom0 } from './options.js';
import { progressOn } from './terminal/index.js';

interface Flags {
  readonly domain: WorldName;
  readonly what: 'images' | 'clips';
  readonly seed: number;
  readonly size: number;
  readonly frames: number;
  readonly noise: number;
  readonly mode: Mode;
  readonly captions: number;
  readonly questions: number;
  readonly twins?: true;
  readonly cache?: string;
  readonly json?: true;
}

const SHEET_EXAMPLES = `
Examples:
    $ uniadapter world sheet scenes.png
    $ uniadapter world sheet clips.png --domain fluent3d --what clips --count 6
  Each clip with its twin, the same frames backwards:
    $ uniadapter world sheet twins.png --what clips --twins --count 3
`;
const WRITE_EXAMPLES = `
Examples:
    $ uniadapter world write data/scenes --domain fluent3d --train 2000 --test 400
    $ uniadapter world write data/clips --domain people --what clips --train 1000 --test 200 --twins
  A gallery of noun and color pairs that training never shows:
    $ uniadapter world write data/new --mode composition --test 500
  Then learn from it:
    $ uniadapter train --data data/scenes --out runs/scenes
`;
const EXAMPLES = `
Examples:
    $ uniadapter world sheet scenes.png
    $ uniadapter world write data/scenes --domain fluent3d --train 2000 --test 400
`;

/** @param exit what the process ends with when it is not 0 */
export const world = (context: Context, exit: (code: number) => void): Command =>
  new Command('world')
    .summary('draw scenes, clips or people to learn from')
    .description('Draw scenes, clips and people with captions, questions and answers, without any data of your own.')
    .addHelpText('after', EXAMPLES)
    .addCommand(sheet(context))
    .addCommand(write(context, exit));

const sheet = (context: Context): Command =>
  withWorld(
    new Command('sheet')
      .summary('look at some of them')
      .description('Draw one PNG of several images or clips with their captions, questions and answers.')
      .argument('<file>', 'where the PNG goes')
      .option('--count <number>', 'how many; with twins twice as many', wholeNumber, 12)
      .addOption(new Option('--split <split>', 'which part of the world').choices(SPLIT_NAMES).default('test'))
      .option('--columns <number>', 'side by side (default: 4, or 1 of clips)', wholeNumber)
      .option('--edge <number>', 'shown pixels a side (default: 200, or 110 of clips)', pixelNumber),
    { captions: 2 },
  )
    .addHelpText('after', SHEET_EXAMPLES)
    .action(async (file: string, flags: SheetFlags) => {
      const { previewSheet, worldSet, writeAtomically } = await worlds();
      const { count, split, captions, twins = false } = flags;
      const opened = await open(context, flags, { [split]: count });
      const set = worldSet(opened, { count, split, twins });
      const isClip = flags.what === 'clips';
      const { columns = isClip ? 1 : 4, edge = isClip ? 110 : 200 } = flags;
      const png = await previewSheet(set, { frames: opened.frames, columns, edge, captions });
      await writeAtomically(file, png);
      if (flags.json) printJson(context, { file, items: set.items.length });
      else print(context, `${shown(file)}: ${set.items.length} ${flags.what}, ${bytes(png.length)}`);
    });

interface SheetFlags extends Flags {
  readonly count: number;
  readonly split: Split;
  readonly columns?: number;
  readonly edge?: number;
}

const write = (context: Context, exit: (code: number) => void): Command =>
  withWorld(
    new Command('write')
      .summary('write them as a dataset')
      .description(
        'Write images or clips with a manifest: a dataset like your own. The folder is complete or not there.',
      )
      .argument('<folder>', 'where the dataset goes; must not exist yet')
      .option('--train <number>', 'items to learn from', wholeNumber)
      .option('--val <number>', 'items to choose an epoch by', wholeNumber)
      .option('--test <number>', 'items to measure with', wholeNumber)
      .addOption(new Option('--format <format>', 'of images; clips are WebP').choices(['png', 'webp']).default('webp')),
    { captions: 5 },
  )
    .addHelpText('after', WRITE_EXAMPLES)
    .action(async (folder: string, flags: WriteFlags, command: Command) => {
      const { train, val, test, captions: each, twins = false, format } = flags;
      if (train === undefined && val === undefined && test === undefined)
        command.error('error: nothing to write; give --train, --val or --test');
      const counts = { train: train ?? 0, val: val ?? 0, test: test ?? 0 };
      const captions = { train: each, val: each, test: each };
      const { signal, stop } = interruptible(context, 'Stopping; Ctrl-C again quits at once and leaves files behind.');
      const progress = progressOn(context.stderr);
      const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
        progress.update({ title: `drawing ${flags.what}`, done, all: total });
      try {
        const { writeWorld } = await worlds();
        const opened = await open(context, flags, counts);
        await writeWorld(folder, opened, { counts, captions, twins, format, onProgress, signal });
        progress.clear();
        const manifest = join(folder, 'manifest.jsonl');
        if (flags.json) printJson(context, { manifest, domain: flags.domain, what: flags.what, counts });
        else print(context, written(shown(folder), counts, flags));
      } catch (error) {
        progress.clear();
        if (!signal.aborted) throw error;
        say(context, 'Stopped. Nothing is left of it.');
        exit(EXIT.interrupted);
      } finally {
        stop();
      }
    });

interface WriteFlags extends Flags {
  readonly train?: number;
  readonly val?: number;
  readonly test?: number;
  readonly format: 'png' | 'webp';
}

function written(folder: string, counts: Readonly<Record<Split, number>>, { what, twins }: WriteFlags): string {
  const parts = SPLIT_NAMES.filter((split) => counts[split] > 0).map((split) => {
    const behind = twins && split !== 'train' ? ` and their twins` : '';
    return `${counts[split]} ${split}${behind}`;
  });
  const next = counts.train > 0 ? `\n  uniadapter train --data ${folder} --out runs/world` : '';
  return `${folder}: ${what}, ${parts.join(', ')}${next}`;
}

/** Options that say what is drawn. */
const withWorld = (command: Command, { captions }: { readonly captions: number }): Command =>
  command
    .addOption(
      new Option('--domain <name>', 'which world')
        .choices(['noto', 'fluent3d', 'people', 'animations'] satisfies WorldName[])
        .default('noto'),
    )
    .addOption(new Option('--what <what>', 'images or clips').choices(['images', 'clips']).default('images'))
    .option('--seed <number>', 'another seed, other items', seedNumber, 1)
    .option('--size <number>', 'pixels a side', pixelNumber, 128)
    .option('--captions <number>', 'of each item, the complete one first, at most 5', wholeNumber, captions)
    .option('--questions <number>', 'of each item, of different types', wholeNumberFrom0, 3)
    .option('--frames <number>', 'of each clip, at least 4', frameNumber, 8)
    .option('--noise <number>', 'of the frames, those that show something else', wholeNumberFrom0, 0)
    .addOption(
      new Option('--mode <mode>', 'which pairs of noun and color: all but 12 %, or only these')
        .choices(['train', 'composition'])
        .default('train'),
    )
    .option('--twins', 'behind each item its twin: the same things bound another way, or a clip backwards')
    .option('--cache <folder>', 'keeps art that takes long to decode (default: uniadapter in your cache folder)')
    .option('--json', 'write what was made to stdout as JSON');

/** Loaded when it is needed, so that --help does not wait for it. */
async function worlds() {
  const [files, set, sheet, io] = await Promise.all([
    import('../world/art/files.js'),
    import('../world/art/set.js'),
    import('../world/art/sheet.js'),
    import('../files/files.js'),
  ]);
  return { ...files, ...set, ...sheet, writeAtomically: io.writeAtomically };
}

async function open(context: Context, flags: Flags, some: Readonly<Partial<Record<Split, number>>>) {
  const { openWorld } = await import('../world/art/open.js');
  const progress = progressOn(context.stderr);
  const options: OpenWorldOptions = {
    ...{ domain: flags.domain, kind: flags.what === 'clips' ? 'video' : 'image' },
    ...{ seed: flags.seed, size: flags.size, frames: flags.frames, noise: flags.noise, mode: flags.mode },
    questions: flags.questions,
    counts: { train: 0, val: 0, test: 0, ...some },
    ...(flags.cache !== undefined && { cacheDir: flags.cache }),
    onProgress: (done, all) => progress.update({ title: 'decoding animations', done, all }),
  };
  const opened = await openWorld(options);
  progress.clear();
  return opened;
}
