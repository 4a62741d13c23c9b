// Checkpoints of a run on disk, as docs/formats.md says: one folder, replaced as a whole.

import { join } from 'node:path';
import { z } from 'zod';
import { fail } from '../../error/index.js';
import { found, readBytes, readText, recoverFolder, type Write, writeFolderAtomically } from '../../files/files.js';
import { readDescription, readSafetensors, writeSafetensors } from '../../format/index.js';
import { shown } from '../../json/index.js';
import { CHECKSUMS, checksumsOf, refuseDamaged } from '../../weights/tensors/checksums.js';
import {
  restoreState,
  type StateInfo,
  type StateSizes,
  stateArrays,
  stateInfo,
  type TrainState,
} from '../loop/index.js';

const infoSchema = z.strictObject({
  format: z.literal(1),
  step: z.int().nonnegative(),
  queueAt: z.int().nonnegative(),
  best: z
    .strictObject({
      epoch: z.int().nonnegative(),
      score: z.number(),
      stages: z
        .strictObject({ firstStage: z.number(), reranked: z.number(), items: z.int().positive() })
        .exactOptional(),
    })
    .nullable(),
  backbone: z.string(),
  data: z.string().exactOptional(),
  recipe: z.json(),
  piece: z.int().positive().nullable().exactOptional(),
});

/** Keys of a recipe that cannot change a run's numbers, or only their rounding; the backbone is compared by its hash. */
const FREE_KEYS: readonly string[] = ['backbone', 'data.cache', 'train.checkpointEvery', 'train.memory'];

/** What a checkpoint says beside its tensors. */
export interface CheckpointInfo extends StateInfo {
  /** The recipe it was made with. */
  readonly recipe: unknown;
  /** Samples that were computed at once, null for the whole batch; absent in checkpoints of before 0.2. */
  readonly piece?: number | null;
}

/** What a checkpoint belongs to; resuming with anything else is refused. */
export interface Origin {
  /** SHA-256 of the backbone's weights. */
  readonly backbone: string;
  /** The resolved recipe. */
  readonly recipe: unknown;
  /** SHA-256 of the items of all splits; absent where data is drawn while training. */
  readonly data?: string;
}

/**
 * Writes a state to the folder `path`, atomically, replacing an earlier checkpoint.
 *
 * @throws file  when there is no room or no permission; the earlier checkpoint is then untouched
 */
export async function saveCheckpoint(
  path: string,
  { state, sizes, piece }: { readonly state: TrainState; readonly sizes: StateSizes; readonly piece?: number | null },
  origin: Origin,
  write?: Write,
): Promise<void> {
  const info = { format: 1, ...stateInfo(state), ...origin, ...(piece !== undefined && { piece }) };
  const files = new Map<string, Uint8Array | string>([
    ['state.safetensors', writeSafetensors(stateArrays(state, sizes))],
    ['checkpoint.json', `${JSON.stringify(info, null, 2)}\n`],
  ]);
  await writeFolderAtomically(path, files.set(CHECKSUMS, await checksumsOf(files)), write);
}

/**
 * Reads the checkpoint in the folder `path`.
 *
 * @returns null when there is none
 * @throws as {@link checkCheckpoint}; parameter or format when the tensors do not fit or are not complete
 */
export async function loadCheckpoint(path: string, sizes: StateSizes, origin: Origin): Promise<TrainState | null> {
  const info = await checkCheckpoint(path, origin);
  if (!info) return null;
  const tensors = join(path, 'state.safetensors');
  const bytes = await readBytes(tensors);
  const { arrays } = readSafetensors(bytes, tensors);
  await refuseDamage(path, 'state.safetensors', bytes);
  return restoreState(sizes, arrays, info, tensors);
}

/**
 * Whether the run of `origin` can go on from the folder `path`, as far as can be told before anything is compiled.
 *
 * @returns null when there is no checkpoint
 * @throws recipe  when it was made with another recipe, backbone or dataset; format when it is broken
 */
export async function checkCheckpoint(path: string, origin: Origin): Promise<CheckpointInfo | null> {
  await recoverFolder(path);
  if (!(await found(path))) return null;
  const file = join(path, 'checkpoint.json');
  const bytes = await readBytes(file);
  const { recipe, backbone, data, format: _, ...info } = readDescription(infoSchema, bytes, file);
  await refuseDamage(path, 'checkpoint.json', bytes);
  refuseOther(file, { backbone, recipe, ...(data && { data }) }, origin);
  return { ...info, recipe };
}

/** Checkpoints of earlier versions have no checksums. @throws format  when a bit of it is another than was written */
async function refuseDamage(path: string, name: string, bytes: Uint8Array): Promise<void> {
  const checksums = join(path, CHECKSUMS);
  if (await found(checksums)) await refuseDamaged(await readText(checksums), name, bytes, join(path, name));
}

function refuseOther(where: string, found: Origin, wanted: Origin): void {
  const differs = differences(found.recipe, JSON.parse(JSON.stringify(wanted.recipe)), '');
  if (found.backbone !== wanted.backbone) differs.push('the backbone is another one');
  if (found.data !== undefined && found.data !== wanted.data) differs.push('images or captions have changed');
  if (differs.length > 0)
    fail('recipe', {
      where,
      what: 'this run was started differently',
      got: differs.slice(0, 8).join('; '),
      fix: 'resume with what it was started with, or start a new run in another folder',
    });
}

/** Keys whose values differ, with both values. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (FREE_KEYS.includes(path)) return [];
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? [] : [`${path} was ${shown(a)} and is ${shown(b)}`];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const isOther = left.name !== right.name; // another method has other options
  const keys = isOther ? ['name'] : [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const own = (of: Record<string, unknown>, key: string) => (Object.hasOwn(of, key) ? of[key] : undefined);
  return keys.flatMap((key) => differences(own(left, key), own(right, key), path === '' ? key : `${path}.${key}`));
}
