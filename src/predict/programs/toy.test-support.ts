// The toy backbone with adapters that do something, and what the tasks' training graphs say of one item and one text: an
// oracle that shares neither programs nor batching with what is tested.

import assert from 'node:assert/strict';
import type { Program } from '../../compiler/runtime/index.js';
import { prepare } from '../../data/image/index.js';
import type { MediaSet } from '../../data/items/index.js';
import { positions } from '../../data/video/index.js';
import { compileFor, declarationsOf, type LoadedModel, type Purpose } from '../../model/index.js';
import { answeringStep } from '../../model/task/index.js';
import { toyRecipe } from '../../node/toy.test-support.js';
import { stream } from '../../random/index.js';
import { loadFresh, type Ready } from './load.js';

/** A model whose adapters are not silent, as after training. */
export async function awake(backbone: string, purpose: Purpose, changes: readonly string[] = []): Promise<Ready> {
  const recipe = toyRecipe(backbone, 'data', [`task=${purpose.task}`, ...changes]);
  const ready = await loadFresh(recipe, purpose.frames);
  const adapters = declarationsOf(ready.model, purpose).filter(({ role }) => role === 'adapter');
  const weights = Object.fromEntries(
    adapters.map(({ path }) => {
      const draws = stream(7, path, 0);
      return [path, (ready.model.weights[path] as Float32Array).map((x) => x + draws.normal() / 4)];
    }),
  );
  return { ...ready, model: { ...ready.model, weights: { ...ready.model.weights, ...weights } } };
}

/** An item as the input `image` of a program of one item, f32 [1, F, 3, S, S]. */
export async function pictureOf(set: MediaSet, item: number, { preprocess }: Ready, frames: number | null) {
  const area = 3 * preprocess.size ** 2;
  const image = new Float32Array((frames ?? 1) * area);
  for (const [f, picture] of (await set.frames(item, positions(frames ?? 1, null))).entries())
    prepare(picture, preprocess, null, image, f * area);
  return image;
}

export interface AnswerOracle {
  /** −log p of an answer to a question about an item, of smoothed targets if asked for. */
  loss(item: number, question: string, answer: string): Promise<number>;
  /** −log p of its first word alone. */
  firstLoss(item: number, question: string, answer: string): Promise<number>;
  release(): Promise<void>;
}

/** Tokens of the longest answer. */
const U = 8;

/** The loss that training would have, of one answer to one question. */
export async function answerOracle(
  ready: Ready,
  set: MediaSet,
  { frames, smoothing = 0 }: { readonly frames: number | null; readonly smoothing?: number },
): Promise<AnswerOracle> {
  const { model, codec } = ready;
  const sizes = { batch: 1, questions: 1, tokens: codec.maxTokens, answers: 1, answerTokens: U, frames };
  const program = await programOf(model, () => ({
    loss: answeringStep(model, sizes, { smoothing }).total,
    plain: answeringStep(model, sizes, { smoothing: 0 }).total,
  }));
  const images = new Map<number, Promise<Float32Array>>();
  async function run(item: number, question: string, answer: string, words: number) {
    const asked = codec.questions([question]);
    const { ids, mask } = codec.answers([answer], U);
    const image = images.get(item) ?? pictureOf(set, item, ready, frames);
    images.set(item, image);
    return program.run({
      ...model.weights,
      image: await image,
      'question/ids': asked.ids,
      'question/mask': asked.mask,
      'question/media': Int32Array.of(0),
      'answer/ids': ids,
      'answer/mask': mask.map((x, i) => (i <= words ? x : 0)),
      'answer/question': Int32Array.of(0),
      'answer/weight': Float32Array.of(1),
    });
  }
  return {
    loss: async (...one) => (await run(...one, U)).loss?.[0] as number,
    firstLoss: async (...one) => (await run(...one, 1)).plain?.[0] as number,
    release: () => program.release(),
  };
}

/** Compiles a graph of a model's own. */
export const programOf = (model: LoadedModel, build: Parameters<typeof compileFor>[2]): Promise<Program> =>
  compileFor(model, 'oracle', build);

/** @param tolerance  relative to `expected`, or absolute where that is below 1 */
export function assertClose(found: number | undefined, expected: number | undefined, tolerance = 1e-4): void {
  const [a, b] = [found ?? Number.NaN, expected ?? Number.NaN];
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${a} is not ${b}`);
}
