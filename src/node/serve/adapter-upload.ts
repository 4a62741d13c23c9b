// An adapter that somebody sends: looked at as a whole before it has a name here.

import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, UniAdapterError } from '../../error/index.js';
import { ADAPTER_FILES, unpackAdapter } from '../../format/index.js';
import { parseRecipe } from '../../recipe/index.js';
import { makeFolder, writeFolderAtomically } from '../files.js';
import { loadTrained } from '../run/load.js';
import { MAX_FRAMES, MAX_IMAGE_SIZE } from './limits.js';
import type { StateFolder } from './state.js';

/**
 * Puts an adapter into the folder of uploaded ones.
 *
 * @param files  of an adapter folder by name
 * @param backbone  the server's
 * @throws format, recipe or parameter  when it is no adapter, asks for too much, or does not fit the backbone
 */
export async function takeAdapter(
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
  { backbone, state }: { readonly backbone: string; readonly state: StateFolder },
): Promise<void> {
  const superfluous = [...files.keys()].filter((file) => !Object.hasOwn(ADAPTER_FILES, file));
  if (superfluous.length > 0)
    fail('format', {
      where: `adapter ${name}`,
      what: 'has files that belong to no adapter',
      got: superfluous.slice(0, 5).join(', '),
      expected: Object.keys(ADAPTER_FILES).join(', '),
    });
  const { info } = unpackAdapter(files, name);
  refuseHuge(name, info.recipe);
  await Promise.all([makeFolder(state.temporary), makeFolder(state.adapters)]);
  const temporary = join(state.temporary, `adapter-${randomUUID()}`);
  try {
    await writeFolderAtomically(temporary, files);
    await loadTrained({ adapter: temporary, task: info.task, backbone }).catch((error) =>
      failNaming(error, temporary, name),
    );
    await rename(temporary, join(state.adapters, name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Sizes of the recipe decide how much memory every use takes. */
function refuseHuge(name: string, given: unknown): void {
  const { data } = parseRecipe(given, `${name}/adapter.json`);
  const frames = Math.max(data.frames === 'auto' ? 0 : (data.frames ?? 0), data.testFrames ?? 0);
  const isHuge = (data.imageSize ?? 0) > MAX_IMAGE_SIZE || frames > MAX_FRAMES;
  if (isHuge)
    fail('recipe', {
      where: `adapter ${name}`,
      what: 'looks at more than this server allows',
      got: `pictures of ${data.imageSize ?? 'the backbone’s'} pixels, ${frames} frames`,
      expected: `at most ${MAX_IMAGE_SIZE} pixels and ${MAX_FRAMES} frames`,
    });
}

/** Errors name the adapter instead of the folder it was looked at in. */
function failNaming(error: unknown, folder: string, name: string): never {
  if (!(error instanceof UniAdapterError)) throw error;
  fail(error.code, { ...error.problem, where: error.problem.where.replace(folder, name) });
}
