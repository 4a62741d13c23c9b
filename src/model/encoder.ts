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
  /** Tokens f32 [N, D] of an image, encoded again where memory had no room for them. */
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
  /** Items a program takes at once. */
  readonly batch: number;
  /** Bytes of image tokens to keep for re-ranking; default 1 GiB. */
  readonly keepBytes?: number;
}

export async function createEncoder(model: LoadedModel, options: EncoderOptions): Promise<Encoder> {
  const { preprocess, encode, batch, keepBytes = 2 ** 30 } = options;
  const { config, maxTokens, weights } = model;
  const imageProgram = await compileFor(model, 'image encoder', () => {
    const { tokens, feature } = imageEncoder(model, { batch });
    return { tokens, feature };
  });
  const textProgram = await compileFor(model, 'text encoder', () => textEncoder(model, { batch, tokens: maxTokens }));
  const each = imageTokens(config) * config.vision.width;
  const P = config.projection;

  return {
    async images(set, onProgress) {
      const all = set.items.length;
      const features = new Float32Array(all * P);
      const kept = new Map<number, Float32Array>();
      const limit = Math.floor(keepBytes / (4 * each));
      const encodeRange = async (
        source: RetrievalSet,
        visit: (at: number, tokens: Float32Array, feature: Float32Array) => void,
      ) => {
        for await (const { image, start, count } of imageBatches(source, { batch, preprocess })) {
          const out = await imageProgram.run({ ...weights, image });
          const row = (name: string, i: number, n: number) => (out[name] as Float32Array).subarray(i * n, (i + 1) * n);
          for (let i = 0; i < count; i++) visit(start + i, row('tokens', i, each), row('feature', i, P));
        }
      };
      await encodeRange(set, (at, tokens, feature) => {
        features.set(feature, at * P);
        if (at < limit) kept.set(at, tokens.slice());
        onProgress?.(at + 1, all);
      });
      return {
        features,
        async tokens(image) {
          let found = kept.get(image);
          if (!found)
            await encodeRange(only(set, image), (_, tokens) => {
              found = tokens.slice();
            });
          return found as Float32Array;
        },
      };
    },
    async texts(captions, onProgress) {
      const features = new Float32Array(captions.length * P);
      for (const { ids, mask, start, count } of captionBatches(captions, { batch, encode })) {
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

/** A set of one image of another set. */
const only = (set: RetrievalSet, image: number): RetrievalSet => ({
  items: set.items.slice(image, image + 1),
  pixels: () => set.pixels(image),
});
