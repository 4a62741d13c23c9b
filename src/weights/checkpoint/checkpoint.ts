// A checkpoint of others as a backbone: its tensors under our names, still in their files, with sizes, tokenizer and
// preprocessing. https://github.com/salesforce/BLIP, https://huggingface.co/docs/transformers/model_doc/blip

import { basename } from 'node:path';
import { fail } from '../../error/index.js';
import { readBytes } from '../../files/files.js';
import {
  type BackboneInfo,
  checkBackboneInfo,
  type ForeignConfig,
  float32Array,
  type NamedArray,
  type NamedArrays,
  type Pickled,
  readBlipConfig,
  readImageProcessor,
} from '../../format/index.js';
import { inferSizes, meaningOf } from '../../model/blip/index.js';
import { configOf } from '../../model/index.js';
import { arrayOf } from '../tensors/bytes.js';
import { openSafetensors } from '../tensors/tensors.js';
import { type CheckpointFiles, findCheckpoint } from './files.js';
import { checkFit, tasksOf } from './fitting.js';
import { findTorch } from './torch-file.js';
import { openVocabulary } from './vocabulary.js';

export interface Checkpoint {
  readonly files: CheckpointFiles;
  readonly info: BackboneInfo;
  /** The backbone under the original names; bytes are read at every access. */
  readonly arrays: NamedArrays;
  /** The value of a tokenizer.json. */
  readonly tokenizer: unknown;
  /** A UniAdapter that is in the file, under our names. */
  readonly adapter: NamedArrays;
  /** What a training script saved beside the weights, such as `config`. */
  readonly others: ReadonlyMap<string, Pickled>;
}

/** T, as BLIP and UniAdapter train. */
const MAX_TOKENS = 35;

/**
 * Opens a checkpoint: a Hugging Face folder, a file of weights, or the index of several.
 *
 * @param name  what people will see; default the folder's or file's
 * @throws file, format or parameter  when it is not there, not sound, or not a whole BLIP
 */
export async function openCheckpoint(path: string, name?: string): Promise<Checkpoint> {
  const files =
    (await findCheckpoint(path)) ??
    fail('file', {
      where: path,
      what: 'holds no checkpoint',
      expected: 'a Hugging Face folder, or a .safetensors, .bin or .pth file',
    });
  const { named, others } = await rawTensors(files);
  const { backbone, adapter } = translated(named, files.path);
  const { temperature, bos, ...sizes } = await sizesOf(files, backbone);
  const tied = dropTied(backbone);
  const arrays = new Map(backbone);
  if (arrays.has('itm_head.weight') && !arrays.has('temp'))
    arrays.set('temp', float32Array([], Float32Array.of(temperature)));
  const { tokenizer, tokens } = await openVocabulary(files, bos);
  const info = checkBackboneInfo(
    {
      ...{ format: 1, name: name ?? basename(files.path), ...sizes, preprocess: await preprocessOf(files), tokens },
      maxTokens: Math.min(MAX_TOKENS, sizes.text.positions),
      ...(tasksOf(arrays.keys()).includes('captioning') && { decoder: { tied } }),
    },
    files.path,
  );
  checkFit(arrays, configOf(info), files.path);
  return { files, info, arrays, tokenizer, adapter, others };
}

/** The tensors under the file's names. @throws format  when two files have one */
async function rawTensors({ kind, weights }: CheckpointFiles) {
  const named = new Map<string, NamedArray>();
  const others = new Map<string, Pickled>();
  for (const file of weights) {
    const found = kind === 'torch' ? await findTorch(file) : null;
    const arrays = found
      ? [...found.tensors].map(([name, tensor]) => [name, arrayOf(tensor)] as const)
      : (await openSafetensors(file)).arrays;
    for (const [name, array] of arrays) {
      if (named.has(name)) fail('format', { where: file, what: `${name} is in another file of the checkpoint too` });
      named.set(name, array);
    }
    for (const [key, value] of found?.others ?? []) others.set(key, value);
  }
  return { named, others };
}

/** @throws parameter  when two different tensors mean the same, as aliases of a release's checkpoint must not */
function translated(named: NamedArrays, where: string) {
  const parts = { backbone: new Map<string, NamedArray>(), adapter: new Map<string, NamedArray>() };
  for (const [name, array] of named) {
    const meaning = meaningOf(name);
    if (meaning.of === 'nothing') continue;
    const part = parts[meaning.of];
    const before = part.get(meaning.path);
    if (before && !isSame(before, array))
      fail('parameter', { where, what: `has two different tensors for ${meaning.path}`, got: `one under ${name}` });
    part.set(meaning.path, before ?? array);
  }
  return parts;
}

/** An LM head that projects with the word embeddings has no matrix of its own. @returns whether it does */
function dropTied(arrays: Map<string, NamedArray>): boolean {
  const [head, words] = [arrays.get(LM_HEAD), arrays.get('text_decoder.bert.embeddings.word_embeddings.weight')];
  const isTied = !head || (words !== undefined && isSame(head, words));
  if (isTied) arrays.delete(LM_HEAD);
  return isTied;
}

const LM_HEAD = 'text_decoder.cls.predictions.decoder.weight';

/** By their place in the file, else by their numbers. */
function isSame(a: NamedArray, b: NamedArray): boolean {
  if (a.dtype !== b.dtype || a.shape.join() !== b.shape.join()) return false;
  if (a.place && a.place.file === b.place?.file && a.place.start === b.place.start) return true;
  return Buffer.compare(a.bytes, b.bytes) === 0;
}

/** What config.json says, or the shapes. */
async function sizesOf({ sides, path }: CheckpointFiles, arrays: NamedArrays): Promise<ForeignConfig> {
  const file = sides.get('config.json');
  if (file) return readBlipConfig(await readBytes(file), file);
  const sizes = inferSizes(new Map([...arrays].map(([name, { shape }]) => [name, shape])), path);
  return { ...sizes, bos: sizes.text.vocabulary - 2, temperature: 0.07 };
}

async function preprocessOf({ sides, path }: CheckpointFiles): Promise<BackboneInfo['preprocess']> {
  const file = sides.get('preprocessor_config.json') ?? sides.get('processor_config.json');
  return readImageProcessor(file ? await readBytes(file) : null, file ?? path);
}
