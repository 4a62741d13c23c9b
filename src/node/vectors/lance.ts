// Tables of vectors in LanceDB, in a folder or an object store such as s3://bucket/folder.

import { join } from 'node:path';
import type { Connection, Table } from '@lancedb/lancedb';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { z } from 'zod';
import { fail } from '../../error/index.js';
import { hold } from '../../files/lock.js';
import { readDescription } from '../../format/index.js';
import { isNoted, refuseWidth, writing } from '../../search/about.js';
import { guardedStore } from '../../search/guarded.js';
import type { About, TableInfo, VectorStore } from '../../search/types.js';
import { lanceDB } from '../native/native.js';
import { type LanceTable, openLanceTable, partName, ROW_KINDS } from './lance-table.js';

/** The table of tables. Others have a dot in their name. */
const TABLES = 'tables';
/** After so long a reader looks for what other processes wrote. */
const CONSISTENT_SECONDS = 2;
/** Characters of an error that is told as it is, at most. */
const LONG = 200;

const aboutSchema: z.ZodType<About> = z.record(z.string(), z.string());

const schema = new Schema([
  new Field('name', new Utf8(), false),
  new Field('width', new Int32(), false),
  new Field('about', new Utf8(), false),
]);

/**
 * @param uri  a folder, which is made, or the address of one in an object store
 * @throws file  when it cannot be opened
 */
export async function openLanceStore(uri: string): Promise<VectorStore> {
  const connection = await lanceDB()
    .connect(uri, { readConsistencyInterval: CONSISTENT_SECONDS })
    .catch((cause) => refuse(uri, cause));
  const registry = await connection
    .createEmptyTable(TABLES, schema, { existOk: true })
    .catch((cause) => refuse(uri, cause));
  const opened = new Map<string, Promise<LanceTable>>();
  const forget = async (name: string) => {
    const table = await opened.get(name);
    opened.delete(name);
    table?.close();
  };
  const store: VectorStore = {
    async table(name, width, about) {
      const before = (await infos(registry)).find((info) => info.name === name);
      if (before && before.width !== width) refuseWidth(uri, before, width);
      if (!before || !isNoted(before, about))
        await note(registry, { name, width, about: { ...before?.about, ...about } });
      const table = opened.get(name) ?? openLanceTable(connection, name, width);
      opened.set(name, table);
      table.catch(() => opened.delete(name));
      return table;
    },
    tables: () => infos(registry),
    claim: (name) => (isFolder(uri) ? hold(join(uri, `.${name}.lock`), writing(name)) : Promise.resolve(unclaimed)),
    async drop(name) {
      await registry.delete(`name = '${name.replaceAll("'", "''")}'`);
      await forget(name);
      await dropParts(connection, name);
    },
    async close() {
      for (const name of opened.keys()) await forget(name);
      registry.close();
      connection.close();
    },
  };
  return guardedStore(store, (cause) => refuse(uri, cause));
}

/** Object stores have addresses. */
const isFolder = (uri: string): boolean => !uri.includes('://');

const unclaimed: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };

function refuse(uri: string, cause: unknown): never {
  const isFull = /no space left|quota exceeded/i.test(`${cause}`);
  fail('file', {
    where: uri,
    what: isFull ? 'no room left for vectors' : 'vectors cannot be kept here',
    ...(isFull && { fix: 'make room, or keep them somewhere else' }),
    got: saidIn(cause instanceof Error ? cause.message : String(cause)),
    expected: 'a folder, or an object store whose credentials are in the environment',
    cause,
  });
}

/** What people can read of an error of LanceDB, which tells all of its insides. */
function saidIn(error: string): string {
  const [, said = error.slice(0, LONG)] = /<Message>([^<]+)</.exec(error) ?? /message: "([^"({]+)/.exec(error) ?? [];
  return said.trim();
}

async function infos(registry: Table): Promise<readonly TableInfo[]> {
  const rows: { name: string; width: number; about: string }[] = await registry.query().toArray();
  const read = ({ name, width, about }: (typeof rows)[number]) => ({
    name,
    width,
    about: readDescription(aboutSchema, new TextEncoder().encode(about), `index ${name}`),
  });
  return rows.map(read).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function note(registry: Table, { name, width, about }: TableInfo): Promise<void> {
  const row = { name, width, about: JSON.stringify(about) };
  await registry.mergeInsert('name').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute([row]);
}

async function dropParts(connection: Connection, name: string): Promise<void> {
  const there = new Set(await connection.tableNames());
  for (const part of ROW_KINDS.map((of) => partName(name, of))) if (there.has(part)) await connection.dropTable(part);
}
