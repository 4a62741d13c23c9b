// From names on a disk to a model that can run, with the preprocessing that belongs to it.

import type { Preprocess } from '../../data/image/index.js';
import { type Codec, createCodec } from '../../data/text/index.js';
import { fail } from '../../error/index.js';
import { heads, type Method } from '../../model/adapter/index.js';
import {
  assemble,
  createModel,
  declarationsOf,
  evaluatedWith,
  int8Of,
  type LoadedModel,
  methodOf,
  type Numbers,
  type Purpose,
  type TaskName,
} from '../../model/index.js';
import type { Declaration } from '../../model/nn/index.js';
import { createOrtBackend } from '../../node/ort.js';
import type { Recipe } from '../../recipe/index.js';
import { tasksOf } from '../../weights/checkpoint/fitting.js';
import { type Adapter, methodFor, openAdapter } from '../../weights/store/adapter-folder.js';
import { type Backbone, openBackbone } from '../../weights/store/backbone.js';

export interface Ready {
  readonly backbone: Backbone;
  readonly model: LoadedModel;
  readonly codec: Codec;
  /** For testing; training may augment. */
  readonly preprocess: Preprocess;
}

/** The part of a recipe's data section that decides what the model sees. */
export type Seeing = Pick<Recipe['data'], 'imageSize' | 'maxWords'>;

/**
 * A model that starts to train: the backbone with a method's declared start.
 *
 * @param frames  F in training; null for images
 * @param method  default: the recipe's
 */
export async function loadFresh(
  recipe: Recipe,
  frames: number | null = null,
  method: Method = methodOf(recipe, 'training'),
): Promise<Ready> {
  const { data, train, retrieval, task } = recipe;
  const backbone = await openBackbone(recipe.backbone, data.imageSize);
  const declarations = declared(backbone, method, { task, frames });
  const { weights, stored } = assemble({ method }, declarations, backbone.arrays, {
    seed: train.seed,
    where: backbone.folder,
  });
  const { temperature } = retrieval;
  const set = temperature === null || !weights.temp ? {} : { temp: Float32Array.of(temperature) };
  const numbers = { weights: { ...weights, ...set }, stored };
  return ready(backbone, method, data, { ...numbers, ...int8For(recipe.precision, declarations, numbers) });
}

export interface Trained extends Ready {
  /** What it was trained with; null for the backbone alone. */
  readonly adapter: Adapter | null;
  /** Answers to choose from: the adapter's, or the backbone's. */
  readonly answers: readonly string[];
}

export interface LoadOptions {
  /** An adapter folder, or null for the backbone alone. */
  readonly adapter: string | null;
  /** What it is asked to do. */
  readonly task: TaskName;
  /** Default: the one the adapter names, or `tiny`. */
  readonly backbone?: string | undefined;
  /** Default: as it was trained. */
  readonly seeing?: Seeing | undefined;
  /** Default: as it was trained; float32 for the backbone alone. */
  readonly precision?: Recipe['precision'] | undefined;
}

/**
 * A model to evaluate or to use.
 *
 * @throws parameter  when the adapter was made for another backbone; recipe when it was trained for another task
 */
export async function loadTrained(options: LoadOptions): Promise<Trained> {
  const adapter = options.adapter === null ? null : await openAdapter(options.adapter);
  const seeing = options.seeing ?? adapter?.recipe.data;
  if (adapter) refuseOtherTask(adapter, options.task); // before a backbone is missed that it would not be used with
  const name = options.backbone ?? adapter?.recipe.backbone ?? 'tiny';
  return assembleTrained(await openBackbone(name, seeing?.imageSize), adapter, options);
}

