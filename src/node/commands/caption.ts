// uniadapter caption: what images and clips show, in words.

import { Command } from 'commander';
import { progressOn, table } from '../terminal/index.js';
import { type Context, print, printJson, stylesOf } from './context.js';
import { frameNumber, shown } from './options.js';
import { adapterFolder } from './recipe.js';

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

export const caption = (context: Context): Command =>
  new Command('caption')
    .summary('describe images and clips')
    .description('Describe images, clips or folders of frames in a sentence each.')
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
      const captioned = await run.caption({ ...flags, media, adapter: folder, onProgress });
      progress.clear();
      if (json) for (const one of captioned) printJson(context, one);
      else {
        const rows = captioned.map(({ path, caption }) => [shown(path), caption]);
        print(context, table([['file', 'caption'], ...rows], ['left'], stylesOf(context).out));
      }
    });
