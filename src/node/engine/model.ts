// An adapter, or the backbone alone, in a worker's memory: its numbers, how it sees, and its programs, which are compiled
// for each size of batch when that is first needed.

import { imageTokens } from '../../blip/index.js';
import { byteCount } from '../../format/index.js';
import {
  type Answerer,
  type AttentionMaps,
  type Captioner,
  createAnswerer,
  createAttentionMaps,
  createCaptioner,
  createMatcher,
  createMediaEncoder,
  createTextEncoder,
  type Matcher,
  type MediaEncoder,
  type TextEncoder,
} from '../../model/index.js';
import { parseRecipe } from '../../recipe/index.js';
import { inferenceFor } from '../run/ask.js';
import { framesFor, mediaSet } from '../run/library.js';
import type { Trained } from '../run/load.js';
import { sizeWithin } from './batch-sizes.js';

/** Pictures encoded at once, at most: a clip has as many as frames. */
const PICTURES = 16;
/** Of image tokens that a program takes at once. */
const TOKEN_BYTES = 2 ** 28;
/** Answers of a question that anyone may ask for. */
const ANSWERS = 50;

/** F; null for an image. */
export type Frames = number | null;

export interface ServedModel extends Trained {
  /** What its programs were given begins so in caches; another one's does not, nor that of the same folder read anew. */
  readonly name: string;
  /** Of the adapter's own numbers. */
  readonly bytes: number;
  /** How many frames of a file are looked at. */
  framesOf(file: string): Promise<Frames>;
  /** How many files of so many frames are encoded at once, at most. */
  encodedAtOnce(frames: Frames): number;
  /** How many encoded files of so many frames are looked at once, at most. */
  seenAtOnce(frames: Frames): number;
  readonly programs: Programs;
  release(): Promise<void>;
}

export interface Programs {
  texts(batch: number): Promise<TextEncoder>;
  features(frames: Frames, batch: number): Promise<MediaEncoder>;
  tokens(frames: Frames, batch: number): Promise<MediaEncoder>;
  matcher(frames: Frames, batch: number, pairs: number): Promise<Matcher>;
  answerer(frames: Frames, batch: number, questions: number): Promise<Answerer>;
  attention(frames: Frames, batch: number, questions: number): Promise<AttentionMaps>;
  captioner(frames: Frames, batch: number): Promise<Captioner>;
}

/** @param name  see {@link ServedModel} */
export function serve(trained: Trained, name: string): ServedModel {
  const { adapter, model } = trained;
  const { programs, release } = programsOf(trained);
  const each = (frames: Frames) => 4 * (frames ?? 1) * imageTokens(model.config) * model.config.vision.width;
  return {
    ...trained,
    name,
    bytes: [...(adapter?.arrays.values() ?? [])].reduce((sum, array) => sum + byteCount(array), 0),
    framesOf: async (file) => framesFor(await mediaSet([file]), adapter, undefined),
    encodedAtOnce: (frames) => sizeWithin(PICTURES / (frames ?? 1)),
    seenAtOnce: (frames) => sizeWithin(TOKEN_BYTES / each(frames)),
    programs,
    release,
  };
}

function programsOf(trained: Trained): { readonly programs: Programs; readonly release: () => Promise<void> } {
  const { model, codec, preprocess, adapter } = trained;
  const { captioning } = adapter?.recipe ?? parseRecipe({ data: { path: '.' } }, 'defaults');
  const open: (() => Promise<void>)[] = [];
  const kept = <Sizes extends readonly Frames[], T extends Releasable>(create: (...sizes: Sizes) => Promise<T>) => {
    const { of, release } = keep(create);
    open.push(release);
    return of;
  };
  const programs: Programs = {
    texts: kept((batch: number) => createTextEncoder(model, { codec, batch })),
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
      createAnswerer(model, { codec, frames, batch, pairs, inference: inferenceFor(trained), keep: ANSWERS }),
    ),
    attention: kept(async (frames: Frames, batch: number, pairs: number) =>
      createAttentionMaps(model, { codec, frames, batch, pairs }),
    ),
    captioner: kept((frames: Frames, batch: number) => createCaptioner(model, { ...captioning, codec, frames, batch })),
  };
  return {
    programs,
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
