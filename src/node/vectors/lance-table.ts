// A table of vectors in LanceDB: columns in files of a folder or an object store, versioned, so that readers and a writer
// do not disturb each other. What a row is of is a table of its own there: texts lie in another part of the space than
// pictures, so in one index the partitions that are nearest to a text would hold captions alone, and media be missed.

import type { Connection, Table } from '@lancedb/lancedb';
import { chunksOf } from '../../data/items/index.js';
import { type Condition, conditionsOf } from '../../search/filter.js';
import { pageOf } from '../../search/page.js';
import type {
  KnownRow,
  NearestOptions,
  Neighbour,
  RowFilter,
  RowKind,
  VectorRow,
  VectorTable,
} from '../../search/types.js';
import { lanceDB } from '../native/native.js';
import { COLUMNS, numbersOf, packRows, schemaOf, unpackRows, unpackVectors } from './lance-rows.js';

export const ROW_KINDS: readonly RowKind[] = ['media', 'caption', 'unreadable'];

/** Below so many rows comparing with all takes a few milliseconds, and an index would only miss some. */
const INDEXED_ROWS = 20_000;
/** Rows of a partition. More, and each costs more to look through; fewer, and there are more centroids to compare with. */
const PARTITION_ROWS = 1000;
/** Partitions that are looked through, of a table without filter. */
const PROBES = 40;
/** Rows that pass a filter: below so many, reading just them is faster than looking for them in most partitions. */
const FEW_ROWS = 4000;
/** Old versions are kept so long for those who still read them. */
const KEPT_MS = 10 * 60_000;
/** So many that may be removed are left, as tidying up makes one or two itself. */
const OLD_VERSIONS = 2;
/** Ids in one condition. */
const IDS = 1000;

/** The name of what LanceDB calls a table. */
export const partName = (name: string, of: RowKind): string => `${name}.${of}`;

/** A table, and how to let go of it. */
export interface LanceTable extends VectorTable {
  close(): void;
}

export async function openLanceTable(connection: Connection, name: string, width: number): Promise<LanceTable> {
  const open = async (of: RowKind) =>
    [of, await connection.createEmptyTable(partName(name, of), schemaOf(width), { existOk: true })] as const;
  const parts = new Map(await Promise.all(ROW_KINDS.map(open)));
  const part = (of: RowKind): Table => parts.get(of) as Table;

  return {
    async put(rows) {
      for (const of of ROW_KINDS) {
        const some = rows.filter((row) => row.of === of);
        if (some.length > 0) await putInto(part(of), some, width);
      }
    },
    async remove(ids) {
      for (const some of chunksOf(ids, IDS)) for (const table of parts.values()) await table.delete(oneOf(some));
    },
    nearest: (vector, options) => nearestIn(part(options.filter.of), vector, options),
    async known() {
      return (await Promise.all(ROW_KINDS.map((of) => rowsIn(part(of), of)))).flat();
    },
    async vectors(ids) {
      const found = new Map<string, Float32Array>();
      for (const some of chunksOf(ids, IDS))
        for (const table of [part('media'), part('caption')]) {
          const rows = await table.query().where(oneOf(some)).select(['id', 'vector']).toArrow();
          for (const [id, vector] of unpackVectors(rows)) found.set(id, vector);
        }
      return ids.map((id) => found.get(id));
    },
    count: (filter) => part(filter.of).countRows(whereOf(filter)),
    async optimise() {
      for (const of of ['media', 'caption'] as const) await optimisePart(part(of));
    },
    close() {
      for (const table of parts.values()) table.close();
    },
  };
}

async function rowsIn(table: Table, of: RowKind): Promise<readonly KnownRow[]> {
  const columns = table.query().select([...COLUMNS]);
  return unpackRows(await columns.toArrow(), of);
}

async function putInto(table: Table, rows: readonly VectorRow[], width: number): Promise<void> {
  await table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(packRows(rows, width));
}

