// Search over a folder of images: rank by similarity, look closer at the best by the matching head.

import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { RetrievalSet } from '../../data/index.js';
import { fail, UniAdapterError } from '../../error/index.js';
import { similarities } from '../../evaluate/index.js';
import type { Pixels } from '../../image/index.js';
import { createEncoder, createMatcher } from '../../model/index.js';
import { decodeImage, IMAGE_EXTENSIONS } from '../media/image.js';
import { loadTrained } from './load.js';
import type { Hit, Search, SearchOptions } from './types.js';

/** Candidates that are matched; more costs time, fewer misses what the first stage ranks low. */
const RERANK = 16;

/**
 * Encodes a library of images once; then every text is a search.
 *
 * @throws file or data  when there are no images, or none that can be decoded
 */
export async function openSearch({ adapter, backbone, images, onProgress }: SearchOptions): Promise<Search> {
  const files = typeof images === 'string' ? await imagesBelow(images) : images.map((file) => resolve(file));
  if (files.length === 0)
    fail('data', { where: String(images), what: 'holds no images', expected: IMAGE_EXTENSIONS.join(', ') });
  const { model, encode, preprocess, matches, similarityWeight } = await loadTrained(adapter, backbone);
  const encoder = await createEncoder(model, { preprocess, encode, batch: Math.min(32, files.length), textBatch: 1 });
  const { set, unreadable } = forgiving(files);
  const library = await encoder.images(set, onProgress);
  if (unreadable.size === files.length) {
    await encoder.release();
    fail('data', { where: String(images), what: 'not one image can be read', got: [...unreadable.values()][0] ?? '' });
  }
  const atOnce = Math.min(RERANK, files.length);
  const matcher = await createMatcher(model, { images: atOnce, pairs: atOnce });
  const { projection } = model.config;

  return {
    unreadable: [...unreadable].map(([image, problem]) => ({ image: files[image] as string, problem })),
    async search(text, k) {
      const similarity = similarities(library.features, await encoder.texts([text]), projection);
      const readable = [...similarity.keys()].filter((image) => !unreadable.has(image));
      const order = readable.sort((a, b) => (similarity[b] as number) - (similarity[a] as number));
      const best = order.slice(0, Math.max(RERANK, k));
      const pairs = best.map((image) => ({ image, text: 0 }));
      const logits = await matcher.scores(pairs, { tokens: library.tokens, ...encode([text]) });
      const score = ({ image, match }: { readonly image: number; readonly match: number }) =>
        match + similarityWeight * (similarity[image] as number);
      const matched = best
        .map((image, i) => ({ image, match: logits[i] as number, firstStageRank: i + 1 }))
        .sort((a, b) => (matches ? score(b) - score(a) : 0));
      return matched.slice(0, k).map(
        ({ image, match, firstStageRank }, i): Hit => ({
          image: files[image] as string,
          similarity: similarity[image] as number,
          match,
          rank: i + 1,
          firstStageRank,
        }),
      );
    },
    async close() {
      await matcher.release();
      await encoder.release();
    },
  };
}

async function imagesBelow(folder: string): Promise<string[]> {
  const info = await stat(folder).catch((cause: NodeJS.ErrnoException) =>
    fail('file', { where: folder, what: 'cannot be opened', got: String(cause.code), cause }),
  );
  if (!info.isDirectory()) return [resolve(folder)];
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => IMAGE_EXTENSIONS.includes(extname(name).toLowerCase()))
    .sort()
    .map((name) => resolve(join(folder, name)));
}

/** A library of files; one that cannot be decoded becomes a black square and is remembered. */
function forgiving(files: readonly string[]): { readonly set: RetrievalSet; readonly unreadable: Map<number, string> } {
  const unreadable = new Map<number, string>();
  const items = files.map((image, i) => ({ id: image, image, captions: [], line: i + 1 }));
  const pixels = (i: number) =>
    decodeImage(files[i] as string).catch((error: unknown) => {
      if (!(error instanceof UniAdapterError)) throw error;
      unreadable.set(i, error.problem.what);
      return blank;
    });
  return { set: { items, pixels }, unreadable };
}

const blank: Pixels = { width: 1, height: 1, data: new Uint8Array(3) };
