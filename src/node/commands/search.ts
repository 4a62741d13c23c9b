// uniadapter search: texts → the images of a folder that fit best.

import { relative } from 'node:path';
import { Command } from 'commander';
import type { Hit } from '../run/types.js';
import { progressOn, table } from '../terminal/index.js';
import { type Context, print, printJson, say, stylesOf } from './context.js';
import { wholeNumber } from './options.js';
import { adapterFolder } from './recipe.js';

interface Flags {
  readonly images: string;
  readonly k: number;
  readonly backbone?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
    $ uniadapter search runs/first "a red car on the left" --images photos
  Several texts read the images only once:
    $ uniadapter search runs/first "a red car" "two dogs" --images photos -k 5
  Only the file names of the best three:
    $ uniadapter search runs/first "a red car" --images photos -k 3 --json | jq -r '.hits[].image'
  The backbone without any adapter:
    $ uniadapter search none "a red car" --images photos --backbone tiny
`;

export const search = (context: Context): Command =>
  new Command('search')
    .summary('find images by text')
    .description('Find the images of a folder that fit a text best.')
    .argument('<adapter>', 'adapter or run folder; none = the backbone alone')
    .argument('<text...>', 'what to look for; quote each text')
    .requiredOption('--images <folder>', 'the images, in subfolders too')
    .option('-k <number>', 'how many to find', wholeNumber, 10)
    .option('--backbone <name>', 'a shipped backbone such as tiny, or a folder (default: the adapter’s)')
    .option('--json', 'write one line of JSON per text to stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, texts: string[], { images, k, backbone, json }: Flags) => {
      const adapter = path === 'none' ? null : await adapterFolder(path);
      const { openSearch } = await context.run();
      const progress = progressOn(context.stderr);
      const onProgress = (done: number, all: number) => progress.update({ title: 'reading images', done, all });
      const index = await openSearch({ adapter, images, onProgress, ...(backbone && { backbone }) });
      progress.clear();
      for (const { image, problem } of index.unreadable)
        say(context, `${stylesOf(context).err.yellow('skipped')} ${image}: ${problem}`);
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

function hitsText(text: string, hits: readonly Hit[], style: Parameters<typeof table>[2]): string {
  const rows = hits.map(({ image, rank, match, similarity, firstStageRank }) => {
    const path = relative('.', image);
    return [
      `${rank}`,
      path.startsWith('..') ? image : path,
      match.toFixed(2),
      similarity.toFixed(3),
      `${firstStageRank}`,
    ];
  });
  const header = ['rank', 'image', 'match', 'similarity', 'rank by similarity'];
  return `${style.bold(text)}\n${table([header, ...rows], ['right', 'left', 'right'], style)}\n`;
}
