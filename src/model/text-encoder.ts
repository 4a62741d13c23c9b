// Captions → features, with a program of one fixed batch size.

import { textBatches } from '../data/index.js';
import { textEncoder } from '../task/index.js';
import type { Codec } from '../text/index.js';
import { compileFor, type LoadedModel } from './model.js';

export interface TextEncoder {
  /** @returns f32 [texts, P], unit length */
  features(texts: readonly string[], onProgress?: (done: number, all: number) => void): Promise<Float32Array>;
  release(): Promise<void>;
}

/** @param batch  texts the program takes at once */
export async function createTextEncoder(
  model: LoadedModel,
  { codec, batch }: { readonly codec: Codec; readonly batch: number },
): Promise<TextEncoder> {
  const { config, weights } = model;
  const P = config.projection;
  const program = await compileFor(model, 'text encoder', () => textEncoder(model, { batch, tokens: codec.maxTokens }));
  return {
    async features(texts, onProgress) {
      const features = new Float32Array(texts.length * P);
      for (const { ids, mask, start, count } of textBatches(texts, { batch, encode: codec.captions })) {
        const { feature } = await program.run({ ...weights, ids, mask });
        features.set((feature as Float32Array).subarray(0, count * P), start * P);
        onProgress?.(start + count, texts.length);
      }
      return features;
    },
    release: () => program.release(),
  };
}
