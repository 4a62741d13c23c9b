// Which runs may be compared: those with the same task that were tested on the same items, as far as can be told today.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Dataset } from '../../data/dataset/dataset.js';
import { digestOf } from '../../data/dataset/open.js';
import { UniAdapterError } from '../../error/index.js';
import { ifThere } from '../../files/files.js';
import { readDescription } from '../../format/index.js';
import type { Recipe } from '../../recipe/index.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { checkedData } from '../run/run-report.js';
import type { ComparedRun } from './data.js';

/** Runs that may be compared. */
export interface Comparable {
  readonly runs: readonly ComparedRun[];
  /** What they were tested on; null where it is not there any more as it was. */
  readonly dataset: Dataset | null;
  /** Why it is null. */
  readonly problem: string | null;
}

/** Groups of runs, in the order of their first ones. */
export async function grouped(runs: readonly ComparedRun[]): Promise<readonly Comparable[]> {
  const opened = new Map<string, Promise<Opened>>();
  const groups = new Map<string, ComparedRun[]>();
  const found = new Map<string, Omit<Comparable, 'runs'>>();
  for (const run of runs) {
    const source = sourceOf(run.recipe);
    if (!opened.has(source)) opened.set(source, open(run.recipe));
    const { key, ...rest } = await testOf(run, (await opened.get(source)) as Opened);
    groups.set(key, [...(groups.get(key) ?? []), run]);
    found.set(key, found.get(key) ?? rest);
  }
  return [...groups].map(([key, own]) => ({ runs: own, ...(found.get(key) as Omit<Comparable, 'runs'>) }));
}

/** Why runs of two groups cannot be compared, in a few words. */
export function apart(one: ComparedRun, other: ComparedRun): string {
  if (one.recipe.task !== other.recipe.task) return 'another task';
  const [a, b] = [one.recipe.data, other.recipe.data];
  if (a.path !== b.path || a.format !== b.format) return 'other data';
  return 'other splits of the data, or a later state of it';
}

/** The data of a run as it is now. */
interface Opened {
  readonly dataset: Dataset | null;
  readonly problem: string | null;
  /** Of all splits; null where it cannot be used. */
  readonly digest: string | null;
}

/** Everything that decides what is in which split. */
const sourceOf = ({ task, data, train }: Recipe): string => {
  const { path, format, variant, visualGenome, mediaRoot, split, skipBad } = data;
  return JSON.stringify([task, path, format, variant, visualGenome, mediaRoot, split, skipBad, train.seed]);
};

async function open(recipe: Recipe): Promise<Opened> {
  try {
    const dataset = await checkedData(recipe);
    return { dataset, problem: null, digest: await digestOf(dataset.splits) };
  } catch (error) {
    if (!(error instanceof UniAdapterError)) throw error;
    return { dataset: null, problem: error.message.split('\n')[0] as string, digest: null };
  }
}

interface Test extends Omit<Comparable, 'runs'> {
  /** The same for runs that may be compared. */
  readonly key: string;
}

/** What a run was tested on: the items that are there, if they still are what it was trained with. */
async function testOf({ folder, recipe }: ComparedRun, { dataset, problem, digest }: Opened): Promise<Test> {
  const then = await trainedWith(folder);
  if (!dataset) return { key: then ? `${recipe.task} ${then}` : sourceOf(recipe), dataset, problem };
  if (then !== null && then !== digest)
    return { key: `${recipe.task} ${then}`, dataset: null, problem: `${dataset.source}: has changed since training` };
  const { items } = dataset.splits.test;
  const tested = items.map(({ media, captions, questions }) => [media, captions, questions]);
  return {
    key: items.length > 0 ? JSON.stringify([recipe.task, resolve(recipe.data.path), tested]) : sourceOf(recipe),
    ...{ dataset, problem },
  };
}

const checkpointSchema = z.looseObject({ data: z.string().optional() });

/** The digest of the data that a run's checkpoint names; null where there is none. */
async function trainedWith(folder: string): Promise<string | null> {
  const file = join(runFolder(folder).checkpoint, 'checkpoint.json');
  const bytes = await ifThere(file, (file) => readFile(file));
  return bytes && (readDescription(checkpointSchema, bytes, file).data ?? null);
}
