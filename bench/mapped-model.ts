// BLIP-base as a bench opens it, and small programs of what training, evaluation and serving run.

import { gradients } from '../src/compiler/autodiff/index.js';
import type { Feeds, Program } from '../src/compiler/runtime/index.js';
import { type NumberArray, sizeOf, type Tensor } from '../src/compiler/tensor/index.js';
import { float32Of } from '../src/format/index.js';
import { uniadapter } from '../src/model/adapter/index.js';
import { assemble, createModel, declarationsOf, type LoadedModel } from '../src/model/index.js';
import { parameter } from '../src/model/nn/index.js';
import { imageEncoder, matcher, momentumName, retrievalStep, textEncoder } from '../src/model/task/index.js';
import { createOrtBackend } from '../src/node/ort.js';
import { openBackbone } from '../src/weights/store/backbone.js';
import { normal } from './random-weights.js';

/** Where the frozen weights are: in the file; in memory, fed to all programs; in each program, packed. */
export type Way = 'mapped' | 'fed' | 'packed';
const T = 35;
export const BUILDS: Readonly<Record<string, (model: LoadedModel) => Readonly<Record<string, Tensor>>>> = {
  train(model) {
    const { total, trained, features } = retrievalStep(model, { batch: 2, tokens: T });
    const slopes = gradients(total, trained.map(parameter));
    return { total, ...features, ...Object.fromEntries(slopes.map((slope, i) => [`slope${i}`, slope])) };
  },
  'evaluate images': (model) => ({ ...imageEncoder(model, { batch: 2, frames: null }) }),
  'evaluate texts': (model) => ({ ...textEncoder(model, { batch: 8, tokens: T }) }),
  'evaluate pairs': (model) => ({ ...matcher(model, { batch: 1, pairs: 8, tokens: T, frames: null }) }),
  'serve texts': (model) => ({ ...textEncoder(model, { batch: 1, tokens: T }) }),
  'serve images': (model) => ({ ...imageEncoder(model, { batch: 1, frames: null }) }),
};

export async function open(folder: string, way: Way): Promise<LoadedModel> {
  const { config, arrays } = await openBackbone(folder, 224);
  const method = uniadapter();
  const model = createModel(config, method);
  const declarations = declarationsOf(model, { task: 'retrieval', frames: null });
  const { weights, stored } = assemble({ method }, declarations, arrays, { seed: 0, where: folder });
  const { nameOf, ...backend } = createOrtBackend();
  if (way === 'mapped') return { ...model, weights, stored, backend: createOrtBackend() };
  if (way === 'packed') return { ...model, weights, stored, backend };
  const read = Object.entries(stored).map(([path, array]) => [path, float32Of(array)] as const);
  return { ...model, weights: { ...weights, ...Object.fromEntries(read) }, stored: {}, backend };
}

/** Anything of the right type. */
export function feedsOf({ inputs }: Program, weights: Feeds): Feeds {
  const feed = (name: string, shape: readonly number[], dtype: string): NumberArray => {
    const known = weights[name] ?? weights[name.replace(momentumName(''), '')];
    if (known) return known;
    if (dtype === 'float32') return normal(sizeOf(shape), 1);
    if (name === 'mask') return new Int32Array(sizeOf(shape)).fill(1);
    return new Int32Array(sizeOf(shape)).map((_, i) => (name === 'ids' ? 1000 + i : name === 'index' ? i : 0));
  };
  return Object.fromEntries([...inputs].map(([name, { shape, dtype }]) => [name, feed(name, shape, dtype)]));
}
