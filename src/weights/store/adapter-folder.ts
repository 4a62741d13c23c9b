// Adapters on disk: written when a run ends, read by everything else.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { figuresOf, type Reranking, remarksOf, type Scores } from '../../evaluate/index.js';
import { readSome, writeFolderAtomically } from '../../files/files.js';
import {
  type AdapterEvaluation,
  type AdapterInfo,
  checkBackbone,
  elementCount,
  float32Array,
  type NamedArrays,
  packAdapter,
  unpackAdapter,
} from '../../format/index.js';
import { saves } from '../../model/adapter/index.js';
import {
  declarationsOf,
  type LoadedModel,
  methodOf,
  type Phase,
  type Purpose,
  parameterCount,
} from '../../model/index.js';
import { parseRecipe, type Recipe } from '../../recipe/index.js';
import type { Backbone } from './backbone.js';

export const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

export interface Adapter {
  readonly folder: string;
  readonly info: AdapterInfo;
  readonly recipe: Recipe;
  readonly arrays: NamedArrays;
  /** What questions are answered with; empty for adapters that do not choose. */
  readonly answers: readonly string[];
}

export interface AdapterSource {
  readonly model: LoadedModel;
  readonly purpose: Purpose;
  readonly backbone: Backbone;
  readonly recipe: Recipe;
  readonly scores: Scores | null;
  /** Of the backbone alone on the same items. */
  readonly before?: Scores | null;
  /** What validation showed; null where nothing is searched, or the recipe says. */
  readonly reranking?: Reranking | null;
  readonly answers: readonly string[];
  /** Numbers that trained. */
  readonly trainable: number;
  readonly created: Date;
}

/** Writes the adapter of a trained model. @returns bytes of its tensors */
export async function writeAdapter(folder: string, source: AdapterSource): Promise<number> {
  const { model, purpose, backbone, recipe, answers, trainable, created } = source;
  const saved = declarationsOf(model, purpose).filter((declaration) => saves(model.method, declaration));
  const arrays = new Map(
    saved.map(({ path, shape }) => [path, float32Array(shape, model.weights[path] as Float32Array)]),
  );
  const { name, ...options } = recipe.method;
  const info: AdapterInfo = {
    format: 1,
    packageVersion: version,
    task: recipe.task,
    method: { name, options: JSON.parse(JSON.stringify(options)) },
    sizes: { bottleneck: bottleneckOf(recipe), layers: model.config.text.layers, width: model.config.text.width },
    parameters: { trainable, all: parameterCount(model) },
    backbone: {
      name: backbone.info.name,
      sha256: backbone.sha256,
      parameters: [...backbone.arrays.values()].reduce((n, { shape }) => n + elementCount(shape), 0),
      bytes: backbone.bytes,
    },
    recipe: JSON.parse(JSON.stringify(recipe)),
    scores: source.scores ? Object.fromEntries(figuresOf(source.scores)) : {},
    ...(source.scores && { evaluation: evaluationOf(source.scores, source.before ?? null) }),
    ...(source.reranking && { reranking: source.reranking }),
    created: created.toISOString(),
    seed: recipe.train.seed,
  };
  const files = packAdapter({ info, arrays, answers });
  await writeFolderAtomically(folder, files);
  return files.get('adapter.safetensors')?.length ?? 0;
}

/** What scores are to be read against. */
export function evaluationOf(scores: Scores, before: Scores | null): AdapterEvaluation {
  return JSON.parse(
    JSON.stringify({
      before: before ? Object.fromEntries(figuresOf(before)) : {},
      standing: scores.standing ?? {},
      remarks: remarksOf(scores, before),
    }),
  );
}

/** Reads an adapter folder. @throws file, format or recipe */
export async function openAdapter(folder: string): Promise<Adapter> {
  const files = await readSome(folder, ['adapter.json', 'adapter.safetensors'], ['answers.json']);
  const { info, arrays, answers = [] } = unpackAdapter(files, folder);
  const recipe = parseRecipe(info.recipe, join(folder, 'adapter.json'));
  return { folder, info, recipe, arrays, answers };
}

/** The method an adapter was made with, once it is sure that it belongs to `backbone`. */
export function methodFor(adapter: Adapter, backbone: Backbone, phase: Phase) {
  checkBackbone(adapter.info, { name: backbone.info.name, sha256: backbone.sha256 }, adapter.folder);
  return methodOf(adapter.recipe, phase);
}

function bottleneckOf({ method }: Recipe): number {
  if ('bottleneck' in method) return method.bottleneck;
  return 'rank' in method ? method.rank : 0;
}