async function nearestIn(table: Table, vector: Float32Array, { filter, ...options }: NearestOptions) {
  const where = whereOf(filter);
  const probes = where ? await probesFor(table, where) : PROBES;
  const find = async (count: number, exact: boolean): Promise<readonly Neighbour[]> => {
    const query = table.vectorSearch(vector).distanceType('cosine').limit(count);
    if (where) query.where(where);
    const found = await (exact || probes === null ? query.bypassVectorIndex() : query.nprobes(probes))
      .select([...COLUMNS, '_distance'])
      .toArrow();
    const distances = numbersOf(found, '_distance');
    return unpackRows(found, filter.of).map((row, i) => ({ ...row, similarity: 1 - (distances[i] as number) }));
  };
  return pageOf(find, options);
}

/**
 * The fewer rows pass a filter, the farther apart the nearest of them are; rows that do not pass cost less. The fourth
 * root keeps both time and recall where they are without a filter (bench/vectors.ts).
 *
 * @returns null where every row that passes is compared
 */
async function probesFor(table: Table, where: string): Promise<number | null> {
  const passing = await table.countRows(where);
  return passing <= FEW_ROWS ? null : Math.round(PROBES * ((await table.countRows()) / passing) ** 0.25);
}

/** Compacts what many small writes left, and gives the rows to the indexes, which are made when there are enough of them. */
async function optimisePart(table: Table): Promise<void> {
  const cleanupOlderThan = new Date(Date.now() - KEPT_MS);
  if (await isUntidy(table, cleanupOlderThan)) await table.optimize({ cleanupOlderThan });
  const rows = await table.countRows();
  if (rows < INDEXED_ROWS) return;
  const indexes = await table.listIndices();
  const isIndexed = (column: string) => indexes.some(({ columns }) => columns.includes(column));
  for (const column of ['id', 'path', 'modified'])
    if (!isIndexed(column)) await table.createIndex(column, { config: lanceDB().Index.btree() });
  if (!isIndexed('kind')) await table.createIndex('kind', { config: lanceDB().Index.bitmap() });
  await indexVectors(table, rows, indexes.find(({ columns }) => columns.includes('vector'))?.name);
}

/** Whether there is something to tidy up: LanceDB would rewrite indexes of a million rows, though nothing changed. */
async function isUntidy(table: Table, before: Date): Promise<boolean> {
  const { fragmentStats } = await table.stats();
  const unindexed = (await table.listIndices()).some(({ numUnindexedRows = 0 }) => numUnindexedRows > 0);
  const old = (await table.listVersions()).filter(({ timestamp }) => timestamp < before);
  return unindexed || fragmentStats.numSmallFragments > 1 || old.length > OLD_VERSIONS;
}

/** The name of the index says how many partitions it has: when there are many more rows than then, it is made anew. */
async function indexVectors(table: Table, rows: number, before: string | undefined): Promise<void> {
  const numPartitions = Math.round(rows / PARTITION_ROWS);
  const had = Number(before?.split('_').at(-1) ?? 0);
  if (numPartitions < 2 * had && numPartitions > had / 4) return;
  const name = `vector_${numPartitions}`;
  await table.createIndex('vector', {
    config: lanceDB().Index.ivfFlat({ distanceType: 'cosine', numPartitions }),
    name,
  });
  if (before !== undefined && before !== name) await table.dropIndex(before);
}

const whereOf = (filter: RowFilter): string | undefined =>
  conditionsOf(filter).map(conditionSql).join(' AND ') || undefined;

const conditionSql = ({ column, operator, value }: Condition): string =>
  `${column} ${operator} ${typeof value === 'number' ? value : literal(value)}`;

const oneOf = (ids: readonly string[]): string => `id IN (${ids.map(literal).join(', ')})`;

/** A string in SQL: quotes are doubled, and nothing else means anything. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
