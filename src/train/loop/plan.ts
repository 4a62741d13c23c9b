// How a batch is computed: in one piece if memory allows it, otherwise in the largest pieces that fit; and where pieces cost
// no time, in those that take little memory. Told from traces, before anything is compiled.

import { peakBytes } from '../../compiler/runtime/index.js';
import { sizeOf, type Tensor, trace } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import { byteCount, type NamedArray } from '../../format/index.js';
import { createModel, type LoadedModel } from '../../model/index.js';
import { adamw } from '../optim/index.js';
import { gradientProgram } from './gradients.js';
import type { StateSizes } from './state.js';
import type { Build, TrainTask } from './task.js';

export interface StepPlan {
  /** Samples that are computed at once; null for the whole batch. */
  readonly piece: number | null;
  /** Memory that training will take at its most, as far as can be told; mapped weights count once. */
  readonly bytes: number;
}

/** What ONNX Runtime takes for a program beyond the values that live at once: measured, see docs/log.md. */
const ARENA = 1.2;
/** The process with ONNX Runtime and the image library before it has loaded anything. */
const PROCESS_BYTES = 2e8;
/** Beyond what is held, enough for pieces of a size at which more at once is no faster: measured, see docs/log.md. */
const AMPLE_BYTES = 3e9;

/**
 * Chooses how to compute a batch.
 *
 * @param limitBytes  memory that training may take
 * @throws memory  when even single samples take more
 */
export function planStep(
  model: LoadedModel,
  task: TrainTask<unknown>,
  sizes: StateSizes,
  limitBytes: number,
): StepPlan {
  const { held, planOf } = plans(model, task, sizes);
  let best = planOf(null) as Planned;
  for (const piece of divisors(task.sizes.batch as number)) {
    const next = planOf(piece);
    if (!next || best.bytes <= (next.isFree ? Math.min(limitBytes, held + AMPLE_BYTES) : limitBytes)) break;
    if (next.bytes < best.bytes) best = next;
  }
  const { piece, bytes } = best;
  if (bytes <= limitBytes || !task.inPieces) return { piece, bytes };
  return fail('memory', {
    where: 'train.memory',
    what: 'a step does not fit, not even sample by sample',
    got: gigabytes(limitBytes),
    expected: `${gigabytes(bytes)} or more`,
    fix: 'train with smaller images or fewer frames, or on a machine with more memory',
  });
}

/** What a batch takes in pieces that are chosen already. @param piece  samples at once; null for the whole batch */
export function keptPlan(
  model: LoadedModel,
  task: TrainTask<unknown>,
  sizes: StateSizes,
  piece: number | null,
): StepPlan {
  const { planOf } = plans(model, task, sizes);
  return { piece, bytes: planOf(piece)?.bytes ?? 0 };
}

interface Planned extends StepPlan {
  /** Whether its pieces cost no time. */
  readonly isFree: boolean;
}

/** What is held between steps, and what each way takes; null where the task knows no pieces. */
function plans(model: LoadedModel, task: TrainTask<unknown>, sizes: StateSizes) {
  const held = PROCESS_BYTES + heldBytes(model, sizes) + programBytes(() => adamw(sizes.trainable));
  const bare = createModel(model.config, model.method);
  function planOf(piece: number | null): Planned | null {
    if (piece === null)
      return { piece, isFree: true, bytes: held + programBytes(() => gradientProgram(bare, task, task.sizes)) };
    const way = task.inPieces?.(bare, piece);
    if (!way) return null;
    const bytes = Object.values(way.programs).reduce(
      (sum, build) => sum + programBytes(build),
      held + way.betweenBytes,
    );
    return { piece, isFree: way.isFree, bytes };
  }
  return { held, planOf };
}

/** What is in memory between steps: weights, mapped or not, and the state. */
function heldBytes(
  { weights, stored, int8 }: LoadedModel,
  { trainable, twins, queue, projection }: StateSizes,
): number {
  const size = (declarations: StateSizes['trainable']) =>
    declarations.reduce((n, { shape }) => n + 4 * sizeOf(shape), 0);
  const inMemory = Object.values(weights).reduce((n, { byteLength }) => n + byteLength, 0);
  const inFiles = Object.entries(stored).reduce(
    (n, [path, array]) => n + (int8?.names.has(path) ? int8Bytes(array) : byteCount(array) + castBytes(array)),
    0,
  );
  const averages = size(trainable.filter(({ path }) => twins.has(path)));
  // parameters, two moments and the gradients; each of them is there twice while it is replaced
  return inMemory + inFiles + 2 * (4 * size(trainable) + averages) + 4 * queue * (2 * projection + 1);
}

/** Half precision is cast where it is used, and the backward pass uses it again. */
const castBytes = ({ dtype, shape }: NamedArray): number => (dtype === 'F32' ? 0 : 4 * sizeOf(shape));

/** Columns for the forward pass and rows for the backward pass; the file is read once and not mapped. */
const int8Bytes = ({ shape }: NamedArray): number => 2 * sizeOf(shape);

function programBytes(build: Build): number {
  const outputs = trace(build);
  const results = Object.values(outputs).reduce((n, { shape }: Tensor) => n + 4 * sizeOf(shape), 0);
  return ARENA * trace(() => peakBytes(outputs)) + results;
}

/** Below the number itself, largest first. */
const divisors = (n: number): readonly number[] =>
  Array.from({ length: n - 1 }, (_, i) => n - 1 - i).filter((d) => n % d === 0);

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
