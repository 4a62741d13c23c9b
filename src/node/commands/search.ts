// uniadapter search: texts → the images of a folder that fit best.

import { Command } from 'commander';
import { refuseBlank } from '../run/blank.js';
import type { Hit } from '../run/types.js';
import { frameBars, progressOn, type Style, table } from '../terminal/index.js';
import { type Context, print, printJson, say, stylesOf } from './context.js';
import { shown, wholeNumber } from './options.js';
import { adapterFolder } from './recipe.js';

interface Flags {
  readonly in: string;
  readonly k: number;
  readonly frames?: number;
  readonly cache?: string;
  readonly backbone?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
    $ uniadapter search runs/first "a red car on the left" --in photos
  Several texts read the files only once:
    $ uniadapter search runs/first "a red car" "two dogs" --in photos -k 5
  Only the file names of the best three:
    $ uniadapter search runs/first "a red car" --in photos -k 3 --json | jq -r '.hits[].path'
  A large folder, read only once:
    $ uniadapter search runs/first "a red car" --in photos --cache .features
  The backbone without any adapter:
    $ uniadapter search none "a red car" --in photos --backbone tiny
`;

export const search = (context: Context): Command =>
  new Command('search')
    .summary('find images and clips by text')
    .description('Find the images and clips of a folder that fit a text best.')
    .argument('<adapter>', 'adapter or run folder; none = the backbone alone')
    .argument('<text...>', 'what to look for; quote each text')
    .requiredOption('--in <folder>', 'the images and clips, in subfolders too')
    .option('-k <number>', 'how many to find', wholeNumber, 10)
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder (default: the adapter’s)')
    .option('--frames <number>', 'frames that are looked at of a clip (default: as it was trained, or 8)', wholeNumber)
    .option('--cache <folder>', 'keep features there, so that the next search reads only what is new')
    .option('--json', 'write one line of JSON per text to stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, texts: string[], { in: media, k, json, ...flags }: Flags) => {
      refuseBlank('text', texts);
      const adapter = path === 'none' ? null : await adapterFolder(path);
      const { openSearch } = await context.run();
      const progress = progressOn(context.stderr);
      const onProgress = (done: number, all: number) => progress.update({ title: 'reading files', done, all });
      const index = await openSearch({ ...flags, adapter, media, onProgress });
      progress.clear();
      for (const { path, problem } of index.unreadable)
        say(context, `${stylesOf(context).err.yellow('skipped')} ${path}: ${problem}`);
      try {
        for (const text of texts) {
          const hits = await index.search(text, k);
          if (json) printJson(context, { text, hits });
          else print(context, hitsText(text, hits, stylesOf(context).out));
        }
      } finally {
        await index.close();
      }
    });

function hitsText(text: string, hits: readonly Hit[], style: Style): string {
  const rows = hits.map(({ path, rank, match, similarity, firstStageRank, frameWeights }) => [
    `${rank}`,
    shown(path),
    match.toFixed(2),
    similarity.toFixed(3),
    `${firstStageRank}`,
    ...(frameWeights ? [frameBars(frameWeights)] : []),
  ]);
  const weighs = hits.some(({ frameWeights }) => frameWeights);
  const header = ['rank', 'file', 'match', 'similarity', 'rank by similarity', ...(weighs ? ['frames'] : [])];
  return `${style.bold(text)}\n${table([header, ...rows], ['right', 'left', 'right'], style)}\n`;
}
