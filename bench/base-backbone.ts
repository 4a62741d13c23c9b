// A backbone folder of BLIP-base's real size with random weights: what no machine without a network can download.
//   npx tsx bench/base-backbone.ts FOLDER [F32 | F16 | BF16]

import { resolve } from 'node:path';
import { full } from '../src/adapter/index.js';
import { blipBase } from '../src/blip/index.js';
import { type BackboneInfo, float32Array, halfOf, type NamedArray, packBackbone } from '../src/format/index.js';
import { CLIP_MEAN, CLIP_STD } from '../src/image/index.js';
import { createModel, declarationsOf } from '../src/model/index.js';
import { writeFolderAtomically } from '../src/node/files.js';
import type { Shape } from '../src/tensor/index.js';
import { bertTokenIds, bertTokenizerJson, specialTokens } from '../src/text/index.js';
import { randomWeights } from './random-weights.js';

export type Stored = 'F32' | 'F16' | 'BF16';

/** Writes the retrieval model, 224 M parameters: 895 MB, or half of it. */
export async function writeBaseBackbone(folder: string, dtype: Stored): Promise<void> {
  const { encodeToken: _, decoder: __, ...sizes } = blipBase;
  const words = Array.from({ length: sizes.text.vocabulary - specialTokens.length - 2 }, (_, i) => `word${i}`);
  const vocabulary = [...specialTokens, ...words];
  const info: BackboneInfo = {
    ...{ format: 1, name: 'base-random', ...sizes, tokens: bertTokenIds(vocabulary), maxTokens: 35 },
    preprocess: { mean: [...CLIP_MEAN], std: [...CLIP_STD], resize: 'bicubic' },
  };
  const model = createModel(blipBase, full());
  const declarations = declarationsOf(model, { task: 'retrieval', frames: null });
  const weights = randomWeights(declarations);
  const arrays = new Map(
    declarations.map(({ path, shape }) => [path, stored(dtype, shape, weights[path] as Float32Array)]),
  );
  const tokenizer = bertTokenizerJson(vocabulary);
  await writeFolderAtomically(resolve(folder), packBackbone({ info, arrays, tokenizer }));
}

function stored(dtype: Stored, shape: Shape, data: Float32Array): NamedArray {
  if (dtype === 'F32') return float32Array(shape, data);
  const bits = dtype === 'F16' ? halfOf(data) : new Uint16Array(data.buffer).filter((_, i) => i % 2 === 1);
  return { dtype, shape, bytes: new Uint8Array(bits.buffer) };
}

const [, script, folder, dtype = 'F32'] = process.argv;
if (script === import.meta.filename && folder) await writeBaseBackbone(folder, dtype as Stored);
