// Everything a run changes from step to step, and its form in a checkpoint. Named as docs/formats.md says.

import { printShape, type Shape, sameShape } from '../../compiler/tensor/index.js';
import { fail } from '../../error/index.js';
import type { Stages } from '../../evaluate/index.js';
import { float32Array, float32Of, int32Array, int32Of, type NamedArray, type NamedArrays } from '../../format/index.js';
import { type Declaration, initialise } from '../../model/nn/index.js';
import { UNWRITTEN } from '../../model/task/index.js';
import { stream } from '../../random/index.js';

/** f32 arrays by parameter path. */
export type Arrays = Record<string, Float32Array>;

export interface TrainState {
  /** Updates done. */
  step: number;
  /** What trains. */
  parameters: Arrays;
  /** Momentum twins of what trains; empty where the task keeps none. */
  momentum: Arrays;
  /** AdamW's running means of gradients and of their squares. */
  adamFirst: Arrays;
  adamSecond: Arrays;
  readonly queue: Queue;
  /** The best evaluation so far and the parameters that reached it. */
  best: { epoch: number; score: number; stages: Stages | null; parameters: Arrays } | null;
}

/** The last Q momentum features, written round and round. */
export interface Queue {
  /** f32 [Q, P] */
  readonly image: Float32Array;
  /** f32 [Q, P] */
  readonly text: Float32Array;
  /** i32 [Q]: image numbers, `UNWRITTEN` where nothing has been written yet. */
  readonly index: Int32Array;
  /** Row that is written next. */
  next: number;
}

export interface StateSizes {
  readonly trainable: readonly Declaration[];
  /** Paths that have a momentum twin. */
  readonly twins: ReadonlySet<string>;
  /** Q and P. */
  readonly queue: number;
  readonly projection: number;
}

/**
 * The state before the first step. Twins equal their originals; queues hold random unit vectors with an
 * image number that matches none, as in the release.
 *
 * @param known  starting values that replace the declared ones, e.g. the backbone's heads
 */
export function initialState(sizes: StateSizes, known: Readonly<Arrays>, seed: number): TrainState {
  const parameters: Arrays = {};
  for (const d of sizes.trainable) parameters[d.path] = known[d.path]?.slice() ?? initialise(d, seed);
  const zeros = () => mapArrays(parameters, (x) => new Float32Array(x.length));
  return {
    step: 0,
    parameters,
    momentum: Object.fromEntries(
      Object.entries(parameters)
        .filter(([path]) => sizes.twins.has(path))
        .map(([path, x]) => [path, x.slice()]),
    ),
    adamFirst: zeros(),
    adamSecond: zeros(),
    queue: {
      image: noise(sizes, seed, 'queue image'),
      text: noise(sizes, seed, 'queue text'),
      index: new Int32Array(sizes.queue).fill(UNWRITTEN),
      next: 0,
    },
    best: null,
  };
}

/** Writes the rows of a batch into the queue, round and round. @param image f32 [B, P] @param index i32 [B] */
export function enqueue(queue: Queue, image: Float32Array, text: Float32Array, index: Int32Array): void {
  const rows = queue.index.length;
  const width = image.length / index.length;
  for (let i = 0; i < index.length && rows > 0; i++) {
    const row = (i: number) => [i * width, (i + 1) * width] as const;
    queue.image.set(image.subarray(...row(i)), queue.next * width);
    queue.text.set(text.subarray(...row(i)), queue.next * width);
    queue.index[queue.next] = index[i] as number;
    queue.next = (queue.next + 1) % rows;
  }
}

