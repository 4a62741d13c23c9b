// Images and clips → what texts are compared with and what they look at, with a program of one fixed batch size.

import { imageTokens } from '../blip/index.js';
import { type MediaSet, mediaBatches } from '../data/index.js';
import type { Preprocess } from '../image/index.js';
import { imageEncoder, tokenEncoder } from '../task/index.js';
import { compileFor, type LoadedModel } from './model.js';

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

export async function createMediaEncoder(model: LoadedModel, options: MediaEncoderOptions): Promise<MediaEncoder> {
  const { preprocess, frames, batch, features: compares = true, keepBytes = 2 ** 30 } = options;
  const { config, weights } = model;
  const program = await compileFor(model, 'media encoder', () => {
    if (!compares) return { ...tokenEncoder(model, { batch, frames }) };
    const { tokens, feature } = imageEncoder(model, { batch, frames });
    return { tokens, feature };
  });
  const each = (frames ?? 1) * imageTokens(config) * config.vision.width;
  const keptItems = Math.floor(keepBytes / (4 * each));
  const P = compares ? config.projection : 0;

  /** Views of each item's results, valid until the next. */
  async function* encoded(
    set: MediaSet,
  ): AsyncGenerator<{ at: number; tokens: Float32Array; feature: Float32Array | undefined }> {
    for await (const { image, start, count } of mediaBatches(set, { batch, preprocess, frames })) {
      const out = await program.run({ ...weights, image });
      const row = (name: string, i: number, n: number) =>
        (out[name] as Float32Array | undefined)?.subarray(i * n, (i + 1) * n);
      for (let i = 0; i < count; i++)
        yield { at: start + i, tokens: row('tokens', i, each) as Float32Array, feature: row('feature', i, P) };
    }
  }

  async function tokensFrom(set: MediaSet, first: number): Promise<Map<number, Float32Array>> {
    const found = new Map<number, Float32Array>();
    for await (const { at, tokens } of encoded(part(set, first, batch))) found.set(first + at, tokens.slice());
    return found;
  }

  return {
    async encode(set, onProgress) {
      const features = new Float32Array(set.items.length * P);
      const kept = new Map<number, Float32Array>();
      let recent = new Map<number, Float32Array>();
      for await (const { at, tokens, feature } of encoded(set)) {
        if (feature) features.set(feature, at * P);
        if (at < keptItems) kept.set(at, tokens.slice());
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
    release: () => program.release(),
  };
}

/** At most `count` items of a set, from `first` on. */
const part = (set: MediaSet, first: number, count: number): MediaSet => ({
  items: set.items.slice(first, first + count),
  frames: (index, positions) => set.frames(first + index, positions),
});
