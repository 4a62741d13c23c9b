// A library that can be searched: the feature of every file, and the tokens of those that deserve a closer look.

import { type MediaSet, subset } from '../data/items/index.js';
import { createIdentifier } from '../data/media/content.js';
import { reason } from '../error/index.js';
import type { EncodedMedia, MediaEncoder } from '../predict/programs/index.js';
import { forgiving } from '../predict/programs/library.js';
import type { OnProgress } from '../predict/programs/progress.js';
import type { FeatureStore } from './features.js';

export interface EncodedLibrary {
  /** f32 [I, P], unit length; meaningless where a file is unreadable. */
  readonly features: Float32Array;
  /** Number of a file → why it cannot be read, as far as is known: asking for tokens may tell of more. */
  unreadable(): ReadonlyMap<number, string>;
  /** The tokens of some files, those that are not in memory encoded together. */
  tokens(items: readonly number[]): Promise<EncodedMedia['tokens']>;
}

export interface LibraryOptions {
  readonly encoder: MediaEncoder;
  /** P */
  readonly projection: number;
  /** What is known of files from before, and where what is learnt now is kept; null for neither. */
  readonly store: FeatureStore | null;
  readonly onProgress: OnProgress;
}

/** Encodes what is not known yet of a set of files. */
export async function encodeLibrary(files: MediaSet, options: LibraryOptions): Promise<EncodedLibrary> {
  const { encoder, projection, store, onProgress } = options;
  const { set, errors } = forgiving(files);
  const contents = store ? await contentsOf(set) : [];
  const known = (await store?.read()) ?? new Map<string, Float32Array>();
  const features = new Float32Array(set.items.length * projection);
  for (const [item, content] of contents.entries()) features.set(known.get(content) ?? [], item * projection);
  const fresh = [...set.items.keys()].filter((item) => !known.has(contents[item] ?? ''));
  const encoded = await encodeSome(fresh, onProgress);
  for (const [i, item] of fresh.entries()) features.set(row(encoded.features, i), item * projection);
  if (store)
    await store.add(new Map(fresh.filter(isReadable).map((item) => [contents[item] as string, row(features, item)])));
  const place = new Map(fresh.map((item, i) => [item, i]));

  return {
    features,
    unreadable: () => new Map([...errors].map(([item, { problem }]) => [item, reason(problem)])),
    async tokens(items) {
      const missing = items.filter((item) => !place.has(item)).sort((a, b) => a - b);
      const more = await encodeSome(missing);
      return (item) => {
        const at = place.get(item);
        return at === undefined ? more.tokens(missing.indexOf(item)) : encoded.tokens(at);
      };
    },
  };

  function encodeSome(items: readonly number[], onProgress?: OnProgress): Promise<EncodedMedia> {
    const wanted = new Set(items);
    return encoder.encode(
      subset(set, (_, item) => wanted.has(item)),
      onProgress,
    );
  }

  function row(of: Float32Array, i: number): Float32Array {
    return of.subarray(i * projection, (i + 1) * projection);
  }

  function isReadable(item: number): boolean {
    return !errors.has(item);
  }
}

/** The hash of each file; a file that cannot be read has none, and its reason is told when it is decoded. */
async function contentsOf({ items }: MediaSet): Promise<readonly string[]> {
  const contentOf = createIdentifier();
  const contents: string[] = [];
  for (const { media } of items) contents.push(await contentOf(media).catch(() => ''));
  return contents;
}
