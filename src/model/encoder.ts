// Images and captions → features, with programs of one fixed batch size.

import { imageTokens } from '../blip/index.js';
import { captionBatches, type Encode, imageBatches, type RetrievalSet } from '../data/index.js';
import type { Preprocess } from '../image/index.js';
import { imageEncoder, textEncoder } from '../task/index.js';
import { compileFor, type LoadedModel } from './model.js';

/** What the first stage compares, and what the second may still need. */
export interface EncodedImages {
  /** f32 [I, P], unit length */
  readonly features: Float32Array;
  /**
   * Tokens f32 [N, D] of an image, encoded again where memory had no room for them, together with the images after it:
   * asking in order costs one more pass.
   */
  tokens(image: number): Promise<Float32Array>;
}

export interface Encoder {
  images(set: RetrievalSet, onProgress?: (done: number, all: number) => void): Promise<EncodedImages>;
  /** @returns f32 [texts, P], unit length */
  texts(captions: readonly string[], onProgress?: (done: number, all: number) => void): Promise<Float32Array>;
  release(): Promise<void>;
}

export interface EncoderOptions {
  readonly preprocess: Preprocess;
  readonly encode: Encode;
  /** Images a program takes at once. */
  readonly batch: number;
  /** Captions a program takes at once; default as many. */
  readonly textBatch?: number;
  /** Bytes of image tokens to keep for re-ranking; default 1 GiB. */
  readonly keepBytes?: number;
}

export async function createEncoder(model: LoadedModel, options: EncoderOptions): Promise<Encoder> {
  const { preprocess, encode, batch, textBatch = batch, keepBytes = 2 ** 30 } = options;
  const { config, maxTokens, weights } = model;
  const imageProgram = await compileFor(model, 'image encoder', () => {
    const { tokens, feature } = imageEncoder(model, { batch });
    return { tokens, feature };
  });
  const textProgram = await compileFor(model, 'text encoder', () =>
    textEncoder(model, { batch: textBatch, tokens: maxTokens }),
  );
  const each = imageTokens(config) * config.vision.width;
  const keptImages = Math.floor(keepBytes / (4 * each));
  const P = config.projection;

  /** Views of each image's results, valid until the next. */
  async function* encoded(
    set: RetrievalSet,
  ): AsyncGenerator<{ at: number; tokens: Float32Array; feature: Float32Array }> {
    for await (const { image, start, count } of imageBatches(set, { batch, preprocess })) {
      const out = await imageProgram.run({ ...weights, image });
      const row = (name: string, i: number, n: number) => (out[name] as Float32Array).subarray(i * n, (i + 1) * n);
      for (let i = 0; i < count; i++)
        yield { at: start + i, tokens: row('tokens', i, each), feature: row('feature', i, P) };
    }
  }

  async function tokensFrom(set: RetrievalSet, first: number): Promise<Map<number, Float32Array>> {
    const found = new Map<number, Float32Array>();
    for await (const { at, tokens } of encoded(part(set, first, batch))) found.set(first + at, tokens.slice());
    return found;
  }

  return {
    async images(set, onProgress) {
      const features = new Float32Array(set.items.length * P);
      const kept = new Map<number, Float32Array>();
      let recent = new Map<number, Float32Array>();
      for await (const { at, tokens, feature } of encoded(set)) {
        features.set(feature, at * P);
        if (at < keptImages) kept.set(at, tokens.slice());
        onProgress?.(at + 1, set.items.length);
      }
      return {
        features,
        async tokens(image) {
          const known = kept.get(image) ?? recent.get(image);
          if (known) return known;
          recent = await tokensFrom(set, image);
          return recent.get(image) as Float32Array;
        },
      };
    },
    async texts(captions, onProgress) {
      const features = new Float32Array(captions.length * P);
      for (const { ids, mask, start, count } of captionBatches(captions, { batch: textBatch, encode })) {
        const { feature } = await textProgram.run({ ...weights, ids, mask });
        features.set((feature as Float32Array).subarray(0, count * P), start * P);
        onProgress?.(start + count, captions.length);
      }
      return features;
    },
    async release() {
      await imageProgram.release();
      await textProgram.release();
    },
  };
}

/** At most `count` images of a set, from `first` on. */
const part = (set: RetrievalSet, first: number, count: number): RetrievalSet => ({
  items: set.items.slice(first, first + count),
  pixels: (index) => set.pixels(first + index),
});
