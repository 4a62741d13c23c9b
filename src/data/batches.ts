// Batches for training. A batch is a function of (order, step, seed, epoch): any of them can be made alone, in any order,
// with the same bytes, which is what makes a resumed run equal to an uninterrupted one.
import { fail, UniAdapterError } from '../error/index.js';
import { type Pixels, type Preprocess, prepare } from '../image/index.js';
import { stream } from '../random/index.js';
import type { RetrievalSet } from './set.js';

/** Captions → ids and mask, i32 [captions, T] each; cleaning and cutting the captions is its business. */
export type Encode = (captions: readonly string[]) => { readonly ids: Int32Array; readonly mask: Int32Array };

export interface TrainBatch {
  /** f32 [B, 3, S, S] */
  readonly image: Float32Array;
  /** i32 [B, T] */
  readonly ids: Int32Array;
  /** i32 [B, T], 1 where there is a token */
  readonly mask: Int32Array;
  /** i32 [B], the image's number in the set: captions of the same image share it */
  readonly index: Int32Array;
}

export interface TrainBatching {
  /** Of {@link trainOrder} for this epoch. */
  readonly order: Uint32Array;
  /** Step within the epoch, from 0. */
  readonly step: number;
  /** Samples a batch. */
  readonly batch: number;
  readonly encode: Encode;
  readonly preprocess: Preprocess;
  readonly seed: number;
  readonly epoch: number;
  /**
   * Called for a sample that cannot be loaded; the next one in the order that can takes its place, always the same.
   * Without it such a sample is an error.
   */
  readonly onBad?: (error: UniAdapterError) => void;
}

interface Sample {
  readonly pixels: Pixels;
  readonly image: number;
  readonly caption: string;
}

/**
 * One batch. A set smaller than a batch wraps around; the step after the last full batch does too.
 *
 * @throws `data` or `file`, naming the image, if one cannot be loaded and `onBad` is not given, or if none can
 */
export async function trainBatch(set: RetrievalSet, how: TrainBatching): Promise<TrainBatch> {
  const { batch, step, epoch, seed, preprocess, order } = how;
  if (order.length === 0) fail('data', { where: 'training set', what: 'holds no captions', expected: 'at least one' });
  const area = 3 * preprocess.size ** 2;
  const image = new Float32Array(batch * area);
  const epochSpan = Math.max(order.length / 2, batch);
  const samples = await Promise.all(
    Array.from({ length: batch }, async (_, slot) => {
      const position = step * batch + slot;
      const sample = await load(set, how, position);
      prepare(sample.pixels, preprocess, stream(seed, 'augment', epoch * epochSpan + position), image, slot * area);
      return { image: sample.image, caption: sample.caption }; // the pixels can go
    }),
  );
  const { ids, mask } = how.encode(samples.map(({ caption }) => caption));
  return { image, ids, mask, index: Int32Array.from(samples, (sample) => sample.image) };
}

/** The sample at a position of the order, or the next one after it that can be loaded. */
async function load(set: RetrievalSet, { order, onBad }: TrainBatching, position: number): Promise<Sample> {
  const count = order.length / 2;
  for (let tries = 0; tries < count; tries++) {
    const at = ((position + tries) % count) * 2;
    const image = order[at] as number;
    const caption = set.items[image]?.captions[order[at + 1] as number] as string;
    try {
      return { pixels: await set.pixels(image), image, caption };
    } catch (error) {
      if (!onBad || !isBad(error)) throw error;
      onBad(error);
    }
  }
  fail('data', { where: 'training set', what: 'not one image can be loaded', fix: 'check the dataset thoroughly' });
}

function isBad(error: unknown): error is UniAdapterError {
  return error instanceof UniAdapterError && (error.code === 'data' || error.code === 'file');
}
