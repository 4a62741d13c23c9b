// Tables of vectors in PostgreSQL with pgvector, for those who have such a server already, and for several machines that
// index and search the same library.

import pg from 'pg';
import { fail } from '../../error/index.js';
import { isNoted, refuseWidth, writing } from '../../search/about.js';
import type { TableInfo, VectorStore, VectorTable } from '../../search/types.js';
import { dropPostgresTable, openPostgresTable } from './postgres-table.js';

/** The table of tables; vectors are in `uniadapter_` and its number. */
const TABLES = 'uniadapter_tables';
/** Queries at the same time. */
const CONNECTIONS = 4;

interface Registered extends TableInfo {
  readonly number: number;
}

/**
 * @param url  `postgres://user:password@host:port/database`; what is left out is as PostgreSQL's own programs have it
 * @throws runtime  when the server cannot be reached, or has no pgvector
 */
export async function openPostgresStore(url: string): Promise<VectorStore> {
  const pool = connectionsTo(url);
  const where = withoutPassword(url);
  await prepare(pool, where).catch(async (error) => {
    await pool.end();
    throw error;
  });

  const opened = new Map<number, Promise<VectorTable>>();
  return {
    async table(name, width, about) {
      const before = (await infos(pool)).find((info) => info.name === name);
      const info = before && isNoted(before, about) ? before : await note(pool, { name, width, about });
      if (info.width !== width) refuseWidth(where, info, width);
      const table = opened.get(info.number) ?? openPostgresTable(pool, info.number, width);
      opened.set(info.number, table);
      table.catch(() => opened.delete(info.number));
      return table;
    },
    tables: async () => (await infos(pool)).map(({ name, width, about }) => ({ name, width, about })),
    claim: (name) => claimIn(pool, name),
    async drop(name) {
      const deleted = `DELETE FROM ${TABLES} WHERE name = $1 RETURNING number`;
      const { rows } = await pool.query<{ number: number }>(deleted, [name]);
      for (const { number } of rows) await dropPostgresTable(pool, number);
    },
    close: () => pool.end(),
  };
}

/** Losing one ends nothing: the next query says so, or makes another. */
export function connectionsTo(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  pool.on('connect', (client) => client.on('error', () => {})); // while somebody has it
  return pool.on('error', () => {}); // while nobody has
}

async function infos(pool: pg.Pool): Promise<readonly Registered[]> {
  const select = `SELECT number, name, width, about FROM ${TABLES} ORDER BY name COLLATE "C"`;
  return (await pool.query<Registered>(select)).rows;
}

/** Adds to what is kept with a table, unless it has another width. @returns what is kept then */
async function note(pool: pg.Pool, { name, width, about }: TableInfo): Promise<Registered> {
  const { rows } = await pool.query<Registered>(
    `INSERT INTO ${TABLES} (name, width, about) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET about = CASE WHEN ${TABLES}.width = excluded.width
       THEN ${TABLES}.about || excluded.about ELSE ${TABLES}.about END
     RETURNING number, name, width, about`,
    [name, width, JSON.stringify(about)],
  );
  return rows[0] as Registered;
}

/** A lock of the server's own: it ends with the connection. @throws file  when another connection has it */
export async function claimIn(pool: pg.Pool, name: string): Promise<AsyncDisposable> {
  const client = await pool.connect();
  const key = [TABLES, name];
  const { rows } = await client.query<{ ours: boolean }>(
    'SELECT pg_try_advisory_lock(hashtext($1), hashtext($2)) AS ours',
    key,
  );
  if (!rows[0]?.ours) {
    client.release();
    return fail('file', { ...writing(name), got: 'one with its own connection to this server' });
  }
  return {
    async [Symbol.asyncDispose]() {
      await client.query('SELECT pg_advisory_unlock(hashtext($1), hashtext($2))', key).catch(() => null); // it is lost
      client.release();
    },
  };
}

/** Makes what a database that is new to us lacks. Two programs may do so at once. */
async function prepare(pool: pg.Pool, where: string): Promise<void> {
  const client = await pool.connect().catch((cause: Error) =>
    fail('runtime', {
      where,
      what: 'the server cannot be reached',
      got: cause.message || String((cause as NodeJS.ErrnoException).code),
      fix: 'check host, port, user and database',
      cause,
    }),
  );
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('${TABLES}'))`);
    await client.query('CREATE EXTENSION IF NOT EXISTS vector').catch((cause: Error) => refuseWithout(where, cause));
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${TABLES} (
        name text PRIMARY KEY, number serial UNIQUE, width integer NOT NULL, about jsonb NOT NULL)`,
    );
  } finally {
    await client.query(`SELECT pg_advisory_unlock(hashtext('${TABLES}'))`).catch(() => null);
    client.release();
  }
}

function refuseWithout(where: string, cause: Error): never {
  fail('runtime', {
    where,
    what: 'has no pgvector',
    got: cause.message,
    fix: 'install it on the server, and let a superuser run CREATE EXTENSION vector in this database',
    cause,
  });
}

/** For messages. */
function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  shown.search = '';
  return shown.href;
}
