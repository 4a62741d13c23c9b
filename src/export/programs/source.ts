// What is exported: a model to be used, the same as it is trained, and everything that belongs to them.

import { framesOf } from '../../data/dataset/open.js';
import type { Preprocess } from '../../data/image/index.js';
import type { Codec } from '../../data/text/index.js';
import { declarationsOf, type LoadedModel, type Numbers } from '../../model/index.js';
import type { Declaration } from '../../model/nn/index.js';
import { loadFresh, loadTrained } from '../../predict/programs/load.js';
import type { DecidedRecipe } from '../../recipe/index.js';
import { decide } from '../../train/loop/index.js';
import { methodFor } from '../../weights/store/adapter-folder.js';
import type { Backbone } from '../../weights/store/backbone.js';
import type { ExportOptions } from './options.js';

/** What no recipe says and no data is there to tell: the step of an adapter that is yet to be trained has a long run before it. */
const SAMPLES = 57600;

export interface OpenedSource extends Pick<ExportOptions, 'batch'> {
  readonly recipe: DecidedRecipe;
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
export async function openSource({ adapter, recipe: given, batch }: ExportOptions): Promise<OpenedSource> {
  const { task, backbone: name, data } = given;
  const { frames, testFrames } = framesOf(data, []);
  const loaded = await loadTrained({ adapter, task, backbone: name, seeing: data });
  const { backbone, codec, preprocess, answers } = loaded;
  const trained = loaded.adapter
    ? { ...loaded.model, method: methodFor(loaded.adapter, backbone, 'training') }
    : (await loadFresh(given, frames)).model;
  const recipe = decide(given, { samples: SAMPLES, width: backbone.info.vision.width, frames, saysSides: false });
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
