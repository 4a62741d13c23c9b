// Which table is the index of which library under which model. Embeddings of different models are never compared: the
// identity of the model is in the table's name, and what is kept with the table says the whole of it.

import { createHash } from 'node:crypto';
import { fail } from '../error/index.js';
import { found } from '../files/files.js';
import type { Identity } from '../predict/local/types.js';
import { version } from '../weights/store/adapter-folder.js';
import { isLibraryName } from './place.js';
import type { About, KnownRow, TableInfo, VectorStore, VectorTable } from './types.js';

/** What embeddings depend on may change with the code: then this is raised. */
const FORMAT = '1';

export interface IndexInfo {
  readonly table: string;
  /** P */
  readonly width: number;
  readonly library: string;
  /** The library's folder when it was indexed. */
  readonly root: string;
  /** What the adapter was called; `none` is the backbone alone. */
  readonly adapter: string;
  /** {@link Identity}: what it was made with. */
  readonly key: string;
  /** When all of it was there last; null while it never was. */
  readonly updated: Date | null;
}

export interface IndexOwner {
  readonly library: string;
  readonly root: string;
  readonly adapter: string;
  readonly identity: Identity;
}

/** All indexes of a store. */
export async function listIndexes(store: VectorStore): Promise<readonly IndexInfo[]> {
  return (await store.tables()).map(({ name, width, about }) => ({
    ...{ table: name, width },
    ...{
      library: about.library ?? name,
      root: about.root ?? '',
      adapter: about.adapter ?? 'none',
      key: about.key ?? '',
    },
    updated: about.updated ? new Date(about.updated) : null,
  }));
}

/**
 * Opens an index to search in.
 *
 * @throws missing  when the library has none under this model; format  when it was made with another one
 */
export async function openIndex(store: VectorStore, library: string, identity: Identity): Promise<VectorTable> {
  const tables = await store.tables();
  const name = tableName(library, identity);
  const found = tables.find((table) => table.name === name);
  if (!found) refuseMissing(library, tables);
  refuseOther(found, identity);
  return store.table(name, identity.width, {});
}

/**
 * Opens an index to write to, which is made when it is not there.
 *
 * @throws format  when it was made with another model; recipe  when another library has that name
 */
export async function claimIndex(store: VectorStore, owner: IndexOwner): Promise<VectorTable> {
  const { library, root, adapter, identity } = owner;
  await ownTable(store, owner);
  return store.table(tableName(library, identity), identity.width, {
    library,
    root,
    adapter,
    packageVersion: version,
    ...identityFields(identity),
  });
}

/**
 * The table of an index, if there is one.
 *
 * @throws format  when it was made with another model; recipe  when the name is unfit, or that of another library
 */
async function ownTable(store: VectorStore, { library, root, identity }: IndexOwner): Promise<TableInfo | undefined> {
  if (!isLibraryName(library)) refuseName(library);
  const tables = await store.tables();
  const found = tables.find(({ name }) => name === tableName(library, identity));
  if (found) refuseOther(found, identity);
  for (const { about } of tables) if (about.library === library) await refuseOtherLibrary(about, root);
  return found;
}

/** What is in an index, if there is one. @throws as {@link claimIndex} */
export async function knownOf(store: VectorStore, owner: IndexOwner): Promise<readonly KnownRow[]> {
  const found = await ownTable(store, owner);
  return found ? (await store.table(found.name, found.width, {})).known() : [];
}

/** Notes that an index is complete, and drops those it replaces: of the same library, backbone and adapter, as they were before. */
export async function finishIndex(store: VectorStore, owner: IndexOwner, updated: Date): Promise<void> {
  const { library, adapter, identity } = owner;
  const name = tableName(library, identity);
  await store.table(name, identity.width, { updated: updated.toISOString() });
  for (const { name: other, about } of await store.tables())
    if (
      other !== name &&
      about.library === library &&
      about.adapter === adapter &&
      about.backbone === identity.backbone
    )
      await store.drop(other);
}

/**
 * What one process at a time may write: the indexes of which {@link finishIndex} keeps one.
 *
 * @throws recipe  when the library's name is unfit
 */
export function claimName({ library, adapter, identity: { backbone } }: IndexOwner): string {
  if (!isLibraryName(library)) refuseName(library);
  const hash = createHash('sha256').update(JSON.stringify([adapter, backbone]));
  return `${library}-${hash.digest('hex').slice(0, 8)}`;
}

/** Short enough for every store; a clash of its 64 bits is found by {@link refuseOther}. */
const tableName = (library: string, { key }: Identity): string => `${library}-${key.slice(0, 16)}`;

const identityFields = ({ key, backbone, adapter, frames }: Identity) => ({
  ...{ format: FORMAT, key, backbone, adapterSha256: adapter ?? '', frames: frames === null ? '' : `${frames}` },
});

function refuseOther({ name, about }: TableInfo, identity: Identity): void {
  for (const [field, expected] of Object.entries(identityFields(identity)))
    if (about[field] !== expected)
      fail('format', {
        where: `index ${name}`,
        what: `was made with another model, by its ${field}; embeddings of different models cannot be compared`,
        got: about[field] || 'none',
        expected: expected || 'none',
        fix: 'make the index again',
      });
}

function refuseName(library: string): never {
  fail('recipe', {
    where: `library ${library}`,
    what: 'this name is not fit for file names',
    got: JSON.stringify(library),
    expected: 'letters, digits, dots and dashes, at most 64, a letter or digit first',
  });
}

function refuseMissing(library: string, tables: readonly TableInfo[]): never {
  const others = tables.filter(({ about }) => about.library === library);
  const made = others.map(({ about }) =>
    about.adapter === 'none' ? 'the backbone alone' : `adapter ${about.adapter}`,
  );
  fail('missing', {
    where: `library ${library}`,
    what: 'has no index under this model',
    got: made.length > 0 ? `one under ${made.join(', ')}` : 'none at all',
    fix: 'make one with uniadapter index',
  });
}

/** A library that was moved keeps its index; a second folder of the same name would empty that of the first. */
async function refuseOtherLibrary({ library = '', root = '' }: About, wanted: string): Promise<void> {
  if (root === wanted || !(await found(root))?.isDirectory()) return;
  fail('recipe', {
    where: `library ${library}`,
    what: 'is the name of another folder in this store',
    got: wanted,
    expected: root,
    fix: 'give this one another name with --name',
  });
}
