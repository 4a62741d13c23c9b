// The contrastive loss (ITC): each image against all texts of the batch and the queue, and the other way round, towards
// soft targets from the momentum features. Li et al., ALBEF, https://arxiv.org/abs/2107.07651

import * as t from '../../compiler/tensor/index.js';
import { add, mul, type Tensor } from '../../compiler/tensor/index.js';

export interface Features {
  /** [B, P], unit length */
  readonly image: Tensor;
  /** [B, P], unit length */
  readonly text: Tensor;
}

export interface Contrast {
  readonly online: Features;
  /** Without gradient. */
  readonly momentum: Features;
  /** int32 [B]: captions of one image share it, and are all its positives. */
  readonly index: Tensor;
  /** 1 / temperature, scalar. */
  readonly temperature: Tensor;
  /** Q */
  readonly queue: number;
  /** Whether rows of the queue that nothing was written to count as negatives, as in the release. Default false. */
  readonly countsUnwritten?: boolean;
}

/** The image number of rows of the queue that nothing was written to. */
export const UNWRITTEN = -100;
/** Far below any similarity by temperature: e to its power is 0. */
const NEVER = -1e9;

/** Mean of the two soft cross-entropies. @returns scalar */
export function contrast({ online, momentum, index, temperature, queue, countsUnwritten }: Contrast): Tensor {
  const same = samePairs(index, queue);
  const unwritten = queue > 0 && !countsUnwritten ? unwrittenColumns(index.shape[0] as number, queue) : null;
  const oneWay = (query: 'image' | 'text', key: 'image' | 'text'): Tensor => {
    const candidates = candidatesOf(momentum, key, queue);
    const similarity = (x: Tensor) => {
      const all = mul(scores(x, candidates), temperature); // [B, B + Q]
      return unwritten ? t.where(unwritten, NEVER, all) : all;
    };
    const targets = softTargets(similarity(momentum[query]), same);
    return crossEntropy(similarity(online[query]), targets);
  };
  return mul(add(oneWay('image', 'text'), oneWay('text', 'image')), 0.5);
}

/** α·softmax(momentum similarity) + (1 − α)·same, without gradient. @returns [B, B + Q], rows sum to one */
function softTargets(similarity: Tensor, same: Tensor): Tensor {
  const alpha = t.input('alpha', []);
  return t.stopGradient(add(mul(t.softmax(similarity), alpha), mul(same, t.sub(1, alpha))));
}

/** −Σ target · log softmax, averaged over rows. */
function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  const rows = logits.shape[0] as number;
  return t.reshape(mul(t.sum(mul(t.logSoftmax(logits), targets)), -1 / rows), []);
}

/** The batch's momentum features, then the queue's. Kept apart: joining the scores copies far less than the features. */
function candidatesOf(momentum: Features, of: 'image' | 'text', queue: number): readonly Tensor[] {
  const projection = momentum[of].shape[1] as number;
  return queue > 0 ? [momentum[of], t.input(`queue/${of}`, [queue, projection])] : [momentum[of]];
}

const scores = (x: Tensor, candidates: readonly Tensor[]): Tensor =>
  t.concat(
    candidates.map((candidate) => t.matmul(x, candidate, { transB: true })),
    1,
  );

/** @returns bool [1, B + Q]: false for the batch */
function unwrittenColumns(batch: number, queue: number): Tensor {
  const own = t.constant(new Int32Array(batch), [batch], 'int32');
  const all = t.concat([own, t.input('queue/index', [queue], 'int32')], 0);
  return t.reshape(t.equal(all, t.constant(Int32Array.of(UNWRITTEN), [1], 'int32')), [1, batch + queue]);
}

/** 1 where row and candidate are of one image, each row normalised to sum one. @returns f32 [B, B + Q] */
function samePairs(index: Tensor, queue: number): Tensor {
  const batch = index.shape[0] as number;
  const all = queue > 0 ? t.concat([index, t.input('queue/index', [queue], 'int32')], 0) : index;
  const same = t.cast(t.equal(t.reshape(index, [batch, 1]), t.reshape(all, [1, batch + queue])), 'float32');
  return t.div(same, t.sum(same, [1]));
}
