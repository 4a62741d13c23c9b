// Images and captions of a test set, each once and in order. Batches have one shape: the last one is filled up by
// repeating its last entry, and says how many entries count.
import { type Preprocess, prepare } from '../image/index.js';
import type { Encode } from './batches.js';
import type { RetrievalSet } from './set.js';

export interface ImageBatch {
  /** f32 [B, 3, S, S] */
  readonly image: Float32Array;
  /** Number of the first image in the set. */
  readonly start: number;
  /** Entries that count; the rest is filling. */
  readonly count: number;
}

export interface CaptionBatch {
  /** i32 [B, T] */
  readonly ids: Int32Array;
  /** i32 [B, T], 1 where there is a token */
  readonly mask: Int32Array;
  /** Number of the first caption in {@link captionsOf}. */
  readonly start: number;
  readonly count: number;
}

/** All captions of a set in order, and the image each belongs to, i32 [captions]. */
export function captionsOf({ items }: Pick<RetrievalSet, 'items'>): {
  readonly captions: readonly string[];
  readonly textToImage: Int32Array;
} {
  return {
    captions: items.flatMap(({ captions }) => captions),
    textToImage: Int32Array.from(items.flatMap(({ captions }, image) => captions.map(() => image))),
  };
}

/**
 * The images of a set, resized without augmentation.
 *
 * @throws `data` or `file`, naming the image, if one cannot be loaded: a gallery without it would give another score
 */
export async function* imageBatches(
  set: RetrievalSet,
  { batch, preprocess }: { readonly batch: number; readonly preprocess: Preprocess },
): AsyncGenerator<ImageBatch> {
  const area = 3 * preprocess.size ** 2;
  for (const { start, count } of ranges(set.items.length, batch)) {
    const image = new Float32Array(batch * area);
    await Promise.all(
      Array.from({ length: count }, async (_, i) =>
        prepare(await set.pixels(start + i), preprocess, null, image, i * area),
      ),
    );
    for (let i = count; i < batch; i++) image.copyWithin(i * area, (count - 1) * area, count * area);
    yield { image, start, count };
  }
}

/** The captions of {@link captionsOf}, or any others, as ids. */
export function* captionBatches(
  captions: readonly string[],
  { batch, encode }: { readonly batch: number; readonly encode: Encode },
): Generator<CaptionBatch> {
  for (const { start, count } of ranges(captions.length, batch)) {
    const last = captions[start + count - 1] as string;
    const filled = Array.from({ length: batch }, (_, i) => (i < count ? (captions[start + i] as string) : last));
    yield { ...encode(filled), start, count };
  }
}

function* ranges(total: number, batch: number): Generator<{ start: number; count: number }> {
  for (let start = 0; start < total; start += batch) yield { start, count: Math.min(batch, total - start) };
}