/** {@link loadTrained} of a backbone, which sees images of the wanted size, and an adapter that are open already. */
export function assembleTrained(
  backbone: Backbone,
  adapter: Adapter | null,
  { task, seeing, precision }: Pick<LoadOptions, 'task' | 'seeing' | 'precision'>,
): Trained {
  if (adapter === null) {
    const method = heads();
    const declarations = declared(backbone, method, { task, frames: null });
    const assembled = assemble({ method }, declarations, backbone.arrays, { seed: 0, where: backbone.folder });
    const numbers = { ...assembled, ...int8For(precision, declarations, assembled) };
    const answers = backbone.answers ?? [];
    return { ...ready(backbone, method, { maxWords: 30, ...seeing }, numbers), adapter, answers };
  }
  const { recipe, arrays, folder } = adapter;
  refuseOtherTask(adapter, task);
  const trained = methodFor(adapter, backbone, 'training');
  const purpose = { task, frames: trainedFrames(recipe) };
  const declarations = declared(backbone, trained, purpose);
  const assembled = assemble({ method: trained }, declarations, backbone.arrays, {
    ...{ adapter: arrays, seed: 0, where: folder },
  });
  const numbers = {
    ...assembled,
    ...int8For(precision ?? recipe.precision, declarations, assembled),
  };
  const method = evaluatedWith(methodOf(recipe, 'evaluation'), purpose);
  return { ...ready(backbone, method, seeing ?? recipe.data, numbers), adapter, answers: adapter.answers };
}

/** F of a run that is over: `auto` was decided when it began. */
export const trainedFrames = ({ data: { frames } }: Recipe): number | null => (frames === 'auto' ? null : frames);

/** @throws recipe  when the backbone lacks the parts that the task is done with */
function declared(backbone: Backbone, method: Method, purpose: Purpose) {
  refuseUnable(backbone, purpose.task);
  return declarationsOf(createModel(backbone.config, method), purpose);
}

/** One that can, for each task. */
const ABLE: Readonly<Record<TaskName, string>> = {
  retrieval: 'Salesforce/blip-itm-base-coco',
  answering: 'Salesforce/blip-vqa-base',
  captioning: 'Salesforce/blip-image-captioning-base',
};

function refuseUnable({ info, arrays, config }: Backbone, task: TaskName): void {
  const parts = [...arrays.keys()].filter((path) => config.decoder || !path.startsWith('text_decoder.'));
  const able = tasksOf(parts);
  if (able.includes(task)) return;
  fail('recipe', {
    where: `backbone ${info.name}`,
    what: `has no parts for ${task}`,
    got: `those for ${able.join(' and ')}`,
    fix: `name another backbone, such as tiny or ${ABLE[task]}`,
  });
}

function refuseOtherTask({ folder, recipe }: Adapter, task: TaskName): void {
  if (recipe.task === task) return;
  fail('recipe', {
    where: folder,
    what: 'this adapter was trained for another task',
    got: recipe.task,
    expected: task,
    fix: `train one with task=${task}`,
  });
}

/** @throws recipe  when int8 is asked for and no matrix is large enough for it */
function int8For(
  precision: Recipe['precision'] | undefined,
  declarations: readonly Declaration[],
  numbers: Numbers,
): Pick<LoadedModel, 'int8'> {
  if (precision !== 'int8') return {};
  const int8 = int8Of(declarations, numbers);
  if (int8.names.size === 0)
    fail('recipe', {
      where: 'precision',
      what: 'int8 would change nothing: no frozen matrix of this backbone and method is large enough to gain by it',
      fix: 'leave precision at float32',
    });
  return { int8 };
}

/** How a backbone reads and writes texts. @param maxWords  of a caption, that are kept */
export const codecOf = ({ info, tokenizer }: Pick<Backbone, 'info' | 'tokenizer'>, maxWords: number): Codec =>
  createCodec(tokenizer, { maxTokens: info.maxTokens, positions: info.text.positions, maxWords });

function ready(
  backbone: Backbone,
  method: Method,
  { maxWords }: Pick<Seeing, 'maxWords'>,
  numbers: Numbers & Pick<LoadedModel, 'int8'>,
): Ready {
  const { info, config } = backbone;
  const { preprocess } = info;
  return {
    backbone,
    model: { ...createModel(config, method), backend: createOrtBackend(), ...numbers },
    codec: codecOf(backbone, maxWords),
    preprocess: { size: config.vision.imageSize, mean: preprocess.mean, std: preprocess.std, augment: 'none' },
  };
}
