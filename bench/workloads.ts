// Our side of the benchmark `peers`: workloads by name, each opened once and then run again and again. Sizes and lengths
// are those of bench/peers/workloads.py. What runs is what training, evaluation and search run, frozen weights mapped.

import { pixels } from '../src/data/image/index.js';
import type { Item, MediaSet } from '../src/data/items/index.js';
import {
  createMatcher,
  createMediaEncoder,
  createTextEncoder,
  itemsAtOnce,
  type PairSizes,
} from '../src/predict/programs/index.js';
import type { Recipe } from '../src/recipe/index.js';
import { planStep } from '../src/train/loop/index.js';
import { initialState } from '../src/train/loop/state.js';
import { compileStep } from '../src/train/loop/step.js';
import { openBackbone } from '../src/weights/store/backbone.js';
import { normal } from './random-weights.js';
import { batchOf, codecOf, openTraining, type Training, usualLength, usualTexts, wholePictures } from './training.js';

/** One run of a workload. */
export type Run = () => Promise<unknown>;

const PIXELS = 384;
/** What CLIP's ViT-B/16 looks at. */
const CLIP_PIXELS = 224;
const PAIRS = 128;

export interface Opening {
  /** A backbone of BLIP-base's size, with a decoder. */
  readonly folder: string;
  readonly precision: Recipe['precision'];
}

export const WORKLOADS: Readonly<Record<string, (opening: Opening) => Promise<Run>>> = {
  retrieval: (from) => trainingStep(from, { task: 'retrieval', batch: 8, pixels: 224, frames: null }),
  video: (from) => trainingStep(from, { task: 'retrieval', batch: 2, pixels: 224, frames: 8 }),
  answering: (from) => trainingStep(from, { task: 'answering', batch: 4, pixels: 480, frames: null }),
  'embed-images': (from) => embedding(from, PIXELS),
  /** Beside transformers.js. */
  'embed-images-224': (from) => embedding(from, CLIP_PIXELS),
  async 'embed-texts'(from) {
    const { model, codec } = await openSearching(from);
    const encoder = await createTextEncoder(model, { codec, batch: 32 });
    const captions = Array.from({ length: 32 }, (_, i) => wordsOf(usualLength(i) - 2, i)); // and [CLS], [SEP]
    return () => encoder.features(captions);
  },
  /** As evaluation does: an image with many texts. */
  rerank: (from) => matching(from, { images: 8, texts: PAIRS, batch: 4, pairs: 32 }),
  /** As search does: a text with many images. */
  'rerank-search': (from) => matching(from, { images: PAIRS, texts: 1, batch: 8, pairs: 8 }),
};

/** As much of a batch at once as `train` would, had it all the memory it wants. */
async function trainingStep({ folder, precision }: Opening, training: Training): Promise<Run> {
  const { model, task } = await openTraining(folder, { ...training, precision });
  const step = await compileStep(model, task, { plan: (sizes) => planStep(model, task, sizes, Infinity) });
  const state = initialState(step.sizes, model.weights, 0);
  const batch = batchOf(training, task);
  return () => step.run(state, batch, { learningRate: 1e-5, alpha: 0.4, momentum: 0.995 });
}

async function embedding(from: Opening, size: number): Promise<Run> {
  const { model } = await openSearching(from, size);
  const encoder = await createMediaEncoder(model, {
    preprocess: wholePictures(size),
    frames: null,
    batch: itemsAtOnce(model.config, null, 8),
    keepBytes: 0,
  });
  const set = pictures(8, size);
  return () => encoder.encode(set);
}

async function openSearching({ folder, precision }: Opening, pixels = PIXELS) {
  const searching = { task: 'retrieval', batch: 1, pixels, frames: null, precision } as const;
  const { model } = await openTraining(folder, searching);
  const { tokenizer, info } = await openBackbone(folder);
  return { model, codec: codecOf(tokenizer, info.text.positions) };
}

interface Matching extends PairSizes {
  readonly images: number;
  readonly texts: number;
}

async function matching(from: Opening, { images, texts, batch, pairs: atOnce }: Matching): Promise<Run> {
  const { model, codec } = await openSearching(from);
  const { vision, projection } = model.config;
  const each = ((PIXELS / vision.patch) ** 2 + 1) * vision.width;
  const tokens = Array.from({ length: images }, (_, i) => normal(each, 1, 101 * i));
  const matcher = await createMatcher(model, { batch, pairs: atOnce, frames: null, maxTokens: codec.maxTokens });
  const pairs = Array.from({ length: PAIRS }, (_, i) => ({
    media: Math.floor((i * images) / PAIRS),
    text: Math.floor((i * texts) / PAIRS),
  }));
  const sources = {
    ...usualTexts(texts),
    tokens: async (item: number) => tokens[item] as Float32Array,
    features: new Float32Array(texts * projection), // weigh frames, of which there are none
  };
  return () => matcher.scores(pairs, sources);
}

/** Already of the right size: nothing is left to do but to normalise them. */
function pictures(count: number, size: number): MediaSet {
  const bytes = new Uint8Array(3 * size ** 2).map((_, i) => (i * 7) % 251);
  const picture = pixels(size, size, bytes);
  const items = Array.from(
    { length: count },
    (_, i): Item => ({ id: `${i}`, media: `${i}`, kind: 'image', captions: ['a'], questions: [], line: i + 1 }),
  );
  return { items, frames: async () => [picture] };
}

const wordsOf = (count: number, from: number): string =>
  Array.from({ length: count }, (_, i) => `word${1000 + from * 20 + i}`).join(' ');
