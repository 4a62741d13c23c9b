// Our adapter folders ↔ the state dict of UniAdapter's PyTorch release, which holds backbone and adapter together.

import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fail } from '../../error/index.js';
import { writeAtomically } from '../../files/files.js';
import { elementCount, type NamedArray, type NamedArrays, writeStateDict } from '../../format/index.js';
import { saves, trains } from '../../model/adapter/index.js';
import { releaseAliases } from '../../model/blip/index.js';
import { assemble, createModel, declarationsOf, methodOf } from '../../model/index.js';
import { createOrtBackend } from '../../node/ort.js';
import { trainedFrames } from '../../predict/programs/load.js';
import type { Recipe } from '../../recipe/index.js';
import { writeAdapter } from '../../train/run/adapter-writer.js';
import { openCheckpoint } from '../../weights/checkpoint/checkpoint.js';
import { methodFor, openAdapter } from '../../weights/store/adapter-folder.js';
import { openBackbone } from '../../weights/store/backbone.js';
import { noteOf, readNote, releaseRecipe } from './release-recipe.js';

/**
 * Writes an adapter with its backbone as a checkpoint that the release's `load_checkpoint` takes.
 *
 * @param backbone  default: the one the adapter names
 * @throws parameter  when it was trained on another backbone; recipe when the release has no place for its method
 */
export async function exportRelease(adapterFolder: string, file: string, backbone?: string): Promise<void> {
  const adapter = await openAdapter(adapterFolder);
  const { recipe } = adapter;
  refuseUnknown(recipe, adapterFolder);
  const { arrays, ...opened } = await openBackbone(backbone ?? recipe.backbone, recipe.data.imageSize);
  methodFor(adapter, { arrays, ...opened }, 'training');
  const state = new Map<string, NamedArray>([...arrays, ...releaseTensors(arrays, adapter.arrays)]);
  const notes = noteOf(adapter, opened.info);
  await writeAtomically(file, Readable.from(writeStateDict(state, notes)));
}

/** @throws recipe  when the release has no tensors of these names */
function refuseUnknown({ method }: Recipe, where: string): void {
  const problem =
    method.name !== 'uniadapter'
      ? { got: method.name, expected: 'uniadapter' }
      : method.sharing !== 'partial'
        ? { got: `method.sharing ${method.sharing}`, expected: 'partial' }
        : method.temporal && { got: 'method.temporal true', expected: 'false' };
  if (problem) fail('recipe', { where, what: 'the release knows no such method', ...problem });
}

/** The adapter's tensors at all their places, and what the release's loader looks up besides. */
function* releaseTensors(arrays: NamedArrays, adapter: NamedArrays): Generator<[string, NamedArray]> {
  const decoder = arrays.has('text_decoder.cls.predictions.bias');
  for (const [path, array] of adapter) for (const alias of releaseAliases(path, decoder)) yield [alias, array];
  const positions = arrays.get('visual_encoder.pos_embed');
  if (positions) yield ['visual_encoder_m.pos_embed', positions];
  const words = arrays.get('text_decoder.bert.embeddings.word_embeddings.weight');
  const head = 'text_decoder.cls.predictions.decoder.weight';
  if (words && !arrays.has(head)) yield [head, words];
}

/**
 * Writes the adapter in a release's checkpoint as an adapter folder for the backbone in the same file, which has to be
 * pulled before. Images and videos, retrieval and answering; captioning too if {@link exportRelease} wrote the file.
 *
 * @throws format  when the file holds no adapter; recipe when it has parts that are not the paper's
 */
export async function importRelease(file: string, folder: string): Promise<void> {
  const path = resolve(file);
  const checkpoint = await openCheckpoint(path);
  const { recipe, answers } = readNote(checkpoint, path) ?? { recipe: releaseRecipe(checkpoint, path), answers: [] };
  const backbone = await openBackbone(path);
  const method = methodOf(recipe, 'training');
  const purpose = { task: recipe.task, frames: trainedFrames(recipe) };
  const model = createModel(backbone.config, method);
  const declarations = declarationsOf(model, purpose);
  const saved = declarations.filter((declaration) => saves(method, declaration)).map(({ path }) => path);
  const all = new Map([...checkpoint.arrays, ...checkpoint.adapter]);
  const arrays = new Map([...all].filter(([path]) => saved.includes(path) || checkpoint.adapter.has(path)));
  const numbers = assemble(model, declarations, backbone.arrays, { adapter: arrays, seed: 0, where: path });
  await writeAdapter(folder, {
    ...{ model: { ...model, backend: createOrtBackend(), ...numbers }, purpose, backbone, recipe },
    ...{ scores: null, answers, created: new Date() },
    trainable: declarations
      .filter((declaration) => trains(method, declaration))
      .reduce((n, { shape }) => n + elementCount(shape), 0),
  });
}
