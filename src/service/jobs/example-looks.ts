// What a model does with a few items of a test split.

import { realpath } from 'node:fs/promises';
import type { FileSet } from '../../data/dataset/dataset.js';
import type { Item } from '../../data/items/index.js';
import type { AdapterChoice, Engine } from '../../predict/local/types.js';
import { stream } from '../../random/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { Example, MediaRef } from '../../server/index.js';
import { shownMedia } from '../libraries/datasets.js';
import type { Place } from '../libraries/libraries.js';

/** How many examples, how many items are searched for them, and how many hits are told. */
const [EXAMPLES, GALLERY, HITS] = [4, 48, 4];
/** Of the nearest, those that are scored by the matching head. */
const RERANK = 8;
const ANSWERS = 3;

interface Drawn {
  readonly path: string;
  readonly item: Item;
  readonly media: MediaRef | null;
}

export interface ExampleSet {
  readonly seed: number;
  /** In random order; the first few are the examples. */
  readonly drawn: readonly Drawn[];
}

export async function drawExamples(
  set: FileSet,
  { task, seed, place }: { readonly task: Recipe['task']; readonly seed: number; readonly place: Place },
): Promise<ExampleSet> {
  const order = [...stream(seed, 'examples', 0).permutation(set.items.length)];
  const count = task === 'retrieval' ? GALLERY : EXAMPLES;
  const drawn = await Promise.all(
    order.slice(0, count).map(async (index): Promise<Drawn> => {
      const named = set.path(index);
      const media = shownMedia(named, { name: place.name, root: place.folder });
      const path = await realpath(named).catch(() => named); // training follows links, too; models do not
      return { path, item: set.items[index] as Item, media };
    }),
  );
  return { seed, drawn };
}

export interface Look {
  readonly adapter: AdapterChoice;
  readonly engine: Engine;
  readonly recipe: Recipe;
}

/** @returns none where there is nothing to test with */
export async function lookAt(set: ExampleSet, look: Look): Promise<readonly Example[]> {
  if (set.drawn.length === 0) return [];
  switch (look.recipe.task) {
    case 'retrieval':
      return searches(set, look);
    case 'answering':
      return questions(set, look);
    case 'captioning':
      return captions(set, look);
  }
}

async function searches({ drawn, seed }: ExampleSet, look: Look): Promise<readonly Example[]> {
  const { engine, adapter } = look;
  const { features } = await engine.mediaFeatures(
    adapter,
    drawn.map(({ path }) => path),
    BACKGROUND,
  );
  const asked = drawn.slice(0, EXAMPLES);
  const texts = asked.map(({ item }, i) => stream(seed, 'example caption', i).pick(item.captions));
  const queries = await engine.textFeatures(adapter, texts, BACKGROUND);
  const width = queries.length / texts.length;
  const found: Example[] = [];
  for (const [i, text] of texts.entries()) {
    const query = queries.subarray(i * width, (i + 1) * width);
    const order = await ranked({ text, query }, { drawn, features }, look);
    const isRight = (index: number) => drawn[index]?.item.captions.includes(text) === true;
    const hits = order.slice(0, HITS).map((index) => ({ media: drawn[index]?.media ?? null, isRight: isRight(index) }));
    found.push({ task: 'retrieval', text, hits, rank: order.findIndex(isRight) + 1, searched: drawn.length });
  }
  return found;
}

/** Numbers of items, the best first: by similarity, the nearest by the matching head where it is trained. */
async function ranked(
  { text, query }: { readonly text: string; readonly query: Float32Array },
  { drawn, features }: { readonly drawn: readonly Drawn[]; readonly features: Float32Array },
  { engine, adapter, recipe }: Look,
): Promise<readonly number[]> {
  const similarity = (index: number) =>
    query.reduce((sum, x, i) => sum + x * (features[index * query.length + i] ?? 0), 0);
  const near = [...drawn.keys()].map((index) => [index, similarity(index)] as const).sort((a, b) => b[1] - a[1]);
  const order = near.map(([index]) => index);
  if (recipe.retrieval.matching === 0) return order;
  const best = order.slice(0, RERANK);
  const pairs = best.map((index) => ({ text, file: (drawn[index] as Drawn).path }));
  const matches = await engine.match(adapter, pairs, BACKGROUND);
  const scored = best
    .map((index, i) => [index, matches[i]?.logit ?? Number.NEGATIVE_INFINITY] as const)
    .sort((a, b) => b[1] - a[1]);
  return [...scored.map(([index]) => index), ...order.slice(RERANK)];
}

async function questions({ drawn, seed }: ExampleSet, { engine, adapter }: Look): Promise<readonly Example[]> {
  const found: Example[] = [];
  for (const [i, { path, item, media }] of drawn.entries()) {
    const { question, answers: truths } = stream(seed, 'example question', i).pick(item.questions);
    const options = { answers: ANSWERS, attention: false };
    const [answered] = await engine.ask(adapter, path, [question], options, BACKGROUND);
    const answers = (answered?.answers ?? []).map(({ answer, probability }) => ({ answer, probability }));
    found.push({ task: 'answering', media, question, truths: [...new Set(truths)], answers });
  }
  return found;
}

async function captions({ drawn }: ExampleSet, { engine, adapter }: Look): Promise<readonly Example[]> {
  const written = await engine.caption(
    adapter,
    drawn.map(({ path }) => path),
    BACKGROUND,
  );
  return drawn.map(({ item, media }, i) => ({
    ...{ task: 'captioning', media, caption: written[i] ?? '', truths: [...item.captions] },
  }));
}

/** Whoever asks something comes first. */
const BACKGROUND = { priority: 'background' } as const;
