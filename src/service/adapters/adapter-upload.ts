// An adapter that somebody sends: looked at as a whole before it has a name here.

import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, UniAdapterError } from '../../error/index.js';
import { makeFolder, writeFolderAtomically } from '../../files/files.js';
import { ADAPTER_FILES } from '../../format/index.js';
import type { StateFolder } from '../files/state.js';
import type { AdapterThread } from './adapter-checks.js';

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
  { backbone, state, aside }: { readonly backbone: string; readonly state: StateFolder; readonly aside: AdapterThread },
): Promise<void> {
  const superfluous = [...files.keys()].filter((file) => !Object.hasOwn(ADAPTER_FILES, file));
  if (superfluous.length > 0)
    fail('format', {
      where: `adapter ${name}`,
      what: 'has files that belong to no adapter',
      got: superfluous.slice(0, 5).join(', '),
      expected: Object.keys(ADAPTER_FILES).join(', '),
    });
  const missing = Object.entries(ADAPTER_FILES).filter(([file, isNeeded]) => isNeeded && !files.has(file));
  if (missing.length > 0)
    fail('format', { where: `adapter ${name}`, what: `has no ${missing.map(([file]) => file).join(' and no ')}` });
  await Promise.all([makeFolder(state.temporary), makeFolder(state.adapters)]);
  const temporary = join(state.temporary, `adapter-${randomUUID()}`);
  try {
    await writeFolderAtomically(temporary, files);
    await aside.ask('adapter', { folder: temporary, backbone }).catch((error) => failNaming(error, temporary, name));
    await rename(temporary, join(state.adapters, name));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Errors name the adapter instead of the folder it was looked at in. */
function failNaming(error: unknown, folder: string, name: string): never {
  if (!(error instanceof UniAdapterError)) throw error;
  fail(error.code, { ...error.problem, where: error.problem.where.replace(folder, `adapter ${name}`) });
}
