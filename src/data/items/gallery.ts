// Items and texts of a test set, each once and in order. Batches have one shape: the last one is filled up by
// repeating its last entry, and says how many entries count.
import { type Preprocess, prepare } from '../image/index.js';
import { positions } from '../video/index.js';
import { fewAtOnce } from './few.js';
import type { MediaSet } from './set.js';

/** Texts → ids and mask, i32 [texts, T] each; cleaning and cutting them is its business. */
export type Encode = (texts: readonly string[]) => { readonly ids: Int32Array; readonly mask: Int32Array };

export interface MediaBatch {
  /** f32 [B, 3, S, S], or [B, F, 3, S, S] where frames are sampled */
  readonly image: Float32Array;
  /** Number of the first item in the set. */
  readonly start: number;
  /** Entries that count; the rest is filling. */
  readonly count: number;
}

export interface TextBatch {
  /** i32 [B, T] */
  readonly ids: Int32Array;
  /** i32 [B, T], 1 where there is a token */
  readonly mask: Int32Array;
  /** Number of the first text. */
  readonly start: number;
  readonly count: number;
}

/** All captions of a set in order, and the item each belongs to, i32 [captions]. */
export function captionsOf({ items }: Pick<MediaSet, 'items'>): {
  readonly captions: readonly string[];
  readonly textToMedia: Int32Array;
} {
  return {
    captions: items.flatMap(({ captions }) => captions),
    textToMedia: Int32Array.from(items.flatMap(({ captions }, item) => captions.map(() => item))),
  };
}

export interface MediaBatching {
  readonly batch: number;
  readonly preprocess: Preprocess;
  /** F: frames of every item, evenly spaced; null for images. */
  readonly frames: number | null;
}

/**
 * The items of a set, resized without augmentation.
 *
 * @throws `data` or `file`, naming the item, if one cannot be loaded: a gallery without it would give another score
 */
export async function* mediaBatches(
  set: MediaSet,
  { batch, preprocess, frames }: MediaBatching,
): AsyncGenerator<MediaBatch> {
  const at = positions(frames ?? 1, null);
  const area = 3 * preprocess.size ** 2;
  const each = area * at.length;
  for (const { start, count } of ranges(set.items.length, batch)) {
    const image = new Float32Array(batch * each);
    await fewAtOnce(count, async (i) => {
      for (const [f, picture] of (await set.frames(start + i, at)).entries())
        prepare(picture, preprocess, null, image, i * each + f * area);
    });
    for (let i = count; i < batch; i++) image.copyWithin(i * each, (count - 1) * each, count * each);
    yield { image, start, count };
  }
}

/** Texts as ids. */
export function* textBatches(
  texts: readonly string[],
  { batch, encode }: { readonly batch: number; readonly encode: Encode },
): Generator<TextBatch> {
  for (const { start, count } of ranges(texts.length, batch)) {
    const last = texts[start + count - 1] as string;
    const filled = Array.from({ length: batch }, (_, i) => (i < count ? (texts[start + i] as string) : last));
    yield { ...encode(filled), start, count };
  }
}

function* ranges(total: number, batch: number): Generator<{ start: number; count: number }> {
  for (let start = 0; start < total; start += batch) yield { start, count: Math.min(batch, total - start) };
}
