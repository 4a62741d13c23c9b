// Programs as files that any ONNX Runtime can run: one model each, one file of weights for all of them, and what to know.

import { resolve } from 'node:path';
import { lower } from '../../compiler/onnx/index.js';
import { trace } from '../../compiler/tensor/index.js';
import { type Content, type Stream, writeFolderAtomically } from '../../files/files.js';
import { readBackbone } from '../../weights/store/backbone.js';
import { describe, type LoweredProgram } from './description.js';
import type { Exported, ExportOptions } from './options.js';
import { type ExportedProgram, programsOf } from './programs.js';
import { exportReadme } from './readme.js';
import { openSource } from './source.js';
import { type SharedWeights, sharedWeights, WEIGHTS } from './weights.js';

/**
 * Writes the programs of an adapter, or of a backbone, into a folder: of use and of training.
 *
 * @param folder  new, or one of the same export; see docs/formats.md
 * @throws parameter, recipe, file  as loading does, before anything is written
 */
export async function exportPrograms(from: ExportOptions, folder: string): Promise<Exported> {
  const source = await openSource(from);
  const { programs, state } = programsOf(source);
  const weights = sharedWeights(source.declarations, source.trained);
  const lowered = programs.map((program) => lowerProgram(program, weights));
  const { tokenizer } = await readBackbone(source.recipe.backbone);
  const description = describe(source, { lowered, state });
  const files = new Map<string, Content | Stream>([
    ...lowered.map(({ name, bytes }) => [`${name}.onnx`, bytes] as const),
    [WEIGHTS, weights.content],
    ['export.json', `${JSON.stringify(description, null, 2)}\n`],
    ['tokenizer.json', `${JSON.stringify(tokenizer)}\n`],
    ...(source.answers.length > 0 ? [['answers.json', `${JSON.stringify(source.answers)}\n`] as const] : []),
    ['README.md', exportReadme(description, lowered, weights.bytes)],
  ]);
  await writeFolderAtomically(resolve(folder), files);
  return { folder, files: [...files.keys()], weightsBytes: weights.bytes };
}

function lowerProgram({ name, title, build, fed }: ExportedProgram, { locations }: SharedWeights): LoweredProgram {
  const frozen = new Map([...locations].filter(([path]) => !fed.has(path)));
  const { bytes, inputs, outputs } = trace(() => lower(build(), { target: 'cpu', frozen }));
  return { name, title, bytes, inputs, outputs };
}
