// Where adapters come from: those that ship, folders that were named, uploads and trainings; one name each.

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, listed } from '../../error/index.js';
import { found, refuse } from '../../files/files.js';
import { type Adapter, NO_ADAPTER } from '../../server/index.js';
import { runFolder } from '../../weights/store/run-folder.js';
import { nameFor } from '../files/names.js';
import type { StateFolder } from '../files/state.js';

export interface Shelved {
  readonly name: string;
  readonly folder: string;
  readonly origin: Adapter['origin'];
}

export interface ShelfSources {
  /** Folders of adapters that came with the package. */
  readonly shipped: readonly string[];
  /** Named by whoever started the server: adapters, runs, or folders of those. */
  readonly folders: readonly string[];
  readonly state: Pick<StateFolder, 'adapters' | 'runs'>;
}

/** All adapters that are there now, by name. */
export async function shelvedAdapters({
  shipped,
  folders,
  state,
}: ShelfSources): Promise<ReadonlyMap<string, Shelved>> {
  const taken = new Set([NO_ADAPTER]);
  const shelf = new Map<string, Shelved>();
  const add = async (paths: readonly string[], origin: Shelved['origin']) => {
    for (const path of paths)
      for (const folder of await adaptersIn(path)) {
        const name = nameFor(ownerOf(folder), taken);
        shelf.set(name, { name, folder, origin });
      }
  };
  /** In the state names are those of folders, as they were asked for. */
  const addNamed = async (path: string, origin: Shelved['origin'], folderIn: (named: string) => string) => {
    for (const name of await foldersIn(path)) {
      const folder = folderIn(join(path, name));
      if (taken.has(name) || !(await isThere(join(folder, 'adapter.json')))) continue;
      taken.add(name);
      shelf.set(name, { name, folder, origin });
    }
  };
  await add(shipped, 'shipped');
  await addNamed(state.adapters, 'uploaded', (named) => named);
  await addNamed(state.runs, 'trained', (named) => runFolder(named).adapter);
  await add(folders, 'folder');
  return shelf;
}

/** The adapters that a path means: itself, that of a run, or those of the folders in it. */
export async function adaptersIn(path: string): Promise<readonly string[]> {
  const own = await adapterAt(path);
  if (own) return [own];
  const found = await Promise.all((await foldersIn(path)).map((name) => adapterAt(join(path, name))));
  return found.filter((folder) => folder !== null).sort();
}

/** Names of the folders in one, but hidden ones, sorted. */
async function foldersIn(path: string): Promise<readonly string[]> {
  if (!(await found(path))) return [];
  const entries = await readdir(path, { withFileTypes: true }).catch((error) => refuse(error, path, 0));
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.map(({ name }) => name).sort();
}

/** An adapter folder is itself, a run has one in it. */
async function adapterAt(path: string): Promise<string | null> {
  for (const folder of [path, runFolder(path).adapter]) if (await isThere(join(folder, 'adapter.json'))) return folder;
  return null;
}

/** `runs/red-cars/adapter` is called red-cars. */
const ownerOf = (folder: string): string => (basename(folder) === 'adapter' ? dirname(folder) : folder);

export function refuseUnknownAdapter(name: string, known: Iterable<string>): never {
  fail('missing', {
    where: `adapter ${name}`,
    what: 'there is no such adapter',
    expected: listed([NO_ADAPTER, ...known]),
  });
}

const isThere = async (path: string): Promise<boolean> => (await found(path)) !== null;
