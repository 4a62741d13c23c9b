// Captions → features under different adapters at once, a fixed number of captions together.

import type { Codec } from '../../data/text/index.js';
import type { LoadedModel, Weights } from '../../model/index.js';
import { mixedTextEncoder, rowName, rowPaths } from '../../model/task/index.js';
import { compileByLength } from './by-length.js';

export interface AdaptedText {
  readonly text: string;
  /** Of the adapter that reads it. */
  readonly weights: Weights;
}

export interface MixedTextEncoder {
  /** @param texts  as many as the program takes, at most @returns f32 [texts, P], unit length */
  features(texts: readonly AdaptedText[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/**
 * @param model  any of the adapters: the others have the same backbone and method
 * @param batch  texts the program takes at once
 */
export function createMixedTextEncoder(
  model: LoadedModel,
  { codec, batch }: { readonly codec: Codec; readonly batch: number },
): MixedTextEncoder {
  const program = compileByLength(model, 'mixed text encoder', codec.maxTokens, (tokens) =>
    mixedTextEncoder(model, { batch, tokens }),
  );
  const paths = rowPaths(model);
  // Made once: there are hundreds, and a small model takes less time to run than they take to make.
  const names = Array.from({ length: batch }, (_, row) => paths.map((path) => rowName(row, path)));

  function rowsOf(texts: readonly AdaptedText[]): Record<string, Float32Array> {
    const rows: Record<string, Float32Array> = {};
    for (const [row, { weights }] of texts.entries())
      for (const [i, path] of paths.entries()) rows[names[row]?.[i] as string] = weights[path] as Float32Array;
    return rows;
  }

  return {
    async features(texts) {
      const filled = Array.from({ length: batch }, (_, i) => texts[i] ?? (texts[0] as AdaptedText));
      const tokens = codec.captions(filled.map(({ text }) => text));
      const { feature } = await program.run(tokens, { ...model.weights, ...rowsOf(filled) });
      return (feature as Float32Array).subarray(0, texts.length * model.config.projection);
    },
    release: () => program.release(),
  };
}
