// uniadapter index: a folder of images and clips → an index that can be searched.

import { Command } from 'commander';
import { visible } from '../error/index.js';
import { count, duration } from '../report/page/numbers.js';
import type { IndexEvent, IndexEventOf } from '../search/events.js';
import type { Changes } from '../search/plan.js';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, EXIT, print, printJson, say, stylesOf } from './context.js';
import { interruptible } from './interrupt.js';
import { libraryNameOption } from './options.js';
import { progressOn } from './terminal/index.js';

interface Flags {
  readonly adapter?: string;
  readonly backbone?: string;
  readonly store?: string;
  readonly name?: string;
  readonly check?: true;
  readonly retry?: true;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
    $ uniadapter index photos
  Again after a while: only what is new, changed or gone costs time:
    $ uniadapter index photos
  What that would be:
    $ uniadapter index photos --check
  Under an adapter; each has an index of its own:
    $ uniadapter index photos --adapter runs/first
  On an object store, or in PostgreSQL with pgvector, for several machines:
    $ uniadapter index photos --store s3://bucket/vectors
    $ uniadapter index photos --store postgres://me@host/vectors
  Files that could not be read are left alone until they change; after a decoder was installed:
    $ uniadapter index clips --retry
`;

const STOPPING = 'Stopping; what is embedded so far is kept. Ctrl-C again quits at once.';

/** @param exit what the process ends with when it is not 0 */
export const indexCommand = (context: Context, exit: (code: number) => void): Command =>
  new Command('index')
    .summary('embed a folder of images and clips, to search it')
    .description(
      'Embed the images and clips of a folder, and the captions that came with them, so that they can be searched at ' +
        'once. Run it again when files were added, changed or removed.',
    )
    .argument('<folder>', 'the images and clips, in subfolders too')
    .option('--adapter <path>', 'adapter or run folder (default: the backbone alone)')
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder (default: the adapter’s)')
    .option('--store <address>', 'a folder, s3://…, gs://…, az://… or postgres://… (default: in the user’s cache)')
    .option('--name <name>', 'what the library is called there (default: the folder’s name)', libraryNameOption)
    .option('--check', 'only say what would be done')
    .option('--retry', 'try files again that could not be read before')
    .option('--json', 'write every event to stdout as a line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, { adapter: path, json, ...flags }: Flags) => {
      const adapter = path === undefined || path === 'none' ? null : await adapterFolder(path);
      const { indexFolder } = await context.run();
      const { signal, stop } = interruptible(context, STOPPING);
      const show = shower(context, flags.check ? 'check' : json ? 'json' : 'index');
      try {
        for await (const event of indexFolder({ ...flags, folder, adapter, signal })) {
          if (json) printJson(context, event);
          show(event);
          if (event.type === 'interrupted') exit(EXIT.interrupted);
        }
      } finally {
        stop();
      }
    });

const TITLES: Readonly<Record<IndexEventOf<'progress'>['phase'], string>> = {
  reading: 'reading files',
  files: 'embedding files',
  captions: 'embedding captions',
};

/** Tells people what happens; with JSON, results are there already. */
function shower(context: Context, mode: 'index' | 'check' | 'json'): (event: IndexEvent) => void {
  const { err } = stylesOf(context);
  const progress = progressOn(context.stderr);
  return (event) => {
    switch (event.type) {
      case 'progress': {
        const { phase, done, all, secondsLeft } = event;
        return progress.update({ title: TITLES[phase], done, all, ...(secondsLeft !== null && { secondsLeft }) });
      }
      case 'unreadable':
        return progress.print(`${err.yellow('unreadable')} ${visible(event.path)}: ${event.problem}`);
      case 'plan':
        for (const problem of event.problems) progress.print(`${err.yellow('skipped')} ${visible(problem)}`);
        progress.clear();
        return mode === 'check' ? print(context, planText(event)) : say(context, planText(event));
      case 'interrupted':
        progress.clear();
        return say(context, 'Stopped. Nothing is lost: the same command goes on from here.');
      case 'done':
        progress.clear();
        return mode === 'json' ? undefined : print(context, doneText(event));
    }
  };
}

const planText = ({ files, captions, changes }: IndexEventOf<'plan'>): string =>
  `${count(files)} images and clips, ${count(captions)} captions: ${changesText(changes)}`;

function doneText(event: IndexEventOf<'done'>): string {
  const { added, changed, moved, unchanged, captions, seconds } = event;
  const files = count(added + changed + moved + unchanged);
  return `${files} images and clips and ${count(captions)} captions can be searched, in ${duration(seconds)}: ${changesText(event)}`;
}

/** What is not zero. */
function changesText({ added, changed, moved, removed, unchanged, unreadable }: Changes): string {
  const words = Object.entries({ new: added, changed, moved, removed, unchanged, unreadable }).filter(([, n]) => n > 0);
  return words.map(([what, n]) => `${count(n)} ${what}`).join(', ') || 'nothing';
}
