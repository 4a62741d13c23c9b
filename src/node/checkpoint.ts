// Checkpoints of a run on disk, as docs/formats.md says: one folder, replaced as a whole.

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fail } from '../error/index.js';
import { readSafetensors, writeSafetensors } from '../format/index.js';
import { restoreState, type StateSizes, stateArrays, stateInfo, type TrainState } from '../train/index.js';
import { readBytes, writeFolderAtomically } from './files.js';

const infoSchema = z.strictObject({
  format: z.literal(1),
  step: z.int().nonnegative(),
  queueAt: z.int().nonnegative(),
  best: z.strictObject({ epoch: z.int().nonnegative(), score: z.number() }).nullable(),
  backbone: z.string(),
  recipe: z.json(),
});

/** What a checkpoint belongs to; resuming with anything else is refused. */
export interface Origin {
  /** SHA-256 of the backbone's weights. */
  readonly backbone: string;
  /** The resolved recipe. */
  readonly recipe: unknown;
}

/** Writes `state` to the folder `path`, atomically, replacing an earlier checkpoint. */
export async function saveCheckpoint(
  path: string,
  state: TrainState,
  sizes: StateSizes,
  origin: Origin,
): Promise<void> {
  const info = { format: 1, ...stateInfo(state), ...origin };
  await writeFolderAtomically(
    path,
    new Map<string, Uint8Array | string>([
      ['state.safetensors', writeSafetensors(stateArrays(state, sizes))],
      ['checkpoint.json', `${JSON.stringify(info, null, 2)}\n`],
    ]),
  );
}

/**
 * Reads the checkpoint in the folder `path`.
 *
 * @returns null when there is none
 * @throws recipe  when it was made with another recipe or backbone; parameter or format when it does not fit
 */
export async function loadCheckpoint(path: string, sizes: StateSizes, origin: Origin): Promise<TrainState | null> {
  const file = join(path, 'checkpoint.json');
  if (!(await exists(file))) return null;
  const parsed = infoSchema.safeParse(JSON.parse(new TextDecoder().decode(await readBytes(file))));
  if (!parsed.success) fail('format', { where: file, what: `is no checkpoint: ${z.prettifyError(parsed.error)}` });
  const { recipe, backbone, ...info } = parsed.data;
  refuseOther(file, { backbone, recipe }, origin);
  const tensors = join(path, 'state.safetensors');
  return restoreState(sizes, readSafetensors(await readBytes(tensors), tensors).arrays, info, tensors);
}

function refuseOther(where: string, found: Origin, wanted: Origin): void {
  const differs = differences(found.recipe, JSON.parse(JSON.stringify(wanted.recipe)), '');
  if (found.backbone !== wanted.backbone) differs.push('the backbone');
  if (differs.length > 0)
    fail('recipe', {
      where,
      what: `the run was started with another recipe: ${differs.slice(0, 8).join('; ')}`,
      fix: 'resume with the same recipe, or start a new run in another folder',
    });
}

/** Keys whose values differ, with both values. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b ? [] : [`${path} was ${JSON.stringify(a)}, is ${JSON.stringify(b)}`];
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((key) =>
    differences(left[key], right[key], path === '' ? key : `${path}.${key}`),
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
