// Rows of a table ↔ Arrow, column by column: vectors are copied as one array, never number by number.

import {
  type Data,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import type { KnownRow, RowKind, VectorRow } from '../../search/types.js';

const TEXTS = ['id', 'item', 'kind', 'path', 'content', 'text'] as const;
const NUMBERS = ['bytes', 'modified'] as const;
/** All columns but the vector. */
export const COLUMNS: readonly string[] = [...TEXTS, ...NUMBERS];

const listOf = (width: number) => new FixedSizeList(width, new Field('item', new Float32(), true));

/** @param width  P */
export function schemaOf(width: number): Schema {
  return new Schema([
    ...TEXTS.map((name) => new Field(name, new Utf8(), false)),
    ...NUMBERS.map((name) => new Field(name, new Float64(), false)),
    new Field('vector', listOf(width), false),
  ]);
}

/** Rows as a table of {@link schemaOf}. */
export function packRows(rows: readonly VectorRow[], width: number): Table {
  const schema = schemaOf(width);
  const children: Data<DataType>[] = [
    ...TEXTS.map((name) =>
      dataOf(
        vectorFromArray(
          rows.map((row) => row[name]),
          new Utf8(),
        ).data,
      ),
    ),
    ...NUMBERS.map((name) => makeData({ type: new Float64(), data: Float64Array.from(rows, (row) => row[name]) })),
    vectorData(rows, width),
  ];
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new Table(schema, new RecordBatch(schema, data));
}

const dataOf = ([first]: readonly Data<Utf8>[]): Data<Utf8> => first ?? makeData({ type: new Utf8() });

function vectorData(rows: readonly VectorRow[], width: number): Data<DataType> {
  const values = new Float32Array(rows.length * width);
  for (const [i, { vector }] of rows.entries()) values.set(vector, i * width);
  const child = makeData({ type: new Float32(), data: values });
  return makeData({ type: listOf(width), length: rows.length, nullCount: 0, child });
}

/** What a query selected of {@link COLUMNS}, as rows. */
export function unpackRows(table: Table, of: RowKind): KnownRow[] {
  const columns = new Map(COLUMNS.map((name) => [name, table.getChild(name)]));
  const read = (name: string, row: number) => columns.get(name)?.get(row);
  return Array.from({ length: table.numRows }, (_, row) => {
    const texts = TEXTS.map((name) => [name, read(name, row) as string] as const);
    const numbers = NUMBERS.map((name) => [name, read(name, row) as number] as const);
    return { of, ...Object.fromEntries<unknown>([...texts, ...numbers]) } as KnownRow;
  });
}

/** A column of numbers. */
export const numbersOf = (table: Table, name: string): readonly number[] =>
  Array.from(table.getChild(name) ?? [], (value) => value as number);

/** Vectors by row id, of a query that selected both. */
export function unpackVectors(table: Table): ReadonlyMap<string, Float32Array> {
  const [ids, vectors] = [table.getChild('id'), table.getChild('vector')];
  const pairs = Array.from({ length: table.numRows }, (_, row) => {
    const vector: { toArray(): Float32Array } = vectors?.get(row);
    return [ids?.get(row) as string, Float32Array.from(vector.toArray())] as const;
  });
  return new Map(pairs);
}
