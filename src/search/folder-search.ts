// Search over a folder of images and clips: rank by similarity, look closer at the best by the matching head.

import { join, resolve } from 'node:path';
import type { LeftOut } from '../data/items/index.js';
import { fail } from '../error/index.js';
import type { Reranking } from '../evaluate/index.js';
import { rerankingOf, similarities } from '../evaluate/index.js';
import { modelReranking } from '../evaluate/trained-reranking.js';
import { sha256 } from '../files/files.js';
import { refuseBlank } from '../predict/programs/blank.js';
import {
  createMatcher,
  createMediaEncoder,
  createTextEncoder,
  itemsAtOnce,
  MATCHED_AT_ONCE,
} from '../predict/programs/index.js';
import { framesFor, mediaBelow, mediaSet } from '../predict/programs/library.js';
import { loadTrained, type Trained } from '../predict/programs/load.js';
import type { ModelOptions } from '../predict/programs/options.js';
import type { OnProgress } from '../predict/programs/progress.js';
import { encodeLibrary } from './encoded-library.js';
import { openFeatures } from './features.js';

export interface SearchOptions extends ModelOptions {
  /** A folder, searched with its subfolders, or a list of files. */
  readonly media: string | readonly string[];
  /** Folder that keeps features, so that files are encoded once. Default: none. */
  readonly cache?: string;
  /** How many of the nearest are scored again; 0 = none. Default: as the model's validation showed. */
  readonly rerank?: number;
  readonly onProgress: OnProgress;
}

export interface Hit {
  /** Of the image or clip. */
  readonly path: string;
  readonly similarity: number;
  readonly match: number;
  /** From 1. */
  readonly rank: number;
  /** Its rank by similarity alone. */
  readonly firstStageRank: number;
  /** How much each frame of a clip was looked at, 1 on average; only where frames are weighed. */
  readonly frameWeights?: readonly number[];
}

export interface Search {
  /** Whether the nearest are scored again, and why. */
  readonly reranking: Reranking;
  /** Files of the library that cannot be read, and why; they are never found. */
  readonly unreadable: readonly { readonly path: string; readonly problem: string }[];
  /** What of the folder is not searched. */
  readonly leftOut: readonly LeftOut[];
  readonly search: (text: string, k: number) => Promise<readonly Hit[]>;
  readonly close: () => Promise<void>;
}

/** Candidates that are matched; more costs time, fewer misses what the first stage ranks low. */
const RERANK = 16;

/**
 * Encodes a library once; then every text is a search.
 *
 * @throws file or data  when there is nothing to search, or nothing that can be decoded
 */
export async function openSearch(options: SearchOptions): Promise<Search> {
  const { media, onProgress } = options;
  const below = typeof media === 'string' ? await mediaBelow(media) : null;
  const files = below?.files ?? (media as readonly string[]).map((file) => resolve(file));
  if (files.length === 0) fail('data', { where: 'search', what: 'there are no files to search' });
  const trained = await loadTrained({ ...options, task: 'retrieval' });
  const { model, codec, preprocess } = trained;
  const { similarityWeight } = trained.adapter?.recipe.retrieval ?? { similarityWeight: 0 };
  const reranking = options.rerank === undefined ? modelReranking(trained) : rerankingOf(options.rerank, null);
  const set = await mediaSet(files);
  const frames = framesFor(set, trained.adapter, options.frames);
  const batch = itemsAtOnce(model.config, frames, files.length);
  const encoder = await createMediaEncoder(model, { preprocess, frames, batch });
  const { projection } = model.config;
  const store = options.cache === undefined ? null : await openFeatures(options.cache, await keyOf(trained, frames));
  const library = await encodeLibrary(set, { encoder, projection, store, onProgress });
  const unreadable = library.unreadable();
  if (unreadable.size === files.length) {
    await encoder.release();
    fail('data', {
      where: String(media),
      what: `not one file can be read, the first because it ${[...unreadable.values()][0]}`,
    });
  }
  const atOnce = Math.min(MATCHED_AT_ONCE, files.length);
  const texts = await createTextEncoder(model, { codec, batch: 1 });
  const matcher = await createMatcher(model, { batch: atOnce, pairs: atOnce, frames, maxTokens: codec.maxTokens });

  return {
    leftOut: below?.leftOut ?? [],
    reranking,
    unreadable: [...unreadable].map(([item, problem]) => ({ path: files[item] as string, problem })),
    async search(text, k) {
      refuseBlank('text', [text]);
      const features = await texts.features([text]);
      const similarity = similarities(library.features, features, projection);
      const known = library.unreadable();
      const readable = [...similarity.keys()].filter((item) => !known.has(item));
      const order = readable.sort((a, b) => (similarity[b] as number) - (similarity[a] as number));
      const best = order.slice(0, reranking.isOn ? Math.max(options.rerank ?? RERANK, k) : k);
      const pairs = best.map((item) => ({ media: item, text: 0 }));
      const sources = { tokens: await library.tokens(best), features, ...codec.captions([text]) };
      const { logits, frameWeights } = await matcher.scores(pairs, sources);
      const hits = best.map((item, i): Omit<Hit, 'rank'> => {
        const weights = frameWeights?.subarray(i * (frames ?? 1), (i + 1) * (frames ?? 1));
        return {
          path: files[item] as string,
          similarity: similarity[item] as number,
          match: logits[i] as number,
          firstStageRank: i + 1,
          ...(weights && { frameWeights: [...weights] }),
        };
      });
      const score = ({ match, similarity }: Omit<Hit, 'rank'>) => match + similarityWeight * similarity;
      if (reranking.isOn) hits.sort((a, b) => score(b) - score(a));
      return hits.slice(0, k).map((hit, i) => ({ ...hit, rank: i + 1 }));
    },
    async close() {
      await Promise.all([matcher, texts, encoder].map((program) => program.release()));
    },
  };
}

/** All that the features of a file depend on beside the file. */
async function keyOf({ backbone, adapter, model, preprocess }: Trained, frames: number | null) {
  const tensors = adapter && (await sha256(join(adapter.folder, 'adapter.safetensors')));
  const precision = model.int8 ? 'int8' : 'float32';
  return { backbone: backbone.sha256, adapter: tensors, precision, preprocess, frames };
}
