// The training step of a recipe as the benches run it: the task and the step that `train` uses, on batches of anything.

import type { Preprocess } from '../src/data/image/index.js';
import { CLIP_MEAN, CLIP_STD } from '../src/data/image/index.js';
import { type Codec, createCodec, type Tokenizer, type Tokens } from '../src/data/text/index.js';
import { assemble, createModel, declarationsOf, int8Of, type LoadedModel, methodOf } from '../src/model/index.js';
import { answerNames, questionNames } from '../src/model/task/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { type DecidedRecipe, parseRecipe, type Recipe } from '../src/recipe/index.js';
import { decide, taskOf } from '../src/train/loop/index.js';
import type { StepBatch, TrainTask } from '../src/train/loop/task.js';
import { openBackbone } from '../src/weights/store/backbone.js';
import { normal } from './random-weights.js';

/** T */
const TOKENS = 35;
/** U: [CLS], up to four tokens, [SEP]. */
const ANSWER_TOKENS = 6;
/** Different answers to a question. */
const ANSWERS = 3;

export interface Training {
  readonly task: 'retrieval' | 'answering';
  /** B */
  readonly batch: number;
  /** S */
  readonly pixels: number;
  /** F; null for images. */
  readonly frames: number | null;
  /** Rate of the moving averages; 0 for none. Default: the recipe's. */
  readonly momentum?: number;
  /** Default float32. */
  readonly precision?: Recipe['precision'];
}

/** The recipe of a training, which has no data. */
export function recipeOf({ task, batch, frames, momentum = 0.995 }: Training): DecidedRecipe {
  const retrieval = { queue: 57600, momentum, alpha: 0.4, queueStart: 'random' } as const;
  const recipe = parseRecipe({ task, data: { path: 'none' }, train: { batch }, retrieval }, 'bench');
  return decide(recipe, { samples: 57600, width: 768, frames, saysSides: false });
}

/** The task that a recipe gives. */
export function taskFor(training: Training, tokenizer: Tokenizer, positions: number): TrainTask<unknown> {
  const codec = codecOf(tokenizer, positions);
  const looking = { codec, preprocess: wholePictures(training.pixels), frames: training.frames };
  const recipe = recipeOf(training);
  return taskOf({ recipe, looking, testFrames: null, candidates: [], answerTokens: ANSWER_TOKENS }, positions);
}

export const codecOf = (tokenizer: Tokenizer, positions: number): Codec =>
  createCodec(tokenizer, { maxTokens: TOKENS, positions });

export const wholePictures = (size: number): Preprocess => ({ size, mean: CLIP_MEAN, std: CLIP_STD, augment: 'none' });

/** A model as `train` opens it, its frozen weights mapped, and what it is trained for. */
export async function openTraining(folder: string, training: Training) {
  const { config, arrays, tokenizer, info } = await openBackbone(folder, training.pixels);
  const model = createModel(config, methodOf(recipeOf(training), 'training'));
  const declarations = declarationsOf(model, training);
  const numbers = assemble(model, declarations, arrays, { seed: 0, where: folder });
  const loaded: LoadedModel = {
    ...{ ...model, ...numbers, backend: createOrtBackend() },
    ...(training.precision === 'int8' && { int8: int8Of(declarations, numbers) }),
  };
  return { model: loaded, task: taskFor(training, tokenizer, info.text.positions) };
}

/** A batch of noise with texts of usual lengths. */
export function batchOf(
  { task, batch, pixels, frames }: Training,
  { sizes }: Pick<TrainTask<unknown>, 'sizes'>,
): StepBatch {
  const image = normal(3 * pixels ** 2 * batch * (frames ?? 1), 1);
  const each = Int32Array.from({ length: batch }, (_, i) => i);
  const texts = usualTexts(batch);
  if (task === 'retrieval') return { feeds: { image, ...texts, index: each }, sizes };
  const answers = batch * ANSWERS;
  const written = textsOf(answers, ANSWER_TOKENS, (i) => 3 + (i % 4));
  return {
    feeds: {
      image,
      [questionNames.ids]: texts.ids,
      [questionNames.mask]: texts.mask,
      [questionNames.media]: each,
      [answerNames.ids]: written.ids,
      [answerNames.mask]: written.mask,
      [answerNames.question]: Int32Array.from({ length: answers }, (_, i) => Math.floor(i / ANSWERS)),
      [answerNames.weight]: new Float32Array(answers).fill(1 / ANSWERS),
    },
    sizes: { ...sizes, answers },
  };
}

/** Tokens of text i: 9 to 17, about as long as COCO's captions. */
export const usualLength = (i: number): number => 9 + ((7 * i) % 9);

/** Texts of usual lengths, padded to T. */
export const usualTexts = (count: number): Tokens => textsOf(count, TOKENS, usualLength);

function textsOf(count: number, length: number, tokens: (i: number) => number): Tokens {
  const mask = new Int32Array(count * length).map((_, at) => Number(at % length < tokens(Math.floor(at / length))));
  return { ids: mask.map((seen, at) => seen * (1000 + (at % 20_000))), mask };
}
