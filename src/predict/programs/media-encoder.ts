// Images and clips → what texts are compared with and what they look at, a fixed number at once. Tokens are many
// numbers: beyond those that are kept, features alone are computed, and tokens when they are asked for.

import type { Tensor } from '../../compiler/tensor/index.js';
import type { Preprocess } from '../../data/image/index.js';
import { type MediaSet, mediaBatches } from '../../data/items/index.js';
import { type BlipConfig, imageTokens } from '../../model/blip/index.js';
import { compileLazily, type LoadedModel } from '../../model/index.js';
import { imageEncoder, imageFeatureEncoder, tokenEncoder } from '../../model/task/index.js';
import { finite } from './finite.js';

export interface EncodedMedia {
  /** f32 [I, P], unit length; of no length where features were not asked for. */
  readonly features: Float32Array;
  /**
   * Tokens f32 [F·N, D] of an item, encoded again where memory had no room for them, together with the items after it:
   * asking in order costs one more pass.
   */
  tokens(item: number): Promise<Float32Array>;
}

export interface MediaEncoder {
  encode(set: MediaSet, onProgress?: (done: number, all: number) => void): Promise<EncodedMedia>;
  release(): Promise<void>;
}

export interface MediaEncoderOptions {
  readonly preprocess: Preprocess;
  /** F; null for images. */
  readonly frames: number | null;
  /** Items the program takes at once. */
  readonly batch: number;
  /** Whether items are compared with texts; a backbone that only answers may have no projections. Default true. */
  readonly features?: boolean;
  /** Bytes of tokens to keep; default 1 GiB. */
  readonly keepBytes?: number;
}

/** More image tokens in one program are no faster, and take more memory: measured, see docs/log.md. */
const TOKENS_AT_ONCE = 1600;

/** How many of so many items to encode at once. @param frames  F; null for images */
export function itemsAtOnce(config: BlipConfig, frames: number | null, items: number): number {
  const worthIt = Math.floor(TOKENS_AT_ONCE / ((frames ?? 1) * imageTokens(config)));
  return Math.max(1, Math.min(items, worthIt));
}

interface Encoded {
  readonly at: number;
  readonly tokens: Float32Array | undefined;
  readonly feature: Float32Array | undefined;
}

export async function createMediaEncoder(model: LoadedModel, options: MediaEncoderOptions): Promise<MediaEncoder> {
  const { preprocess, frames, batch, features: compares = true, keepBytes = 2 ** 30 } = options;
  const { config } = model;
  const whole = compileLazily(model, 'media encoder', () => {
    if (!compares) return { ...tokenEncoder(model, { batch, frames }) };
    const { tokens, feature } = imageEncoder(model, { batch, frames });
    return { tokens, feature } as Readonly<Record<string, Tensor>>;
  });
  const brief = compileLazily(model, 'feature encoder', () => imageFeatureEncoder(model, { batch, frames }));
  const each = (frames ?? 1) * imageTokens(config) * config.vision.width;
  const keptItems = Math.floor(keepBytes / (4 * each));
  const P = compares ? config.projection : 0;

  /** Views of each item's results, valid until the next. @param needed  items from the first on whose tokens are needed */
  async function* encoded(set: MediaSet, needed: number): AsyncGenerator<Encoded> {
    for await (const { image, start, count } of mediaBatches(set, { batch, preprocess, frames })) {
      const out = await finite((start < needed ? whole : brief).run({ ...model.weights, image }));
      const row = (name: string, i: number, n: number) =>
        (out[name] as Float32Array | undefined)?.subarray(i * n, (i + 1) * n);
      for (let i = 0; i < count; i++)
        yield { at: start + i, tokens: row('tokens', i, each), feature: row('feature', i, P) };
    }
  }

  async function tokensFrom(set: MediaSet, first: number): Promise<Map<number, Float32Array>> {
    const found = new Map<number, Float32Array>();
    const some = part(set, first, batch);
    for await (const { at, tokens } of encoded(some, batch)) found.set(first + at, (tokens as Float32Array).slice());
    return found;
  }

  return {
    async encode(set, onProgress) {
      const features = new Float32Array(set.items.length * P);
      const kept = new Map<number, Float32Array>();
      let recent = new Map<number, Float32Array>();
      for await (const { at, tokens, feature } of encoded(set, compares ? keptItems : set.items.length)) {
        if (feature) features.set(feature, at * P);
        if (tokens && at < keptItems) kept.set(at, tokens.slice());
        onProgress?.(at + 1, set.items.length);
      }
      return {
        features,
        async tokens(item) {
          const known = kept.get(item) ?? recent.get(item);
          if (known) return known;
          recent = await tokensFrom(set, item);
          return recent.get(item) as Float32Array;
        },
      };
    },
    async release() {
      await whole.release();
      await brief.release();
    },
  };
}

/** At most `count` items of a set, from `first` on. */
const part = (set: MediaSet, first: number, count: number): MediaSet => ({
  items: set.items.slice(first, first + count),
  frames: (index, positions) => set.frames(first + index, positions),
});
