// The adapter of a run, written when it ends.

import { figuresOf, type Reranking, remarksOf, type Scores } from '../../evaluate/index.js';
import { writeFolderAtomically } from '../../files/files.js';
import {
  type AdapterEvaluation,
  type AdapterInfo,
  elementCount,
  float32Array,
  packAdapter,
} from '../../format/index.js';
import { saves } from '../../model/adapter/index.js';
import { declarationsOf, type LoadedModel, type Purpose, parameterCount } from '../../model/index.js';
import type { Recipe } from '../../recipe/index.js';
import { version } from '../../weights/store/adapter-folder.js';
import type { Backbone } from '../../weights/store/backbone.js';

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

function bottleneckOf({ method }: Recipe): number {
  if ('bottleneck' in method) return method.bottleneck;
  return 'rank' in method ? method.rank : 0;
}
