// What the model does with a sample of the test split, with and without the adapter: nobody picks the good ones.

import type { Item } from '../../data/index.js';
import { stream } from '../../random/index.js';
import type { Decoder } from '../../video/index.js';
import type { FileSet } from '../data/dataset.js';
import type { AnsweredQuestion, Captioned, Hit, Run, SearchOptions } from '../run/types.js';
import type { Asked, Described, Examples, Query, Ranking } from './data.js';
import { pictureOf } from './pictures.js';

export interface ExampleOptions {
  readonly run: Pick<Run, 'openSearch' | 'openAsking' | 'caption'>;
  readonly task: Examples['task'];
  readonly adapter: string;
  readonly backbone: string;
  readonly decoder: Decoder;
  /** F; null for images. */
  readonly frames: number | null;
  /** How many examples. */
  readonly examples: number;
  /** How many items are searched, at most. */
  readonly gallery: number;
  readonly seed: number;
  readonly onProgress: SearchOptions['onProgress'];
}

const TILES = 5;
const CLIP_TILES = 3; // each is a strip of frames

/** Searches, asks or captions before and after. @param set  the test split, which is not empty */
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

/** Both models, the backbone alone first. */
const sides = ({ adapter, backbone, frames }: ExampleOptions) =>
  [null, adapter].map((path) => ({ adapter: path, backbone, ...(frames !== null && { frames }) }));

async function searches(set: FileSet, options: ExampleOptions): Promise<Examples> {
  const { run, examples, gallery, seed, onProgress } = options;
  const drawn = shuffled(set, seed).slice(0, gallery);
  const media = drawn.map((index) => set.path(index));
  const captions = drawn.map((index) => (set.items[index] as Item).captions);
  const texts = captions.slice(0, examples).map((own, i) => stream(seed, 'report caption', i).pick(own));
  const found: (readonly Hit[])[][] = [];
  for (const side of sides(options)) {
    const search = await run.openSearch({ ...side, media, onProgress });
    const hits: (readonly Hit[])[] = [];
    for (const text of texts) hits.push(await search.search(text, media.length));
    await search.close();
    found.push(hits);
  }
  const queries = texts.map(async (text, i): Promise<Query> => {
    const right = new Set(media.filter((_, item) => captions[item]?.includes(text)));
    const [before, after] = await Promise.all(found.map((hits) => ranking(hits[i] ?? [], right, options)));
    return { text, before: before as Ranking, after: after as Ranking };
  });
  return { task: 'retrieval', queries: await Promise.all(queries), gallery: galleryText(set, drawn.length, options) };
}

/** The first few hits as tiles. @param right  paths of the items that answer the query */
export async function ranking(
  hits: readonly Hit[],
  right: ReadonlySet<string>,
  { decoder, frames }: Pick<ExampleOptions, 'decoder' | 'frames'>,
): Promise<Ranking> {
  const tiles = hits.slice(0, frames === null ? TILES : CLIP_TILES).map(async ({ path, frameWeights }) => ({
    ...(await pictureOf(decoder, path, { frames, weights: frameWeights })),
    isRight: right.has(path),
  }));
  const rank = hits.find(({ path }) => right.has(path))?.rank ?? null;
  return { tiles: await Promise.all(tiles), rank, ranked: hits.length };
}

async function questions(set: FileSet, options: ExampleOptions): Promise<Examples> {
  const { run, examples, seed, decoder, frames } = options;
  const drawn = shuffled(set, seed).slice(0, examples);
  const chosen = drawn.map((index, i) => {
    const { questions } = set.items[index] as Item;
    return { path: set.path(index), ...stream(seed, 'report question', i).pick(questions) };
  });
  const answered: (AnsweredQuestion | undefined)[][] = [];
  for (const side of sides(options)) {
    const asking = await run.openAsking({ ...side, media: chosen.map(({ path }) => path), k: TILES });
    const all: (AnsweredQuestion | undefined)[] = [];
    for (const { path, question } of chosen) all.push((await asking.ask(path, [question]))[0]);
    await asking.close();
    answered.push(all);
  }
  const [before = [], after = []] = answered;
  const asked = chosen.map(async ({ path, question, answers }, i): Promise<Asked> => {
    const weights = after[i]?.frameWeights;
    return {
      picture: await pictureOf(decoder, path, { frames, weights }),
      question,
      truths: [...new Set(answers)],
      before: before[i]?.answers ?? [],
      after: after[i]?.answers ?? [],
    };
  });
  return { task: 'answering', asked: await Promise.all(asked) };
}

async function captions(set: FileSet, options: ExampleOptions): Promise<Examples> {
  const { run, examples, seed, decoder, frames, onProgress } = options;
  const drawn = shuffled(set, seed).slice(0, examples);
  const media = drawn.map((index) => set.path(index));
  const written: (readonly Captioned[])[] = [];
  for (const side of sides(options)) written.push(await run.caption({ ...side, media, onProgress }));
  const described = drawn.map(async (index, i): Promise<Described> => {
    const [before = '', after = ''] = written.map((all) => all[i]?.caption);
    const picture = await pictureOf(decoder, media[i] as string, { frames });
    return { picture, before, after, people: (set.items[index] as Item).captions };
  });
  return { task: 'captioning', described: await Promise.all(described) };
}

/** Numbers of all items in random order. */
const shuffled = ({ items }: FileSet, seed: number): number[] => [
  ...stream(seed, 'report', 0).permutation(items.length),
];

function galleryText({ items }: FileSet, drawn: number, { frames }: ExampleOptions): string {
  const media = frames === null ? 'images' : 'clips';
  return drawn === items.length
    ? `all ${drawn} ${media} of the test split`
    : `${drawn} of the ${items.length} ${media} of the test split`;
}
