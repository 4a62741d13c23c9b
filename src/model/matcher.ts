// The second stage: how well pairs of an image and a caption match, many pairs at once.

import { imageTokens } from '../blip/index.js';
import { matcher } from '../task/index.js';
import { compileFor, type LoadedModel } from './model.js';

export interface Pair {
  readonly image: number;
  readonly text: number;
}

export interface MatchSources {
  /** Tokens f32 [N, D] of an image. */
  tokens(image: number): Promise<Float32Array>;
  /** Captions as i32 [texts, T]. */
  readonly ids: Int32Array;
  readonly mask: Int32Array;
}

export interface Matcher {
  /**
   * The matching logit of every pair. Pairs of one image should follow each other: its keys and values are then
   * projected once.
   */
  scores(pairs: readonly Pair[], sources: MatchSources, onProgress?: (done: number) => void): Promise<Float32Array>;
  release(): Promise<void>;
}

/** @param sizes  how many images and pairs one run of the program takes */
export async function createMatcher(
  model: LoadedModel,
  sizes: { readonly images: number; readonly pairs: number },
): Promise<Matcher> {
  const { config, maxTokens: T, weights } = model;
  const each = imageTokens(config) * config.vision.width;
  const program = await compileFor(model, 'matcher', () => matcher(model, { ...sizes, tokens: T }));

  async function run(chunk: readonly Pair[], { tokens: tokensOf, ids, mask }: MatchSources): Promise<Float32Array> {
    const images = [...new Set(chunk.map(({ image }) => image))];
    const tokens = new Float32Array(sizes.images * each);
    for (const [row, image] of images.entries()) tokens.set(await tokensOf(image), row * each);
    const rows = Int32Array.from({ length: sizes.pairs }, (_, i) =>
      images.indexOf(chunk[i]?.image ?? (images[0] as number)),
    );
    const texts = Int32Array.from({ length: sizes.pairs }, (_, i) => (chunk[i] ?? (chunk[0] as Pair)).text);
    const { logit } = await program.run({
      ...weights,
      tokens,
      rows,
      ids: pick(ids, texts, T),
      mask: pick(mask, texts, T),
    });
    return (logit as Float32Array).subarray(0, chunk.length);
  }

  return {
    async scores(pairs, sources, onProgress) {
      const out = new Float32Array(pairs.length);
      let done = 0;
      for (const chunk of chunks(pairs, sizes)) {
        out.set(await run(chunk, sources), done);
        done += chunk.length;
        onProgress?.(done);
      }
      return out;
    },
    release: () => program.release(),
  };
}

/** Runs of pairs that the program takes at once. */
function* chunks(
  pairs: readonly Pair[],
  sizes: { readonly images: number; readonly pairs: number },
): Generator<Pair[]> {
  let chunk: Pair[] = [];
  const images = new Set<number>();
  for (const pair of pairs) {
    const full = chunk.length === sizes.pairs || (images.size === sizes.images && !images.has(pair.image));
    if (full) {
      yield chunk;
      chunk = [];
      images.clear();
    }
    chunk.push(pair);
    images.add(pair.image);
  }
  if (chunk.length > 0) yield chunk;
}

/** Rows of a matrix [*, width]. */
function pick(matrix: Int32Array, rows: Int32Array, width: number): Int32Array {
  const out = new Int32Array(rows.length * width);
  for (const [i, row] of rows.entries()) out.set(matrix.subarray(row * width, (row + 1) * width), i * width);
  return out;
}
