// Batches for training. A batch is a function of (order, step, seed, epoch): any of them can be made alone, in any order,
// with the same bytes, which is what makes a resumed run equal to an uninterrupted one.
import { fail, UniAdapterError } from '../../error/index.js';
import { stream } from '../../random/index.js';
import { type Pixels, type Preprocess, prepare } from '../image/index.js';
import { positions } from '../video/index.js';
import { fewAtOnce } from './few.js';
import type { MediaSet } from './set.js';

/** An item of a set and one of its texts, by number: what a row of a batch is about. */
export interface Sample {
  readonly item: number;
  readonly text: number;
}

export interface TrainBatch {
  /** f32 [B, 3, S, S], or [B, F, 3, S, S] where frames are sampled */
  readonly image: Float32Array;
  /** B of them */
  readonly samples: readonly Sample[];
}

export interface Sampling {
  /** F: frames of every item; null for images, of a clip its middle. */
  readonly frames: number | null;
  /** Whether each frame is drawn from its segment of the clip instead of being its middle. */
  readonly jitter: boolean;
}

export interface TrainBatching extends Sampling {
  /** Of {@link trainOrder} for this epoch. */
  readonly order: Uint32Array;
  /** Step within the epoch, from 0. */
  readonly step: number;
  /** Samples a batch. */
  readonly batch: number;
  readonly preprocess: Preprocess;
  readonly seed: number;
  readonly epoch: number;
  /**
   * Called for a sample that cannot be loaded; the next one in the order that can takes its place, always the same.
   * Without it such a sample is an error.
   */
  readonly onBad?: (error: UniAdapterError) => void;
}

/**
 * One batch. A set smaller than a batch wraps around; a last batch that is not full does too. All frames of a clip are
 * augmented alike.
 *
 * @throws `data` or `file`, naming the item, if one cannot be loaded and `onBad` is not given, or if none can
 */
export async function trainBatch(set: MediaSet, how: TrainBatching): Promise<TrainBatch> {
  const { batch, step, epoch, seed, preprocess, order, frames } = how;
  if (order.length === 0) fail('data', { where: 'training set', what: 'holds no texts', expected: 'at least one' });
  const area = 3 * preprocess.size ** 2;
  const each = area * (frames ?? 1);
  const image = new Float32Array(batch * each);
  const epochSpan = Math.ceil(order.length / 2 / batch) * batch; // no two samples of a run share their randomness
  const samples = await fewAtOnce(batch, async (slot) => {
    const position = step * batch + slot;
    const index = epoch * epochSpan + position;
    const { pictures, sample } = await load(set, how, position, index);
    for (const [f, picture] of pictures.entries())
      prepare(picture, preprocess, stream(seed, 'augment', index), image, slot * each + f * area);
    return sample; // the pixels can go
  });
  return { image, samples };
}

interface Loaded {
  readonly pictures: readonly Pixels[];
  readonly sample: Sample;
}

/** The sample at a position of the order, or the next one after it that can be loaded. */
async function load(
  set: MediaSet,
  { order, onBad, seed, frames, jitter }: TrainBatching,
  position: number,
  index: number,
): Promise<Loaded> {
  const count = order.length / 2;
  const at = positions(frames ?? 1, jitter && frames !== null ? stream(seed, 'frames', index) : null);
  for (let tries = 0; tries < count; tries++) {
    const place = ((position + tries) % count) * 2;
    const item = order[place] as number;
    try {
      return { pictures: await set.frames(item, at), sample: { item, text: order[place + 1] as number } };
    } catch (error) {
      if (!onBad || !isBad(error)) throw error;
      onBad(error);
    }
  }
  fail('data', { where: 'training set', what: 'not one item can be loaded', fix: 'check the dataset thoroughly' });
}

function isBad(error: unknown): error is UniAdapterError {
  return error instanceof UniAdapterError && (error.code === 'data' || error.code === 'file');
}
