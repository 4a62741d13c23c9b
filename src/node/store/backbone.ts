// Backbones on disk: the ones that ship with the package by name, any other as a folder.

import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BlipConfig, resizePositions } from '../../blip/index.js';
import { fail } from '../../error/index.js';
import {
  type BackboneFile,
  type BackboneInfo,
  float32Array,
  float32Of,
  type NamedArrays,
  unpackDescription,
} from '../../format/index.js';
import { createTokenizer, type Tokenizer } from '../../text/index.js';
import { readSome } from '../files.js';
import { digestOf } from './digest.js';
import { openSafetensors } from './tensors.js';

/** A backbone folder as it is. */
export interface BackboneFolder extends BackboneFile {
  readonly folder: string;
  /** Of the weights file, hex. */
  readonly sha256: string;
  /** Of the weights file. */
  readonly bytes: number;
}

export interface Backbone extends Omit<BackboneFolder, 'tokenizer'> {
  readonly config: BlipConfig;
  readonly tokenizer: Tokenizer;
}

/** Where the package's own backbones are, from src/node/store as from dist/node/store. */
const SHIPPED = fileURLToPath(new URL('../../../models', import.meta.url));
const WEIGHTS = 'backbone.safetensors';
const FILES = ['backbone.json', 'tokenizer.json'] as const;

/**
 * Opens a backbone.
 *
 * @param name  of a shipped backbone, such as `tiny`, or a folder
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
  return {
    ...read,
    config: configOf(info, size),
    arrays: seenAt(size, read),
    tokenizer: createTokenizer(read.tokenizer, info.tokens),
  };
}

/** What the core needs of a description. */
export const configOf = (info: BackboneInfo, imageSize = info.vision.imageSize): BlipConfig => {
  const { vision, text, projection, tokens, decoder } = info;
  return {
    vision: { ...vision, imageSize },
    text,
    projection,
    encodeToken: tokens.enc,
    ...(decoder && { decoder: { ...decoder, startToken: tokens.bos } }),
  };
};

/** Finds what a backbone is made of; its weights stay in their file. @throws file or format  when it is not complete */
export async function readBackbone(name: string): Promise<BackboneFolder> {
  const folder = await folderOf(name);
  const file = join(folder, WEIGHTS);
  const { arrays, bytes } = await openSafetensors(file);
  const description = unpackDescription(await readSome(folder, FILES, ['answers.json']), folder);
  return { ...description, arrays, folder, sha256: await digestOf(file), bytes };
}

/** The weights with positions for another image size. */
function seenAt(size: number, { arrays, info: { vision } }: BackboneFile): NamedArrays {
  const path = 'visual_encoder.pos_embed';
  const table = arrays.get(path);
  if (!table || size === vision.imageSize) return arrays;
  const resized = resizePositions(float32Of(table), vision.width, size / vision.patch);
  return new Map(arrays).set(path, float32Array([1, resized.length / vision.width, vision.width], resized));
}

async function folderOf(name: string): Promise<string> {
  const entries = await readdir(SHIPPED, { withFileTypes: true }).catch(() => []);
  const shipped = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (shipped.includes(name)) return join(SHIPPED, name);
  const folder = resolve(name);
  const found = await readdir(folder).catch(() => null);
  if (found?.includes('backbone.json')) return folder;
  return fail('file', {
    where: basename(name) === name ? `backbone ${name}` : folder,
    what: found ? 'the folder holds no backbone.json' : 'there is no such backbone',
    expected: `${shipped.join(', ') || 'a shipped name'}, or a folder with ${[WEIGHTS, ...FILES].join(', ')}`,
    fix: 'name another one in `backbone`',
  });
}
