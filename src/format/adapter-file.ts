// The adapter folder of docs/formats.md: the trained tensors, what they belong to, and a card for people.
// It is a map from file names to bytes here; putting it on a disk or a network is somebody else's work.

import { fail } from '../error/index.js';
import { adapterCard } from './adapter-card.js';
import { type AdapterInfo, adapterSchema } from './adapter-info.js';
import { packAnswers, unpackAnswers } from './answers.js';
import { float32Of, type NamedArrays } from './array.js';
import { crc32 } from './checksum.js';
import { fileOf, readDescription, writeDescription } from './description.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

export interface AdapterFile {
  readonly info: AdapterInfo;
  /** Trained tensors under the official release's names. */
  readonly arrays: NamedArrays;
  /** What questions are answered with, for adapters that answer. */
  readonly answers?: readonly string[];
}

/**
 * The files of an adapter folder.
 * @param file its tensors are those of the adapter and head roles only
 * @returns file name → bytes, for `adapter.safetensors`, `adapter.json`, `README.md` and, if there are any, `answers.json`
 * @throws `format` when the description has a missing, unknown or malformed key
 */
export function packAdapter({ info, arrays, answers }: AdapterFile): Map<string, Uint8Array> {
  const tensors = writeSafetensors(arrays, { format: 'pt' });
  const description = { ...info, crc32: checksumOf(tensors) };
  return new Map([
    ['adapter.safetensors', tensors],
    ['adapter.json', writeDescription(adapterSchema, description, 'adapter.json')],
    ['README.md', new TextEncoder().encode(adapterCard(info, tensors.length))],
    ...packAnswers(answers),
  ]);
}

/**
 * Reads the files of an adapter folder; the card is not needed.
 * @param where the folder's name, for errors
 * @throws `format` when a file is missing, malformed or damaged, or a tensor holds what is no number
 */
export function unpackAdapter(files: ReadonlyMap<string, Uint8Array>, where: string): AdapterFile {
  const description = fileOf(files, 'adapter.json', where);
  refuseLong(description, `${where}/adapter.json`);
  const read = readDescription(adapterSchema, description, `${where}/adapter.json`);
  const { crc32: written, ...info } = read;
  const tensors = fileOf(files, 'adapter.safetensors', where);
  const { arrays } = readSafetensors(tensors, `${where}/adapter.safetensors`);
  if (written !== undefined) refuseDamaged(tensors, written, `${where}/adapter.safetensors`);
  refuseNonFinite(arrays, `${where}/adapter.safetensors`);
  return { info, arrays, ...unpackAnswers(files, where) };
}

const checksumOf = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0');

function refuseDamaged(bytes: Uint8Array, expected: string, where: string): void {
  const got = checksumOf(bytes);
  if (got === expected) return;
  fail('format', {
    where,
    what: 'is damaged, or of another adapter: it is not what was written',
    got: `checksum ${got}`,
    expected: `${expected}, as adapter.json says`,
    fix: 'copy or download the adapter folder again',
  });
}

/** One number that is none makes every answer none. */
function refuseNonFinite(arrays: NamedArrays, where: string): void {
  for (const [name, array] of arrays) {
    const numbers = float32Of(array);
    const at = numbers.findIndex((number) => !Number.isFinite(number));
    if (at >= 0)
      fail('format', {
        where: `${where}, tensor ${name}`,
        what: 'holds what is no number',
        got: `${numbers[at]} at place ${at} of ${numbers.length}`,
        expected: 'finite numbers',
        fix: 'train it again with a smaller learning rate, or take an earlier checkpoint',
      });
  }
}

/** Bytes of adapter.json: what is written has some thousand. All of it is walked through, and shown to whoever asks. */
const LONGEST = 2 ** 18;

function refuseLong({ length }: Uint8Array, where: string): void {
  if (length > LONGEST)
    fail('format', { where, what: 'is too long', got: `${length} bytes`, expected: `at most ${LONGEST}` });
}

/**
 * Refuses an adapter that was trained on another backbone: the same names and shapes would load and give nonsense.
 * @param backbone the one to be adapted; SHA-256 of its weights file in hex
 * @throws `parameter` naming both
 */
export function checkBackbone(
  info: AdapterInfo,
  backbone: { readonly name: string; readonly sha256: string },
  where: string,
): void {
  if (info.backbone.sha256 === backbone.sha256) return;
  fail('parameter', {
    where,
    what: 'this adapter belongs to another backbone',
    got: `${backbone.name} (${backbone.sha256.slice(0, 12)}…)`,
    expected: `${info.backbone.name} (${info.backbone.sha256.slice(0, 12)}…)`,
    fix: `use it with ${info.backbone.name}, or train an adapter for this backbone`,
  });
}
