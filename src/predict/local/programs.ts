// The programs of all adapters of one shape: what decides a graph is the same for them, and their numbers are inputs. They
// are compiled for each size of batch when that is first needed.

import type { TaskName, Weights } from '../../model/index.js';
import { parseRecipe } from '../../recipe/index.js';
import { inferenceFor } from '../ask.js';
import {
  type Answerer,
  type AttentionMaps,
  type Captioner,
  createAnswerer,
  createAttentionMaps,
  createCaptioner,
  createMatcher,
  createMediaEncoder,
  createMixedTextEncoder,
  createTextEncoder,
  type Matcher,
  type MediaEncoder,
  type MixedTextEncoder,
  type TextEncoder,
} from '../programs/index.js';
import type { Trained } from '../programs/load.js';

/** Answers of a question that anyone may ask for. */
const ANSWERS = 50;

/** F; null for an image. */
export type Frames = number | null;

export interface Programs {
  texts(batch: number): Promise<TextEncoder>;
  mixedTexts(batch: number): Promise<MixedTextEncoder>;
  features(frames: Frames, batch: number): Promise<MediaEncoder>;
  tokens(frames: Frames, batch: number): Promise<MediaEncoder>;
  matcher(frames: Frames, batch: number, pairs: number): Promise<Matcher>;
  answerer(frames: Frames, batch: number, questions: number): Promise<Answerer>;
  attention(frames: Frames, batch: number, questions: number): Promise<AttentionMaps>;
  captioner(frames: Frames, batch: number): Promise<Captioner>;
}

export interface Shape {
  /** The programs, which compute with these numbers until they are asked for with others. */
  with(weights: Weights): Programs;
  release(): Promise<void>;
}

/** What decides the programs of a model, as a key. */
export function shapeKey({ adapter, answers, model }: Trained, task: TaskName): string {
  const { method, profile, data, answering, captioning } = adapter?.recipe ?? {};
  const own = { retrieval: {}, answering: { answering, answers }, captioning: { captioning } };
  const sees = data && { frames: data.frames, testFrames: data.testFrames, maxWords: data.maxWords };
  const { imageSize } = model.config.vision;
  return JSON.stringify({ task, method, profile, sees, imageSize, int8: model.int8 !== undefined, ...own[task] });
}

/** @param trained  any model of the shape; its numbers are not kept */
export function createShape({ model: given, codec, preprocess, adapter, answers }: Trained): Shape {
  let current: Weights = {};
  const model = {
    ...given,
    get weights() {
      return current;
    },
  };
  const { captioning } = adapter?.recipe ?? parseRecipe({ data: { path: '.' } }, 'defaults');
  const inference = inferenceFor({ adapter, answers });
  const open: (() => Promise<void>)[] = [];
  const kept = <Sizes extends readonly Frames[], T extends Releasable>(create: (...sizes: Sizes) => Promise<T>) => {
    const { of, release } = keep(create);
    open.push(release);
    return of;
  };
  const programs: Programs = {
    texts: kept((batch: number) => createTextEncoder(model, { codec, batch })),
    mixedTexts: kept(async (batch: number) => createMixedTextEncoder(model, { codec, batch })),
    features: kept((frames: Frames, batch: number) =>
      createMediaEncoder(model, { preprocess, frames, batch, keepBytes: 0 }),
    ),
    tokens: kept((frames: Frames, batch: number) =>
      createMediaEncoder(model, { preprocess, frames, batch, features: false }),
    ),
    matcher: kept((frames: Frames, batch: number, pairs: number) =>
      createMatcher(model, { frames, batch, pairs, maxTokens: codec.maxTokens }),
    ),
    answerer: kept((frames: Frames, batch: number, pairs: number) =>
      createAnswerer(model, { codec, frames, batch, pairs, inference, keep: ANSWERS }),
    ),
    attention: kept(async (frames: Frames, batch: number, pairs: number) =>
      createAttentionMaps(model, { codec, frames, batch, pairs }),
    ),
    captioner: kept((frames: Frames, batch: number) => createCaptioner(model, { ...captioning, codec, frames, batch })),
  };
  return {
    with(weights) {
      current = weights;
      return programs;
    },
    async release() {
      for (const release of open) await release();
    },
  };
}

interface Releasable {
  release(): Promise<void>;
}

/** What is made once for every choice of sizes. */
function keep<Sizes extends readonly Frames[], T extends Releasable>(create: (...sizes: Sizes) => Promise<T>) {
  const made = new Map<string, Promise<T>>();
  return {
    of(...sizes: Sizes): Promise<T> {
      const key = sizes.join();
      const found = made.get(key) ?? create(...sizes);
      made.set(key, found);
      found.catch(() => made.delete(key));
      return found;
    },
    async release() {
      for (const one of made.values()) await (await one.catch(() => undefined))?.release();
      made.clear();
    },
  };
}
