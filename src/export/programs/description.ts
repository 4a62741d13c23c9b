// export.json: what the programs of an export are fed with, and what belongs to them.

import type { Signature } from '../../compiler/onnx/index.js';
import type { StateSizes } from '../../train/loop/index.js';
import { version } from '../../weights/store/adapter-folder.js';
import type { ExportedProgram } from './programs.js';
import type { OpenedSource } from './source.js';
import { WEIGHTS } from './weights.js';

export interface LoweredProgram extends Pick<ExportedProgram, 'name' | 'title'> {
  readonly bytes: Uint8Array;
  readonly inputs: ReadonlyMap<string, Signature>;
  readonly outputs: ReadonlyMap<string, Signature>;
}

/** export.json; docs/formats.md says what the keys mean. */
export type ExportDescription = ReturnType<typeof describe>;

export function describe(
  { recipe, backbone, batch, frames, testFrames, preprocess, codec, used, trained }: OpenedSource,
  { lowered, state }: { readonly lowered: readonly LoweredProgram[]; readonly state: StateSizes },
) {
  const { size, mean, std } = preprocess;
  return {
    format: 1,
    packageVersion: version,
    task: recipe.task,
    backbone: { name: backbone.info.name, sha256: backbone.sha256 },
    method: { used: used.method.name, trained: trained.method.name },
    weights: WEIGHTS,
    batch: { use: batch, training: recipe.train.batch },
    frames: { use: testFrames, training: frames },
    image: { size, mean, std },
    text: { maxTokens: codec.maxTokens, tokens: codec.tokens },
    training: {
      parameters: state.trainable.map(({ path }) => path),
      averaged: [...state.twins],
      queue: state.queue,
      optimiser: recipe.optimiser,
    },
    programs: lowered.map(({ name, inputs, outputs }) => ({
      file: `${name}.onnx`,
      inputs: signatures(inputs),
      outputs: signatures(outputs, 'out:'),
    })),
  };
}

const signatures = (named: ReadonlyMap<string, Signature>, prefix = '') =>
  Object.fromEntries([...named].map(([name, { dtype, shape }]) => [prefix + name, { dtype, shape }]));
