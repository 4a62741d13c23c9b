// uniadapter caption: what images and clips show, in words.

import { Command } from 'commander';
import type { UniAdapterError } from '../error/index.js';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, EXIT, print, printJson, say, stylesOf } from './context.js';
import { frameNumber, shown } from './options.js';
import { progressOn, table } from './terminal/index.js';

interface Flags {
  readonly adapter?: string;
  readonly backbone?: string;
  readonly frames?: number;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
    $ uniadapter caption photo.jpg
    $ uniadapter caption clips/*.mp4 --adapter runs/captions --json
`;

export const caption = (context: Context, exit: (code: number) => void): Command =>
  new Command('caption')
    .summary('describe images and clips')
    .description(
      'Describe images, clips or folders of frames in a sentence each. What cannot be read is named, with exit code 1.',
    )
    .argument('<file...>', 'images, clips or folders of frames')
    .option('--adapter <path>', 'adapter or run folder (default: the backbone alone)')
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder (default: the adapter’s)')
    .option('--frames <number>', 'frames that are looked at of a clip (default: as it was trained, or 8)', frameNumber)
    .option('--json', 'write one line of JSON per file to stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (media: string[], { json, adapter, ...flags }: Flags) => {
      const folder = adapter === undefined ? null : await adapterFolder(adapter);
      const run = await context.run();
      const progress = progressOn(context.stderr);
      const onProgress = (done: number, all: number) => progress.update({ title: 'captioning', done, all });
      const unreadable: UniAdapterError[] = [];
      const onUnreadable = (_: string, error: UniAdapterError) => unreadable.push(error);
      const captioned = await run.caption({ ...flags, media, adapter: folder, onProgress, onUnreadable });
      progress.clear();
      for (const { message } of unreadable) say(context, `${stylesOf(context).err.yellow('skipped')} ${message}`);
      if (unreadable.length > 0) exit(EXIT.problem);
      if (json) for (const one of captioned) printJson(context, one);
      else if (captioned.length > 0) {
        const rows = captioned.map(({ path, caption }) => [shown(path), caption]);
        print(context, table([['file', 'caption'], ...rows], ['left'], stylesOf(context).out));
      }
    });
