// What is exported: a model to be used, the same as it is trained, and everything that belongs to them.

import type { Preprocess } from '../../image/index.js';
import { declarationsOf, type LoadedModel, type Numbers } from '../../model/index.js';
import type { Declaration } from '../../nn/index.js';
import type { Codec } from '../../text/index.js';
import { framesOf } from '../run/data.js';
import { loadFresh, loadTrained } from '../run/load.js';
import type { ExportOptions } from '../run/types.js';
import { methodFor } from '../store/adapter-folder.js';
import type { Backbone } from '../store/backbone.js';

export interface OpenedSource extends Pick<ExportOptions, 'recipe' | 'batch'> {
  readonly backbone: Backbone;
  readonly codec: Codec;
  readonly preprocess: Preprocess;
  /** To choose from; may be none. */
  readonly answers: readonly string[];
  /** F of training and of use; null for images. */
  readonly frames: number | null;
  readonly testFrames: number | null;
  readonly used: LoadedModel;
  readonly trained: LoadedModel;
  /** Every parameter of both. */
  readonly declarations: readonly Declaration[];
}

/** Opens what an export is made from. @throws as `loadTrained` */
export async function openSource({ adapter, recipe, batch }: ExportOptions): Promise<OpenedSource> {
  const { task, backbone: name, data } = recipe;
  const { frames, testFrames } = framesOf(data, []);
  const loaded = await loadTrained({ adapter, task, backbone: name, seeing: data });
  const { backbone, codec, preprocess, answers } = loaded;
  const trained = loaded.adapter
    ? { ...loaded.model, method: methodFor(loaded.adapter, backbone, 'training') }
    : (await loadFresh(recipe, frames)).model;
  const used = { ...loaded.model, ...together(loaded.model, trained) };
  const declared = [trained, used].flatMap((model) => declarationsOf(model, { task, frames }));
  return {
    ...{ recipe, batch, backbone, codec, preprocess, answers, frames, testFrames, used, trained },
    declarations: [...new Map(declared.map((declaration) => [declaration.path, declaration])).values()],
  };
}

const together = (a: Numbers, b: Numbers): Numbers => ({
  weights: { ...a.weights, ...b.weights },
  stored: { ...a.stored, ...b.stored },
});
