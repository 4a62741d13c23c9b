// The adapters of a server: which there are, what they are, new ones, and those that go.

import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, UniAdapterError } from '../../error/index.js';
import { makeFolder } from '../../files/files.js';
import { checkBackbone } from '../../format/index.js';
import { stateOf } from '../../predict/local/models.js';
import type { AdapterChoice, Engine } from '../../predict/local/types.js';
import { type Adapter, type AdapterDetails, NO_ADAPTER, type StoredFile } from '../../server/index.js';
import { openAdapter } from '../../weights/store/adapter-folder.js';
import { refuseUnread, systemCode } from '../files/gone.js';
import type { StateFolder } from '../files/state.js';
import type { AdapterThread } from './adapter-checks.js';
import { cardOf, FILE_TYPES } from './adapter-details.js';
import { refuseUnknownAdapter, type ShelfSources, type Shelved, shelvedAdapters } from './adapter-shelf.js';
import { takeAdapter } from './adapter-upload.js';
import { sentFile } from './sent-file.js';

export interface Adapters {
  list(): Promise<readonly Adapter[]>;
  details(name: string, signal: AbortSignal): Promise<AdapterDetails>;
  file(name: string, file: string): Promise<StoredFile>;
  add(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<Adapter>;
  remove(name: string): Promise<void>;
  /** The folder that a name means; null for the backbone alone. @throws missing */
  choice(name: string): Promise<AdapterChoice>;
  /** Whether an adapter has this name. */
  has(name: string): Promise<boolean>;
}

export interface AdaptersOptions extends Omit<ShelfSources, 'state'> {
  readonly state: StateFolder;
  readonly engine: Pick<Engine, 'loaded' | 'unload'>;
  readonly aside: AdapterThread;
  /** As it is opened, and as adapters know it. */
  readonly backbone: { readonly name: string; readonly sha256: string };
  /** Told once of each folder that cannot be used. */
  readonly warn: (text: string) => void;
}

export function openAdapters(options: AdaptersOptions): Adapters {
  const { engine, aside, backbone, state } = options;
  const warned = new Set<string>();
  /** Cards of adapters whose files are still the same: to read one holds the thread for ten milliseconds. */
  const known = new Map<string, { readonly files: string; readonly card: Adapter }>();

  const find = async (name: string): Promise<Shelved> => {
    const shelf = await shelvedAdapters(options);
    return shelf.get(name) ?? refuseUnknownAdapter(name, shelf.keys());
  };
  const has = async (name: string) => (await shelvedAdapters(options)).has(name);
  const isLoaded = (folder: string) => engine.loaded().some((adapter) => adapter.folder === folder);
  /** Null for what cannot be used with this backbone. */
  const card = async (shelved: Shelved): Promise<Adapter | null> => {
    const { name, folder, origin } = shelved;
    const key = keyOf(shelved);
    try {
      const files = await stateOf(folder);
      const before = known.get(key);
      if (before?.files === files) return { ...before.card, isLoaded: isLoaded(folder) };
      const adapter = await openAdapter(folder);
      checkBackbone(adapter.info, backbone, folder);
      const card = cardOf(adapter, { name, origin, isLoaded: isLoaded(folder) });
      known.set(key, { files, card });
      return card;
    } catch (error) {
      if (!(error instanceof UniAdapterError)) throw error;
      if (systemCode(error) === 'ENOENT' && !(await has(name))) return null; // deleted meanwhile
      if (!warned.has(folder)) options.warn(`adapter ${name} is left out: ${error.message}`);
      warned.add(folder);
      return null;
    }
  };

  /** Says of an error about a file that the adapter was deleted meanwhile, if it was. */
  const refuseRead = async (error: unknown, name: string): Promise<never> => {
    if (!(error instanceof UniAdapterError && error.code === 'file')) throw error;
    await find(name);
    return fail('data', { ...error.problem, cause: error });
  };

  return {
    async list() {
      const shelf = [...(await shelvedAdapters(options)).values()];
      const there = new Set(shelf.map(keyOf));
      for (const key of known.keys()) if (!there.has(key)) known.delete(key);
      const cards: (Adapter | null)[] = [];
      for (const shelved of shelf) cards.push(await card(shelved)); // in turn, so that others are answered in between
      return cards.filter((one) => one !== null);
    },
    async details(name, signal) {
      const shelved = await find(name);
      const about = { backbone: backbone.name, isLoaded: isLoaded(shelved.folder) };
      return aside.ask('details', { shelved, ...about }, signal).catch((error) => refuseRead(error, name));
    },
    async file(name, file) {
      const { folder } = await find(name);
      const type = FILE_TYPES.get(file);
      return type === undefined ? refuseFile(name, file) : sentFile(folder, file, type);
    },
    async add(name, files) {
      if (name === NO_ADAPTER || (await shelvedAdapters(options)).has(name)) refuseTaken(name);
      await takeAdapter(name, files, { backbone: backbone.name, state, aside });
      const { folder, origin } = await find(name);
      const added = await openAdapter(folder).catch((error) => refuseGone(error, name));
      return cardOf(added, { name, origin, isLoaded: false });
    },
    async remove(name) {
      const { folder, origin } = await find(name);
      if (origin !== 'uploaded' && origin !== 'trained') refuseRemoval(name);
      await engine.unload(folder);
      await makeFolder(state.temporary);
      const gone = join(state.temporary, `removed-${randomUUID()}`);
      const own = origin === 'trained' ? dirname(folder) : folder;
      await rename(own, gone).catch((error) => refuseGone(error, name)); // at once, whatever happens next
      await rm(gone, { recursive: true, force: true });
    },
    choice: async (name) => (name === NO_ADAPTER ? null : (await find(name)).folder),
    has,
  };
}

const keyOf = ({ name, folder, origin }: Shelved): string => JSON.stringify([name, folder, origin]);

/** @throws missing  where a file of an adapter was not there: it was deleted meanwhile */
function refuseGone(error: unknown, name: string): never {
  if (systemCode(error) === null) throw error;
  return refuseUnread(error, { where: `adapter ${name}` });
}

function refuseFile(name: string, file: string): never {
  fail('missing', {
    where: `adapter ${name}`,
    what: 'has no such file',
    got: file.slice(0, 64),
    expected: [...FILE_TYPES.keys()].join(', '),
  });
}

function refuseTaken(name: string): never {
  fail('recipe', {
    where: `adapter ${name}`,
    what: 'the name is taken',
    fix: 'choose another one, or delete it first',
  });
}

function refuseRemoval(name: string): never {
  fail('recipe', {
    where: `adapter ${name}`,
    what: 'cannot be deleted here',
    got: 'an adapter that ships, or from a folder that the server was given',
    expected: 'one that was uploaded or trained here',
  });
}
