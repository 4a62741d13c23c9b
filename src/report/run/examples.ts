// What models do with a sample of the test split: nobody picks the good ones.

import type { FileSet } from '../../data/dataset/dataset.js';
import type { Item } from '../../data/items/index.js';
import type { Decoder } from '../../data/video/index.js';
import type { AnsweredQuestion } from '../../predict/ask.js';
import type { Captioned } from '../../predict/caption.js';
import type { Status } from '../../predict/programs/progress.js';
import { stream } from '../../random/index.js';
import type { Hit } from '../../search/folder-search.js';
import { pictureOf } from '../page/pictures.js';
import type { Asked, Described, Examples, Query, Ranking } from './data.js';
import type { Models } from './models.js';

/** A model. */
export interface Side {
  /** Its folder; null is the backbone alone. */
  readonly adapter: string | null;
  readonly backbone: string;
  /** F; null for images. */
  readonly frames: number | null;
}

export interface ExampleOptions {
  readonly run: Omit<Models, 'evaluateRun'>;
  readonly task: Examples['task'];
  /** At least one. */
  readonly sides: readonly Side[];
  /** What backbones alone choose their answers from. Default: what they have learnt. */
  readonly answers?: readonly string[];
  readonly decoder: Decoder;
  /** How many examples. */
  readonly examples: number;
  /** How many items are searched, at most. */
  readonly gallery: number;
  readonly seed: number;
  readonly onProgress: (status: Status) => void;
}

const TILES = 5;
const CLIP_TILES = 3; // each is a strip of frames

/** Every side searches, asks or captions the same. @param set  the test split, which is not empty */
export function drawExamples(set: FileSet, options: ExampleOptions): Promise<Examples> {
  switch (options.task) {
    case 'retrieval':
      return searches(set, options);
    case 'answering':
      return questions(set, options);
    case 'captioning':
      return captions(set, options);
  }
}

const modelOf = ({ adapter, backbone, frames }: Side) => ({ adapter, backbone, ...(frames !== null && { frames }) });

/** F of the pictures that all sides share. */
const framesShown = (sides: readonly Side[]): number | null =>
  Math.max(...sides.map(({ frames }) => frames ?? 0)) || null;

const progressOf =
  ({ onProgress }: ExampleOptions) =>
  (done: number, all: number) =>
    onProgress({ title: 'looking at examples', done, all });

async function searches(set: FileSet, options: ExampleOptions): Promise<Examples> {
  const { run, sides, examples, gallery, seed, decoder } = options;
  const drawn = shuffled(set, seed).slice(0, gallery);
  const media = drawn.map((index) => set.path(index));
  const captions = drawn.map((index) => (set.items[index] as Item).captions);
  const texts = captions.slice(0, examples).map((own, i) => stream(seed, 'report caption', i).pick(own));
  const found: (readonly Hit[])[][] = [];
  for (const side of sides) {
    const search = await run.openSearch({ ...modelOf(side), media, onProgress: progressOf(options) });
    const hits: (readonly Hit[])[] = [];
    for (const text of texts) hits.push(await search.search(text, media.length));
    await search.close();
    found.push(hits);
  }
  const queries = texts.map(async (text, i): Promise<Query> => {
    const right = new Set(media.filter((_, item) => captions[item]?.includes(text)));
    const rankings = sides.map(({ frames }, side) => ranking(found[side]?.[i] ?? [], right, { decoder, frames }));
    return { text, found: await Promise.all(rankings) };
  });
  return { task: 'retrieval', queries: await Promise.all(queries), gallery: galleryText(set, drawn.length, options) };
}

/** The first few hits as tiles. @param right  paths of the items that answer the query */
export async function ranking(
  hits: readonly Hit[],
  right: ReadonlySet<string>,
  { decoder, frames }: Pick<ExampleOptions, 'decoder'> & Pick<Side, 'frames'>,
): Promise<Ranking> {
  const tiles = hits.slice(0, frames === null ? TILES : CLIP_TILES).map(async ({ path, frameWeights }) => ({
    ...(await pictureOf(decoder, path, { frames, weights: frameWeights })),
    isRight: right.has(path),
  }));
  const rank = hits.find(({ path }) => right.has(path))?.rank ?? null;
  return { tiles: await Promise.all(tiles), rank, ranked: hits.length };
}

async function questions(set: FileSet, options: ExampleOptions): Promise<Examples> {
  const { run, sides, answers, examples, seed, decoder } = options;
  const drawn = shuffled(set, seed).slice(0, examples);
  const chosen = drawn.map((index, i) => {
    const { questions } = set.items[index] as Item;
    return { path: set.path(index), ...stream(seed, 'report question', i).pick(questions) };
  });
  const answered: (AnsweredQuestion | undefined)[][] = [];
  for (const side of sides) {
    const asking = await run.openAsking({
      ...modelOf(side),
      media: chosen.map(({ path }) => path),
      k: TILES,
      ...(answers && { answers }),
    });
    const all: (AnsweredQuestion | undefined)[] = [];
    for (const { path, question } of chosen) all.push((await asking.ask(path, [question]))[0]);
    await asking.close();
    answered.push(all);
  }
  const asked = chosen.map(async ({ path, question, answers }, i): Promise<Asked> => {
    const own = answered.map((all) => all[i]);
    const [weights, ...others] = own.flatMap((one) => (one?.frameWeights ? [one.frameWeights] : []));
    const shown = { frames: framesShown(sides), weights: others.length > 0 ? undefined : weights }; // one picture for all
    return {
      picture: await pictureOf(decoder, path, shown),
      question,
      truths: [...new Set(answers)],
      answers: own.map((one) => one?.answers ?? []),
    };
  });
  return { task: 'answering', asked: await Promise.all(asked) };
}

async function captions(set: FileSet, options: ExampleOptions): Promise<Examples> {
  const { run, sides, examples, seed, decoder } = options;
  const drawn = shuffled(set, seed).slice(0, examples);
  const media = drawn.map((index) => set.path(index));
  const written: (readonly Captioned[])[] = [];
  for (const side of sides)
    written.push(await run.caption({ ...modelOf(side), media, onProgress: progressOf(options) }));
  const described = drawn.map(async (index, i): Promise<Described> => {
    const captions = written.map((all) => all[i]?.caption ?? '');
    const picture = await pictureOf(decoder, media[i] as string, { frames: framesShown(sides) });
    return { picture, captions, people: (set.items[index] as Item).captions };
  });
  return { task: 'captioning', described: await Promise.all(described) };
}

/** Numbers of all items in random order. */
const shuffled = ({ items }: FileSet, seed: number): number[] => [
  ...stream(seed, 'report', 0).permutation(items.length),
];

function galleryText({ items }: FileSet, drawn: number, { sides }: ExampleOptions): string {
  const media = framesShown(sides) === null ? 'images' : 'clips';
  return drawn === items.length
    ? `all ${drawn} ${media} of the test split`
    : `${drawn} of the ${items.length} ${media} of the test split`;
}
