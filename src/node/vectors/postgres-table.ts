// A table of vectors in PostgreSQL. What a row is of has an index of its own, so that among captions no media are missed.

import type pg from 'pg';
import { chunksOf } from '../../data/items/index.js';
import { conditionsOf } from '../../search/filter.js';
import { pageOf } from '../../search/page.js';
import type { KnownRow, NearestOptions, Neighbour, RowFilter, VectorRow, VectorTable } from '../../search/types.js';

/** Below so many rows comparing with all takes a few milliseconds, and an index would only miss some. */
const INDEXED_ROWS = 20_000;
/** Candidates of HNSW: at least so many, twice as many as are wanted, and no more than pgvector allows. */
const [LEAST_CANDIDATES, MOST_CANDIDATES] = [100, 1000];
/** Rows of one statement. */
const ROWS = 1000;

/** Columns but the vector, with their types. */
const COLUMNS = {
  ...{ id: 'text', item: 'text', of: 'text', kind: 'text', path: 'text' },
  ...{ bytes: 'double precision', modified: 'double precision', content: 'text', text: 'text' },
} as const satisfies Record<keyof KnownRow, string>;
const NAMES = Object.keys(COLUMNS) as readonly (keyof KnownRow)[];
const SELECTED = NAMES.map(quoted).join(', ');

const tableName = (number: number): string => quoted(`uniadapter_${number}`);

export async function openPostgresTable(pool: pg.Pool, number: number, width: number): Promise<VectorTable> {
  const table = tableName(number);
  await pool.query(createTable(table, width));
  return {
    async put(rows) {
      for (const some of chunksOf(rows, ROWS)) await pool.query(insertInto(table), valuesOf(some));
    },
    async remove(ids) {
      for (const some of chunksOf(ids, ROWS)) await pool.query(`DELETE FROM ${table} WHERE id = ANY($1)`, [some]);
    },
    nearest: (vector, options) => nearestIn(pool, table, vector, options),
    known: async () => (await pool.query<KnownRow>(`SELECT ${SELECTED} FROM ${table}`)).rows,
    async vectors(ids) {
      const select = `SELECT id, vector FROM ${table} WHERE id = ANY($1) AND "of" <> 'unreadable'`;
      const { rows } = await pool.query<{ id: string; vector: string }>(select, [ids]);
      const found = new Map(rows.map(({ id, vector }) => [id, Float32Array.from(JSON.parse(vector) as number[])]));
      return ids.map((id) => found.get(id));
    },
    async count(filter) {
      const { sql, values } = whereOf(filter, 1);
      const { rows } = await pool.query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE ${sql}`, values);
      return Number(rows[0]?.count);
    },
    optimise: () => optimiseTable(pool, number),
  };
}

export async function dropPostgresTable(pool: pg.Pool, number: number): Promise<void> {
  await pool.query(`DROP TABLE IF EXISTS ${tableName(number)}`);
}

/** Paths are compared byte by byte, whatever the database's language. */
function createTable(table: string, width: number): string {
  const columns = NAMES.map(
    (name) => `${quoted(name)} ${COLUMNS[name]} ${name === 'path' ? 'COLLATE "C" ' : ''}NOT NULL`,
  );
  return `CREATE TABLE IF NOT EXISTS ${table} (${columns.join(', ')}, vector vector(${width}) NOT NULL, PRIMARY KEY (id))`;
}

/** One parameter a column, each an array with a value a row. */
function insertInto(table: string): string {
  const arrays = [...NAMES.map((name) => COLUMNS[name]), 'text'].map((type, i) => `$${i + 1}::${type}[]`);
  const replaced = [...NAMES.map(quoted), 'vector'].map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ${table} (${SELECTED}, vector)
    SELECT ${SELECTED}, vector::vector FROM unnest(${arrays.join(', ')}) AS given(${SELECTED}, vector)
    ON CONFLICT (id) DO UPDATE SET ${replaced.join(', ')}`;
}

const valuesOf = (rows: readonly VectorRow[]): unknown[] => [
  ...NAMES.map((name) => rows.map((row) => row[name])),
  rows.map(({ vector }) => vectorText(vector)),
];

const vectorText = (vector: Float32Array): string => `[${vector.join(',')}]`;

function nearestIn(pool: pg.Pool, table: string, vector: Float32Array, { filter, ...options }: NearestOptions) {
  const { sql, values } = whereOf(filter, 3);
  const select = `SELECT ${SELECTED}, 1 - (vector <=> $1::vector) AS similarity FROM ${table}
    WHERE ${sql} ORDER BY vector <=> $1::vector LIMIT $2`;
  const find = async (count: number, exact: boolean): Promise<readonly Neighbour[]> => {
    const setting =
      exact || count > MOST_CANDIDATES
        ? 'enable_indexscan = off'
        : `hnsw.ef_search = ${Math.min(MOST_CANDIDATES, Math.max(LEAST_CANDIDATES, 2 * count))}`;
    return within(pool, setting, async (client) => {
      const { rows } = await client.query<Neighbour>(select, [vectorText(vector), count, ...values]);
      return rows;
    });
  };
  return pageOf(find, options);
}

/** A transaction in which a setting is different. */
async function within<T>(pool: pg.Pool, setting: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL ${setting}`);
    return await work(client);
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    await client.query('ROLLBACK').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}

/** Makes the indexes when there are rows enough; from then on PostgreSQL keeps them. */
async function optimiseTable(pool: pg.Pool, number: number): Promise<void> {
  const table = tableName(number);
  const { rows } = await pool.query<{ of: string; count: string }>(`SELECT "of", count(*) FROM ${table} GROUP BY "of"`);
  for (const { of, count } of rows) {
    if (of === 'unreadable' || Number(count) < INDEXED_ROWS) continue;
    const name = (what: string) => quoted(`uniadapter_${number}_${of}_${what}`);
    const index = (what: string, how: string) =>
      pool.query(`CREATE INDEX IF NOT EXISTS ${name(what)} ON ${table} ${how} WHERE "of" = '${of}'`);
    await index('vector', 'USING hnsw (vector vector_cosine_ops)');
    await index('path', '(path)');
    await index('modified', '(modified)');
  }
  await pool.query(`ANALYZE ${table}`);
}

/** @param first  number of the first parameter */
function whereOf(filter: RowFilter, first: number): { readonly sql: string; readonly values: unknown[] } {
  const conditions = conditionsOf(filter);
  const parts = conditions.map(({ column, operator }, i) => `${quoted(column)} ${operator} $${first + i}`);
  return { sql: [`"of" = '${filter.of}'`, ...parts].join(' AND '), values: conditions.map(({ value }) => value) };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
