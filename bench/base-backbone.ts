// A backbone folder of BLIP-base's real size with random weights: what no machine without a network can download.
//   npx tsx bench/base-backbone.ts FOLDER [F32 | F16 | BF16] [layers 12] [decoder]

import { resolve } from 'node:path';
import type { Shape } from '../src/compiler/tensor/index.js';
import { CLIP_MEAN, CLIP_STD } from '../src/data/image/index.js';
import {
  bertTokenIds,
  bertTokenizerJson,
  createTokenizer,
  specialTokens,
  type Tokenizer,
} from '../src/data/text/index.js';
import { writeFolderAtomically } from '../src/files/files.js';
import { type BackboneInfo, float32Array, halfOf, type NamedArray, packBackbone } from '../src/format/index.js';
import { full } from '../src/model/adapter/index.js';
import { type BlipConfig, blipBase } from '../src/model/blip/index.js';
import { createModel, declarationsOf } from '../src/model/index.js';
import { randomWeights } from './random-weights.js';

export type Stored = 'F32' | 'F16' | 'BF16';

export interface BaseOptions {
  /** Depth of the towers; 12 is the published size. */
  readonly layers: number;
  /** Whether the tower that writes answers is there too, 138 M parameters more. */
  readonly decoder: boolean;
}

const words = Array.from({ length: blipBase.text.vocabulary - specialTokens.length - 2 }, (_, i) => `word${i}`);
const vocabulary = [...specialTokens, ...words];

/** Reads `word0`, `word1` and so on. */
export const baseTokenizer = (): Tokenizer => createTokenizer(bertTokenizerJson(vocabulary), bertTokenIds(vocabulary));

/** Writes the retrieval model, 224 M parameters: 895 MB, or half of it; with a decoder 1.4 GB. */
export async function writeBaseBackbone(
  folder: string,
  dtype: Stored,
  { layers, decoder }: BaseOptions,
): Promise<void> {
  const config = baseOf(layers);
  const { encodeToken: _, decoder: __, ...sizes } = config;
  const info: BackboneInfo = {
    ...{ format: 1, name: 'base-random', ...sizes, tokens: bertTokenIds(vocabulary), maxTokens: 35 },
    preprocess: { mean: [...CLIP_MEAN], std: [...CLIP_STD], resize: 'bicubic' },
    ...(decoder && { decoder: { tied: true } }),
  };
  const tasks = decoder ? (['retrieval', 'answering'] as const) : (['retrieval'] as const);
  const all = tasks.flatMap((task) => declarationsOf(createModel(config, full()), { task, frames: null }));
  const declarations = [...new Map(all.map((declaration) => [declaration.path, declaration])).values()];
  const weights = randomWeights(declarations);
  const arrays = new Map(
    declarations.map(({ path, shape }) => [path, stored(dtype, shape, weights[path] as Float32Array)]),
  );
  const tokenizer = bertTokenizerJson(vocabulary);
  await writeFolderAtomically(resolve(folder), packBackbone({ info, arrays, tokenizer }));
}

const baseOf = (layers: number): BlipConfig => ({
  ...blipBase,
  vision: { ...blipBase.vision, layers },
  text: { ...blipBase.text, layers },
});

function stored(dtype: Stored, shape: Shape, data: Float32Array): NamedArray {
  if (dtype === 'F32') return float32Array(shape, data);
  const bits = dtype === 'F16' ? halfOf(data) : new Uint16Array(data.buffer).filter((_, i) => i % 2 === 1);
  return { dtype, shape, bytes: new Uint8Array(bits.buffer) };
}

const [, script, folder, dtype = 'F32', layers = '12', decoder] = process.argv;
if (script === import.meta.filename && folder)
  await writeBaseBackbone(folder, dtype as Stored, { layers: Number(layers), decoder: decoder === 'decoder' });
