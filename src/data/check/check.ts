// A dataset looked at as a whole before a long run: what it is made of, and what would make the run fail or its results
// untrustworthy. Nothing is changed.
import { stat } from 'node:fs/promises';
import { type BlindFigure, blindFigures, FEW } from '../../evaluate/index.js';
import { wilson } from '../../evaluate/metric/index.js';
import { sha256 } from '../../files/files.js';
import type { TaskName } from '../../model/index.js';
import type { Readings } from '../../predict/programs/readings.js';
import { type Dataset, eachSplit, problemOf } from '../dataset/dataset.js';
import {
  type Coverage,
  countsOf,
  coverageOf,
  fewAtOnce,
  histogramOf,
  type Item,
  type LeftOut,
  SPLIT_NAMES,
  type Split,
  type SplitCounts,
  type Summary,
  sameBy,
  summaryOf,
  wordCounts,
} from '../items/index.js';
import type { Decoder, MediaInfo } from '../video/index.js';
import { type Answerable, type Finding, findings, type Seen } from './findings.js';

/** What is scored without looking in the splits that are scored. */
export type Blind = Readonly<Record<'val' | 'test', readonly BlindFigure[]>>;

export interface DataReport {
  /** The manifest or the folder. */
  readonly source: string;
  readonly splits: Readonly<Record<Split, SplitCounts>>;
  readonly captionsPerItem: (Summary & { readonly histogram: readonly number[] }) | null;
  readonly wordsPerCaption: Summary | null;
  /** Of media that can be read: how many of each kind, pixels as displayed, seconds of clips. */
  readonly media: {
    readonly kinds: Readonly<Record<string, number>>;
    readonly width: Summary | null;
    readonly height: Summary | null;
    readonly seconds: Summary | null;
  };
  /** Null where nothing is chosen from a list. */
  readonly answers: Answerable | null;
  /** What the backbone reads of the texts that the task takes; null where the backbone is not here. */
  readonly readings: Readings | null;
  /** What is scored without looking, by split. */
  readonly blind: Blind;
  /** Splits whose scores will say little because they are few, in words. */
  readonly few: readonly string[];
  /** Whether files were decoded and their contents compared. */
  readonly thorough: boolean;
  readonly findings: readonly Finding[];
}

export interface DataCheckOptions {
  /** What answers are chosen from; null where none are. */
  readonly answers: readonly string[] | null;
  readonly readings: Readings | null;
  readonly task: TaskName;
  /** Only ask what files are, without decoding or comparing them. */
  readonly quick: boolean;
  /** Whether the run leaves out what cannot be used; then that is no error. */
  readonly skipBad: boolean;
  /** What is not read, beside what the dataset says itself. */
  readonly leftOut: readonly LeftOut[];
  readonly onProgress: (title: string, done: number, all: number) => void;
}

/** Where clips are decoded: an end that is cut off shows. */
const POSITIONS = [0.05, 0.5, 0.95];

/** Looks at every entry and every file of a dataset. */
export async function checkData(dataset: Dataset, options: DataCheckOptions): Promise<DataReport> {
  const { splits, source, flaws } = dataset;
  const leftOut = [...dataset.leftOut, ...options.leftOut];
  const seen = await lookAtAll(dataset, options);
  const same = options.quick ? [] : await sameContent(seen, options);
  const items = seen.map(({ item }) => item);
  const captions = items.filter((item) => item.captions.length > 0).map((item) => item.captions.length);
  const perItem = summaryOf(captions);
  const answers = options.answers && answersOf(dataset, options.answers);
  const { readings, skipBad } = options;
  const blind = blindOf(dataset, options);
  return {
    source,
    splits: eachSplit((name) => countsOf(splits[name].items)),
    captionsPerItem: perItem && { ...perItem, histogram: histogramOf(captions) },
    wordsPerCaption: summaryOf(wordCounts(items)),
    media: mediaOf(seen.flatMap(({ info }) => info ?? [])),
    answers,
    readings,
    blind,
    few: fewOf(blind),
    thorough: !options.quick,
    findings: findings({ seen, same, flaws, leftOut, absent: dataset.absent, answers, readings, skipBad }),
  };
}

async function lookAtAll({ splits, decoder }: Dataset, { quick, onProgress }: DataCheckOptions): Promise<Seen[]> {
  const places = SPLIT_NAMES.flatMap((split) =>
    splits[split].items.map((item: Item, i) => ({ split, item, path: splits[split].path(i) })),
  );
  let done = 0;
  return fewAtOnce(places.length, async (index) => {
    const place = places[index] as (typeof places)[number];
    const looked = await look(place.path, decoder, quick);
    onProgress('looking at files', ++done, places.length);
    return { ...place, ...looked };
  });
}

async function look(
  path: string,
  decoder: Decoder,
  quick: boolean,
): Promise<Pick<Seen, 'problem' | 'info' | 'fileBytes'>> {
  let info: MediaInfo | undefined;
  const problem = await problemOf(
    (async () => {
      info = await decoder.probe(path);
      if (!quick) await decoder.frames(path, POSITIONS);
    })(),
  );
  if (problem) return { problem };
  const file = await stat(path);
  return { ...(info && { info }), ...(file.isFile() && { fileBytes: file.size }) };
}

/** Groups of files with the same content; only those of the same size are read. */
async function sameContent(seen: readonly Seen[], { onProgress }: DataCheckOptions): Promise<readonly Seen[][]> {
  const alike = sameBy(seen, ({ fileBytes }) => fileBytes?.toString()).flat();
  const hashes = new Map<Seen, string>();
  await fewAtOnce(alike.length, async (index) => {
    const one = alike[index] as Seen;
    hashes.set(one, await sha256(one.path));
    onProgress('comparing files', hashes.size, alike.length);
  });
  return sameBy(alike, (one) => hashes.get(one));
}

function mediaOf(infos: readonly MediaInfo[]): DataReport['media'] {
  const kinds: Record<string, number> = {};
  for (const { kind } of infos) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return {
    kinds,
    width: summaryOf(infos.map(({ width }) => width)),
    height: summaryOf(infos.map(({ height }) => height)),
    seconds: summaryOf(infos.flatMap(({ kind, seconds }) => (kind === 'image' ? [] : (seconds ?? [])))),
  };
}

function blindOf({ splits }: Dataset, { task, answers }: DataCheckOptions): Blind {
  const known = { task, learnt: splits.train.items, candidates: answers ?? [] };
  return { val: blindFigures(splits.val.items, known), test: blindFigures(splits.test.items, known) };
}

function fewOf(blind: Blind): readonly string[] {
  return (['val', 'test'] as const).flatMap((split) => {
    const n = Math.min(...blind[split].map((figure) => figure.n));
    if (n >= FEW) return [];
    const [low, high] = wilson(0.5, n);
    const what = blind[split][0]?.name === 'accuracy' ? 'question' : 'item';
    const points = (50 * (high - low)).toFixed(0);
    return [
      `${n} ${what}${n === 1 ? '' : 's'} of ${split} are too few for a score: a share of them is known to ±${points} points`,
    ];
  });
}

function answersOf({ splits }: Dataset, list: readonly string[]): Answerable {
  const coverage: Partial<Record<Split, Coverage>> = {};
  for (const name of ['val', 'test'] as const) {
    const own = coverageOf(splits[name].items, list);
    if (own.questions > 0) coverage[name] = own;
  }
  return { list: list.length, coverage };
}
