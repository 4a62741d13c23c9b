// The dataset of a recipe, cut down to what its task can use.

import { fail } from '../../error/index.js';
import { readBytes, sha256 } from '../../files/files.js';
import { readAnswers } from '../../format/index.js';
import type { TaskName } from '../../model/index.js';
import { createDecoder } from '../../node/media/decoder.js';
import type { Recipe } from '../../recipe/index.js';
import { type Item, leftOut, SPLIT_NAMES } from '../items/index.js';
import { cachedDecoder } from '../media/cache.js';
import { type Dataset, eachSplit, kept, openDataset } from './dataset.js';

/** Frames of a clip, where nobody says how many (published: 8). */
const AUTO_FRAMES = 8;

const TEXTS: Readonly<Record<TaskName, 'captions' | 'questions'>> = {
  retrieval: 'captions',
  answering: 'questions',
  captioning: 'captions',
};

/** What a task learns from, of an item. */
export const textsOf = (task: TaskName): 'captions' | 'questions' => TEXTS[task];

/** Opens the dataset of a recipe. Nothing is decoded yet. @throws as `openDataset`; data  if nothing is for its task */
export async function openData({ data, task }: Pick<Recipe, 'data' | 'task'>, seed: number): Promise<Dataset> {
  const { path, split: fractions, cache } = data;
  const decoder = cache === null ? createDecoder() : cachedDecoder(createDecoder(), cache);
  const opened = await openDataset(path, { ...data, fractions, seed, decoder });
  const texts = TEXTS[task];
  const all = SPLIT_NAMES.flatMap((name) => opened.splits[name].items);
  const without = all.filter((item) => item[texts].length === 0);
  if (without.length === all.length && opened.flaws.length === 0) failWithout(opened.source, task, all);
  const one = `item has no ${texts}, which the task ${task} needs, and is left out`;
  const more = `items have no ${texts}, which the task ${task} needs, and are left out`;
  const unused = leftOut(
    'warning',
    [one, more],
    without.map(({ media }) => media),
  );
  const splits = eachSplit((name) => kept(opened.splits[name], (item) => item[texts].length > 0));
  return { ...opened, splits, leftOut: [...opened.leftOut, ...unused] };
}

/** Names the tasks that the data are for. */
function failWithout(where: string, task: TaskName, items: readonly Item[]): never {
  const others = (Object.keys(TEXTS) as TaskName[]).filter((name) =>
    items.some((item) => item[TEXTS[name]].length > 0),
  );
  const fix = others.length > 0 ? `choose --task ${others.join(' or --task ')}, or add some` : 'add some';
  fail('data', { where, what: `holds no ${TEXTS[task]}, which the task ${task} needs`, fix });
}

/** F of training and of evaluation: what the recipe says, or as the items ask for. */
export function framesOf(
  { frames, testFrames }: Pick<Recipe['data'], 'frames' | 'testFrames'>,
  items: readonly Pick<Item, 'kind'>[],
) {
  const auto = items.some(({ kind }) => kind === 'video') ? AUTO_FRAMES : null;
  const train = frames === 'auto' ? auto : frames;
  return { frames: train, testFrames: train === null ? null : (testFrames ?? train) };
}

/**
 * The answers to choose from: those of a recipe's list, or of the dataset's own, or of the training questions, the most
 * common first.
 */
export async function candidatesOf(
  { answering }: Pick<Recipe, 'answering'>,
  { splits, answers }: Pick<Dataset, 'splits' | 'answers'>,
): Promise<readonly string[]> {
  const { answerList } = answering;
  if (answerList !== null) return readAnswers(await readBytes(answerList), answerList);
  if (answers) return answers;
  const counts = new Map<string, number>();
  for (const { questions } of splits.train.items)
    for (const answer of questions.flatMap(({ answers }) => answers)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([answer]) => answer);
}

/** SHA-256 of what is in which split; the files' own bytes are not in it. */
export async function digestOf(splits: Dataset['splits']): Promise<string> {
  const items = SPLIT_NAMES.map((name) =>
    splits[name].items.map(({ media, captions, questions }) => [media, captions, questions]),
  );
  return sha256(new TextEncoder().encode(JSON.stringify(items)));
}