/** The part of a state that a checkpoint stores as tensors. */
export function stateArrays(state: TrainState, { trainable, queue, projection }: StateSizes): NamedArrays {
  const shapes = new Map(trainable.map(({ path, shape }) => [path, shape]));
  const named = new Map<string, NamedArray>();
  for (const [group, arrays] of groups(state))
    for (const [path, data] of Object.entries(arrays))
      named.set(`${group}.${path}`, float32Array(shapes.get(path) as Shape, data));
  named.set('queue.image', float32Array([queue, projection], state.queue.image));
  named.set('queue.text', float32Array([queue, projection], state.queue.text));
  named.set('queue.ids', int32Array([queue], state.queue.index));
  return named;
}

/** What a checkpoint stores beside the tensors. */
export interface StateInfo {
  readonly step: number;
  readonly queueAt: number;
  readonly best: {
    readonly epoch: number;
    readonly score: number;
    /** Absent in checkpoints of version 0.1 and where nothing is re-ranked. */
    readonly stages?: Stages;
  } | null;
}

export const stateInfo = ({ step, queue, best }: TrainState): StateInfo => ({
  step,
  queueAt: queue.next,
  best: best && { epoch: best.epoch, score: best.score, ...(best.stages && { stages: best.stages }) },
});

/**
 * The state a checkpoint holds.
 *
 * @param where  the checkpoint, for messages
 * @throws parameter  when tensors are missing, superfluous or of another shape; all of them are named
 */
export function restoreState(sizes: StateSizes, arrays: NamedArrays, info: StateInfo, where: string): TrainState {
  const blank = initialState(sizes, {}, 0);
  const empty = () => mapArrays(blank.parameters, (x) => new Float32Array(x.length));
  const state: TrainState = { ...blank, step: info.step };
  if (info.best) state.best = { stages: null, ...info.best, parameters: empty() };
  const wanted = stateArrays(state, sizes);
  const problems = [
    ...[...wanted].flatMap(([name, { shape }]) => {
      const found = arrays.get(name);
      if (!found) return [`${name} is missing`];
      const fits = sameShape(found.shape, shape);
      return fits ? [] : [`${name} is ${printShape(found.shape)}, expected ${printShape(shape)}`];
    }),
    ...[...arrays.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} is not part of this run`),
    ...(info.queueAt < Math.max(1, sizes.queue) ? [] : [`queueAt ${info.queueAt} is beyond the queue`]),
  ];
  if (problems.length > 0)
    fail('parameter', {
      where,
      what: `the checkpoint is of another run: ${problems.slice(0, 8).join('; ')}`,
      got: `${problems.length} that do not fit`,
      fix: 'resume with the recipe and backbone the run was started with, or start a new one',
    });
  for (const [group, into] of groups(state))
    for (const path of Object.keys(into)) into[path] = float32Of(arrays.get(`${group}.${path}`) as NamedArray).slice();
  state.queue.image.set(float32Of(arrays.get('queue.image') as NamedArray));
  state.queue.text.set(float32Of(arrays.get('queue.text') as NamedArray));
  state.queue.index.set(int32Of(arrays.get('queue.ids') as NamedArray));
  state.queue.next = info.queueAt;
  return state;
}

function groups(state: TrainState): [string, Arrays][] {
  return [
    ['parameter', state.parameters],
    ['momentum', state.momentum],
    ['adam.first', state.adamFirst],
    ['adam.second', state.adamSecond],
    ['best', state.best?.parameters ?? {}],
  ];
}

export function mapArrays(arrays: Readonly<Arrays>, f: (x: Float32Array, path: string) => Float32Array): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([path, x]) => [path, f(x, path)]));
}

/** Random unit vectors: signs, 32 from one draw, since a queue of the published size has 15 million elements. */
function noise({ queue, projection }: StateSizes, seed: number, purpose: string): Float32Array {
  const draws = stream(seed, purpose, 0);
  const length = projection ** -0.5;
  let bits = 0;
  return new Float32Array(queue * projection).map((_, i) => {
    bits = i % 32 === 0 ? Math.floor(draws.uniform() * 2 ** 32) : bits >>> 1;
    return bits & 1 ? length : -length;
  });
}
