// Which files a checkpoint is made of: weights in one of several layouts, and what lies beside them.

import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { fail, listed } from '../../error/index.js';
import { found, namesIn, readBytes } from '../../files/files.js';
import { readDescription } from '../../format/index.js';

export interface CheckpointFiles {
  /** The file or folder that was named, absolute. */
  readonly path: string;
  readonly kind: 'safetensors' | 'torch';
  /** Absolute paths, one or, of a sharded checkpoint, several. */
  readonly weights: readonly string[];
  /** The files beside them that were looked for and are there: name → absolute path. */
  readonly sides: ReadonlyMap<SideName, string>;
}

const SIDES = [
  'config.json',
  'preprocessor_config.json',
  'processor_config.json',
  'tokenizer.json',
  'vocab.txt',
] as const;
export type SideName = (typeof SIDES)[number];

/** The layouts of a repository, the better one first: what is mapped in place before what has to be converted. */
export const WEIGHTS = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
] as const;

const TORCH = /\.(pth|pt|bin|ckpt)$/;
const SAFETENSORS = /\.safetensors$/;
const INDEX = /\.(safetensors|bin)\.index\.json$/;

/** The files of a checkpoint by the name of a folder or of a file of weights; null when there are none. */
export async function findCheckpoint(path: string): Promise<CheckpointFiles | null> {
  const info = await found(path);
  const folder = info?.isDirectory() ? resolve(path) : dirname(resolve(path));
  const present = await namesIn(folder);
  const file = info?.isDirectory() ? weightsAmong(present) : basename(path);
  if (!info || !file || !(TORCH.test(file) || SAFETENSORS.test(file) || INDEX.test(file))) return null;
  const sides = SIDES.filter((name) => present.includes(name)).map((name) => [name, join(folder, name)] as const);
  return {
    path: resolve(path),
    kind: /safetensors/.test(file) ? 'safetensors' : 'torch',
    weights: INDEX.test(file) ? await shardsOf(join(folder, file), present) : [join(folder, file)],
    sides: new Map(sides),
  };
}

/** By its usual name, else the only file of weights that there is. */
function weightsAmong(names: readonly string[]): string | undefined {
  const usual = WEIGHTS.find((name) => names.includes(name));
  const isOurs = (name: string) => /^(backbone|adapter)\.safetensors$/.test(name);
  const others = names.filter((name) => !isOurs(name) && (TORCH.test(name) || SAFETENSORS.test(name)));
  return usual ?? (others.length === 1 ? others[0] : undefined);
}

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/)) });

/** The files that an index names. @throws format  when it is malformed  @throws file  naming all shards that are missing */
async function shardsOf(index: string, present: readonly string[]): Promise<string[]> {
  const names = shardNames(await readBytes(index), index);
  const there = new Set(present);
  const missing = names.filter((name) => !there.has(name));
  if (missing.length > 0)
    fail('file', { where: index, what: 'files of the checkpoint are missing', got: `no ${listed(missing)}` });
  return names.map((name) => join(dirname(index), name));
}

/** The files that an index names, sorted. @throws format  when it is malformed */
export const shardNames = (index: Uint8Array, where: string): string[] =>
  [...new Set(Object.values(readDescription(indexSchema, index, where).weight_map))].sort();
