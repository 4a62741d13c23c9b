// uniadapter search: texts → the images of a folder that fit best.

import { Command, Option } from 'commander';
import { leftOutText } from '../data/items/index.js';
import { fail, visible } from '../error/index.js';
import { rerankingText } from '../evaluate/index.js';
import { refuseBlank } from '../predict/programs/blank.js';
import type { IndexedHit } from '../search/indexed-search.js';
import { adapterFolder } from '../weights/store/adapter-name.js';
import { type Context, print, printJson, say, stylesOf } from './context.js';
import { frameNumber, libraryNameOption, shown, wholeNumber, wholeNumberFrom0 } from './options.js';
import { frameBars, progressOn, type Style, table } from './terminal/index.js';

interface Flags {
  readonly in: string;
  readonly k: number;
  readonly frames?: number;
  readonly cache?: string;
  readonly index?: true;
  readonly store?: string;
  readonly name?: string;
  readonly backbone?: string;
  readonly rerank?: number;
  readonly json?: true;
}

interface Searched extends Omit<Flags, 'in' | 'k' | 'json'> {
  readonly adapter: string | null;
  readonly media: string;
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
  One that was indexed, without reading it (uniadapter index photos --adapter runs/first):
    $ uniadapter search runs/first "a red car" --in photos --index
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
    .option('--frames <number>', 'frames that are looked at of a clip (default: as it was trained, or 8)', frameNumber)
    .option('--cache <folder>', 'keep features there, so that the next search reads only what is new')
    .addOption(
      new Option('--index', 'search in the index that uniadapter index made of the folder').conflicts([
        'cache',
        'frames',
      ]),
    )
    .option('--store <address>', 'where that index is, if not in the user’s cache')
    .option('--name <name>', 'what the library is called there (default: the folder’s name)', libraryNameOption)
    .option(
      '--rerank <number>',
      'how many of the nearest are scored again, 0 = none (default: as validation showed)',
      wholeNumberFrom0,
    )
    .option('--json', 'write one line of JSON per text to stdout')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, texts: string[], { in: media, k, json, ...flags }: Flags) => {
      refuseBlank('text', texts);
      refuseWithoutIndex(flags);
      const adapter = path === 'none' ? null : await adapterFolder(path);
      const open = flags.index ? openIndex : readFolder;
      const search = await open(context, { ...flags, adapter, media });
      if (search.reranking.by !== 'recipe') say(context, rerankingText(search.reranking));
      try {
        for (const text of texts) {
          const hits = await search.search(text, k);
          if (json) printJson(context, { text, hits });
          else print(context, hitsText(text, hits, stylesOf(context).out));
        }
      } finally {
        await search.close();
      }
    });

function refuseWithoutIndex({ index, store, name }: Pick<Flags, 'index' | 'store' | 'name'>): void {
  if (index || (store === undefined && name === undefined)) return;
  fail('recipe', {
    where: store === undefined ? '--name' : '--store',
    what: 'says which index, but none is searched',
    fix: 'add --index',
  });
}

async function openIndex(context: Context, { adapter, media, backbone, store, name, rerank }: Searched) {
  const { openIndexedSearch } = await context.run();
  return openIndexedSearch({
    ...{ folder: media, adapter, backbone, store, name },
    ...(rerank !== undefined && { rerank }),
  });
}

async function readFolder(context: Context, { index: _, store: __, name: ___, ...searched }: Searched) {
  const { openSearch } = await context.run();
  const progress = progressOn(context.stderr);
  const onProgress = (done: number, all: number) => progress.update({ title: 'reading files', done, all });
  const search = await openSearch({ ...searched, onProgress });
  progress.clear();
  for (const { path, problem } of search.unreadable)
    say(context, `${stylesOf(context).err.yellow('skipped')} ${visible(path)}: ${problem}`);
  for (const one of search.leftOut.filter(({ severity }) => severity === 'warning'))
    say(context, `${stylesOf(context).err.yellow('left out')} ${visible(leftOutText(one))}`);
  return search;
}

function hitsText(text: string, hits: readonly IndexedHit[], style: Style): string {
  const rows = hits.map(({ path, rank, match, similarity, firstStageRank, frameWeights }) => [
    `${rank}`,
    shown(path),
    match?.toFixed(2) ?? '–',
    similarity.toFixed(3),
    `${firstStageRank}`,
    ...(frameWeights ? [frameBars(frameWeights)] : []),
  ]);
  const weighs = hits.some(({ frameWeights }) => frameWeights);
  const header = ['rank', 'file', 'match', 'similarity', 'rank by similarity', ...(weighs ? ['frames'] : [])];
  return `${style.bold(text)}\n${table([header, ...rows], ['right', 'left', 'right'], style)}\n`;
}
