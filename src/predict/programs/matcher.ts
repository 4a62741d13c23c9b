// The second stage: how well pairs of an item and a caption match, many pairs at once.

import type { Tokens } from '../../data/text/index.js';
import { imageTokens } from '../../model/blip/index.js';
import type { LoadedModel } from '../../model/index.js';
import { matcher } from '../../model/task/index.js';
import { compileByLength } from './by-length.js';
import type { EncodedMedia } from './media-encoder.js';
import { chunks, type Pair, type PairSizes, pairFeeds, pickRows } from './pairs.js';

/** Candidates: more at once are no faster. */
export const MATCHED_AT_ONCE = 8;

export interface MatchSources extends Tokens {
  readonly tokens: EncodedMedia['tokens'];
  /** f32 [texts, P]; by them frames are weighed. */
  readonly features: Float32Array;
}

export interface Matches {
  /** f32 [pairs]: the matching head's yes. */
  readonly logits: Float32Array;
  /** f32 [pairs, F] where frames are weighed, else null. */
  readonly frameWeights: Float32Array | null;
}

export interface Matcher {
  /** Scores pairs; those of one item should follow each other, whose keys and values are then projected once. */
  scores(pairs: readonly Pair[], sources: MatchSources, onProgress?: (done: number) => void): Promise<Matches>;
  release(): Promise<void>;
}

export interface MatcherOptions extends PairSizes {
  /** F; null for images. */
  readonly frames: number | null;
  /** T */
  readonly maxTokens: number;
}

export async function createMatcher(model: LoadedModel, options: MatcherOptions): Promise<Matcher> {
  const { frames, maxTokens: T } = options;
  const { config } = model;
  const F = frames ?? 1;
  const sizes = { ...options, each: F * imageTokens(config) * config.vision.width };
  const program = compileByLength(model, 'matcher', T, (tokens) => matcher(model, { ...sizes, tokens }));

  return {
    async scores(pairs, sources, onProgress) {
      const logits = new Float32Array(pairs.length);
      let frameWeights: Float32Array | null = null;
      let done = 0;
      for (const chunk of chunks(pairs, sizes)) {
        const { texts, ...feeds } = await pairFeeds(chunk, sizes, sources.tokens);
        const tokens = { ids: pickRows(sources.ids, texts, T), mask: pickRows(sources.mask, texts, T) };
        const textFeature = pickRows(sources.features, texts, config.projection);
        const out = await program.run(tokens, { ...model.weights, ...feeds, textFeature });
        logits.set((out.logit as Float32Array).subarray(0, chunk.length), done);
        if (out.frameWeights) {
          frameWeights ??= new Float32Array(pairs.length * F);
          frameWeights.set((out.frameWeights as Float32Array).subarray(0, chunk.length * F), done * F);
        }
        done += chunk.length;
        onProgress?.(done);
      }
      return { logits, frameWeights };
    },
    release: () => program.release(),
  };
}
