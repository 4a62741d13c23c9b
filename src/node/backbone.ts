// Backbones on disk: the ones that ship with the package by name, any other as a folder.

import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BlipConfig, resizePositions } from '../blip/index.js';
import { fail } from '../error/index.js';
import { type BackboneInfo, float32Of, unpackBackbone } from '../format/index.js';
import type { Weights } from '../model/index.js';
import { createTokenizer, type Tokenizer } from '../text/index.js';
import { readBytes, sha256 } from './files.js';

export interface Backbone {
  readonly folder: string;
  readonly info: BackboneInfo;
  readonly config: BlipConfig;
  /** f32 by path. */
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** Of the weights file, hex. */
  readonly sha256: string;
  /** Of the weights file. */
  readonly bytes: number;
}

/** Where the package's own backbones are, from src/node as from dist/node. */
const SHIPPED = fileURLToPath(new URL('../../models', import.meta.url));
const FILES = ['backbone.safetensors', 'backbone.json', 'tokenizer.json'] as const;

/**
 * Opens a backbone.
 *
 * @param name  of a shipped backbone, such as `tiny`, or a folder
 * @param imageSize  pixels a side, when another than the backbone's is wanted: positions are interpolated
 * @throws file or format  when it is not there or not complete
 */
export async function openBackbone(name: string, imageSize: number | null = null): Promise<Backbone> {
  const folder = await folderOf(name);
  const files = new Map<string, Uint8Array>();
  for (const file of FILES) files.set(file, await readBytes(join(folder, file)));
  const { info, arrays, tokenizer } = unpackBackbone(files, folder);
  const weights = Object.fromEntries([...arrays].map(([path, array]) => [path, float32Of(array)]));
  const size = imageSize ?? info.vision.imageSize;
  if (size % info.vision.patch !== 0)
    fail('recipe', {
      where: 'data.imageSize',
      what: `does not fit ${info.name}`,
      got: String(size),
      expected: `a multiple of its patch, ${info.vision.patch}`,
    });
  const positions = 'visual_encoder.pos_embed';
  const table = weights[positions];
  if (table) weights[positions] = resizePositions(table, info.vision.width, size / info.vision.patch);
  return {
    folder,
    info,
    config: { ...info, vision: { ...info.vision, imageSize: size }, encodeToken: info.tokens.enc },
    weights,
    tokenizer: createTokenizer(tokenizer, info.tokens),
    sha256: await sha256(files.get('backbone.safetensors') as Uint8Array),
    bytes: (files.get('backbone.safetensors') as Uint8Array).length,
  };
}

async function folderOf(name: string): Promise<string> {
  const shipped = await readdir(SHIPPED).catch(() => [] as string[]);
  if (shipped.includes(name)) return join(SHIPPED, name);
  const folder = resolve(name);
  const found = await readdir(folder).catch(() => null);
  if (found?.includes('backbone.json')) return folder;
  return fail('file', {
    where: basename(name) === name ? `backbone ${name}` : folder,
    what: found ? 'the folder holds no backbone.json' : 'there is no such backbone',
    expected: `${shipped.join(', ') || 'a shipped name'}, or a folder with ${FILES.join(', ')}`,
  });
}
