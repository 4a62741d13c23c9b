// The datasets of a server: folders that may be trained on, and what is in them.

import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { type Dataset as Opened, openDataset } from '../../data/dataset/dataset.js';
import { type Item, SPLIT_NAMES, type Split } from '../../data/items/index.js';
import { fail, reason, UniAdapterError } from '../../error/index.js';
import { parseRecipe } from '../../recipe/index.js';
import { itemId } from '../../search/scan.js';
import type { Dataset, MediaRef } from '../../server/index.js';
import { refuseUnread, systemCode } from '../files/gone.js';
import type { Place } from './libraries.js';

/** How many items are shown of each. */
const EXAMPLES = 6;

/** What a dataset holds. @throws data or file  when it cannot be read */
export async function describeDataset(place: Place): Promise<Dataset> {
  return described(place).catch((error) => refuseDataset(error, place.name));
}

/** A dataset that cannot be read now, beside the others. @throws the error  when it is a bug */
export function unreadDataset({ name, isSample }: Place, error: unknown): Dataset {
  if (!(error instanceof UniAdapterError) || error.code === 'internal') throw error;
  const nothing = { items: 0, kind: 'images', captions: 0, questions: 0 } as const;
  return { name, isSample, ...nothing, splits: { train: 0, val: 0, test: 0 }, problem: reason(error.problem) };
}

/** @throws missing  when the folder of a dataset is gone; data  when it cannot be read; else the error */
export function refuseDataset(error: unknown, name: string): never {
  if (systemCode(error) === null) throw error;
  return refuseUnread(error, { where: `dataset ${name}`, fix: 'bring its folder back' });
}

async function described({ name, folder, isSample }: Place): Promise<Dataset> {
  const opened = await openDataset(folder, { seed: usual(folder).train.seed });
  const items = SPLIT_NAMES.flatMap((split) => opened.splits[split].items);
  const sum = (count: (item: Item) => number) => items.reduce((all, item) => all + count(item), 0);
  const sizeOf = (split: Split) => opened.splits[split].items.length;
  const root = await realpath(folder);
  return {
    ...{ name, isSample, items: items.length, kind: kindsOf(items) },
    captions: sum(({ captions }) => captions.length),
    questions: sum(({ questions }) => questions.length),
    splits: { train: sizeOf('train'), val: sizeOf('val'), test: sizeOf('test') },
    problem: null,
    examples: examplesOf(opened, { name, root }),
  };
}

/** What a recipe is without choices, which decides how items are shared out. */
const usual = (path: string) => parseRecipe({ data: { path } }, 'recipe');

export function kindsOf(items: readonly Pick<Item, 'kind'>[]): Dataset['kind'] {
  const videos = items.filter(({ kind }) => kind === 'video').length;
  if (videos === 0) return 'images';
  return videos === items.length ? 'videos' : 'both';
}

/** Spread over the training items. */
function examplesOf({ splits: { train } }: Opened, place: { readonly name: string; readonly root: string }) {
  const count = Math.min(EXAMPLES, train.items.length);
  return Array.from({ length: count }, (_, i) => {
    const index = Math.floor((i * train.items.length) / count);
    const { kind, captions, questions } = train.items[index] as Item;
    return {
      media: shownMedia(train.path(index), place),
      kind,
      captions: [...captions],
      questions: questions.map(({ question, answers }) => ({ question, answer: answers[0] ?? '' })),
    };
  });
}

/** A file of a dataset as others may ask for it. @param root  of the dataset, no symbolic link @returns null for files elsewhere */
export function shownMedia(
  path: string,
  { name, root }: { readonly name: string; readonly root: string },
): MediaRef | null {
  const inside = relative(root, path).split(sep).join('/');
  if (inside === '' || inside.startsWith('../')) return null;
  return { library: name, item: itemId(inside) };
}

/** @throws missing */
export function datasetIn(datasets: readonly Place[], folder: string): Place {
  return (
    datasets.find((dataset) => dataset.folder === folder) ??
    fail('internal', { where: folder, what: 'is no dataset of the server' })
  );
}
