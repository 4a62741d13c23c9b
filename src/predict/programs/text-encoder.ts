// Captions → features, a fixed number at once. Short ones go first, so that a batch has texts of about one length.

import { textBatches } from '../../data/items/index.js';
import type { Codec } from '../../data/text/index.js';
import type { LoadedModel } from '../../model/index.js';
import { textEncoder } from '../../model/task/index.js';
import { compileByLength } from './by-length.js';

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
  const P = model.config.projection;
  const program = compileByLength(model, 'text encoder', codec.maxTokens, (tokens) =>
    textEncoder(model, { batch, tokens }),
  );
  return {
    async features(texts, onProgress) {
      const features = new Float32Array(texts.length * P);
      const order = [...texts.keys()].sort((a, b) => (texts[a] as string).length - (texts[b] as string).length);
      const sorted = order.map((i) => texts[i] as string);
      for (const { ids, mask, start, count } of textBatches(sorted, { batch, encode: codec.captions })) {
        const { feature } = await program.run({ ids, mask }, model.weights);
        for (const [row, text] of order.slice(start, start + count).entries())
          features.set((feature as Float32Array).subarray(row * P, (row + 1) * P), text * P);
        onProgress?.(start + count, texts.length);
      }
      return features;
    },
    release: () => program.release(),
  };
}
