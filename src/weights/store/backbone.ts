// Backbones on disk: the ones that ship with the package by name, folders of ours, and checkpoints of others.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createTokenizer, type Tokenizer } from '../../data/text/index.js';
import { fail } from '../../error/index.js';
import { readSome } from '../../files/files.js';
import { type BackboneFile, float32Array, float32Of, type NamedArrays, unpackDescription } from '../../format/index.js';
import { type BlipConfig, resizePositions } from '../../model/blip/index.js';
import { configOf } from '../../model/index.js';
import { openCheckpoint } from '../checkpoint/checkpoint.js';
import type { CheckpointFiles } from '../checkpoint/files.js';
import { digestOf, digestOfAll } from '../tensors/digest.js';
import { openSafetensors } from '../tensors/tensors.js';
import { locate } from './locate.js';

/** A backbone folder as it is. */
export interface BackboneFolder extends BackboneFile {
  readonly folder: string;
  /** Of the weights file, hex. */
  readonly sha256: string;
  /** Of the weights file. */
  readonly bytes: number;
}

export { configOf } from '../../model/index.js';

export interface Backbone extends Omit<BackboneFolder, 'tokenizer'> {
  readonly config: BlipConfig;
  readonly tokenizer: Tokenizer;
}

const WEIGHTS = 'backbone.safetensors';
const FILES = ['backbone.json', 'tokenizer.json'] as const;

/** Of an image: those of 2048 pixels for a backbone whose patches are 8. Each has a position, and sees all others. */
const MOST_PATCHES = 2 ** 16;

/**
 * Opens a backbone.
 *
 * @param name  of a shipped backbone, such as `tiny`; a folder or a file; or a repository that was pulled
 * @param imageSize  pixels a side, when another than the backbone's is wanted: positions are interpolated
 * @throws file or format  when it is not there or not complete; recipe when the size does not fit it
 */
export async function openBackbone(name: string, imageSize: number | null = null): Promise<Backbone> {
  const read = await readBackbone(name);
  const { info } = read;
  const size = imageSize ?? info.vision.imageSize;
  if (size % info.vision.patch !== 0)
    fail('recipe', {
      where: 'data.imageSize',
      what: `does not fit the backbone ${info.name}`,
      got: String(size),
      expected: `a multiple of its patch, ${info.vision.patch}`,
    });
  if ((size / info.vision.patch) ** 2 > MOST_PATCHES)
    fail('recipe', {
      where: 'data.imageSize',
      what: `makes too many patches of ${info.vision.patch} pixels`,
      got: `${(size / info.vision.patch) ** 2} of ${size} pixels a side`,
      expected: `at most ${MOST_PATCHES}`,
    });
  return {
    ...read,
    config: configOf(info, size),
    arrays: seenAt(size, read),
    tokenizer: tokenizerOf(read),
  };
}

/** @throws format  when it has ids that the backbone has no embeddings for */
function tokenizerOf({ tokenizer: value, info, folder }: BackboneFolder): Tokenizer {
  const tokenizer = createTokenizer(value, info.tokens);
  if (tokenizer.vocabularySize <= info.text.vocabulary) return tokenizer;
  return fail('format', {
    where: folder,
    what: 'its tokenizer does not fit',
    got: `an id of ${tokenizer.vocabularySize - 1}`,
    expected: `ids below ${info.text.vocabulary}, the size of the vocabulary`,
  });
}

/** Finds what a backbone is made of; its weights stay in their file. @throws file or format  when it is not complete */
export async function readBackbone(name: string): Promise<BackboneFolder> {
  const found = await locate(name);
  if (found.kind === 'checkpoint') return readForeign(found.files, found.name);
  const { folder } = found;
  const file = join(folder, WEIGHTS);
  const { arrays, bytes } = await openSafetensors(file);
  const description = unpackDescription(await readSome(folder, FILES, ['answers.json']), folder);
  return { ...description, arrays, folder, sha256: await digestOf(file), bytes };
}

/** A checkpoint of others as it lies there. */
async function readForeign(files: CheckpointFiles, name: string): Promise<BackboneFolder> {
  const { info, arrays, tokenizer } = await openCheckpoint(files.path, name);
  const sizes = await Promise.all(files.weights.map(async (file) => (await stat(file)).size));
  return {
    ...{ info, arrays, tokenizer, folder: files.path, sha256: await digestOfAll(files.weights) },
    bytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** The weights with positions for another image size. */
function seenAt(size: number, { arrays, info: { vision } }: BackboneFile): NamedArrays {
  const path = 'visual_encoder.pos_embed';
  const table = arrays.get(path);
  if (!table || size === vision.imageSize) return arrays;
  const resized = resizePositions(float32Of(table), vision.width, size / vision.patch);
  return new Map(arrays).set(path, float32Array([1, resized.length / vision.width, vision.width], resized));
}
