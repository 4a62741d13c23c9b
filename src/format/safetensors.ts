// Safetensors: eight bytes of header length, a JSON header, then the tensors end to end without gaps.
// The reader trusts nothing (files come from strangers) and copies nothing unless alignment forces it; the writer pads the
// header so that the data starts on a memory page, which lets the runtime map the file.
// https://github.com/huggingface/safetensors#format

import { z } from 'zod';
import { fail, type Problem } from '../error/index.js';
import { parseJson, safeParse } from '../json/index.js';
import { elementBytes, elementCount, type NamedArray, type NamedArrays, type SafeDtype } from './array.js';
import { mismatches } from './description.js';
import type { StoredTensors } from './stored.js';

const lengthBytes = 8;
const largestHeaderBytes = 100_000_000; // the reference implementation's limit
const pageBytes = 4096;
/** Ten times what any published model has; work is done for each, and for an error each would be named. */
const mostTensors = 65_536;
/** The most dimensions that PyTorch has. */
const mostDimensions = 64;

const headerSchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).max(mostDimensions),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

interface Entry {
  readonly name: string;
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsContent {
  /** In the order of their data. */
  readonly arrays: NamedArrays;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Arrays are views of `bytes`, except those whose place in memory no typed array could start at.
 * @param bytes the whole file
 * @param where its name, for errors
 * @throws `format` naming the file and the tensor, when anything in the file contradicts the format; a file that is cut
 *   off says how many bytes are missing
 */
export function readSafetensors(bytes: Uint8Array, where: string): SafetensorsContent {
  const { entries, dataStart, metadata } = readIndex(bytes, bytes.length, where);
  return { arrays: new Map(entries.map((entry) => [entry.name, arrayAt(entry, bytes, dataStart)])), metadata };
}

/** Bytes from the start of a safetensors file to its data. @param start at least its first eight bytes */
export const safetensorsDataStart = (start: Uint8Array, where: string): number =>
  lengthBytes + readHeaderLength(start, Number.POSITIVE_INFINITY, where);

/**
 * Finds the tensors of a safetensors file from its header alone.
 * @param header the file up to its data, or more of it; see {@link safetensorsDataStart}
 * @param fileBytes size of the whole file
 * @param file its path
 * @throws `format` as {@link readSafetensors}
 */
export function indexSafetensors(
  header: Uint8Array,
  fileBytes: number,
  file: string,
): { readonly tensors: StoredTensors; readonly metadata: Readonly<Record<string, string>> } {
  const { entries, dataStart, metadata } = readIndex(header, fileBytes, file);
  const tensors = entries.map(
    ({ name, dtype, shape, start, end }) =>
      [name, { dtype, shape, file, start: dataStart + start, bytes: end - start }] as const,
  );
  return { tensors: new Map(tensors), metadata };
}

function readIndex(bytes: Uint8Array, fileBytes: number, where: string) {
  const dataStart = lengthBytes + readHeaderLength(bytes, fileBytes, where);
  const header = parseHeader(bytes.subarray(lengthBytes, dataStart), where);
  refuseMany(header, where);
  const { __metadata__: metadata = {}, ...tensors } = header;
  const entries = Object.entries(tensors)
    .map(([name, value]) => readEntry(name, value, where))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  checkCoverage(entries, fileBytes - dataStart, where);
  return { entries, dataStart, metadata: readMetadata(metadata, where) };
}

/**
 * Writes a safetensors file: larger element types first, so that every tensor is aligned to its element although the format
 * allows no gaps; data starts at a multiple of 4096 bytes.
 * @throws `format` for a tensor whose bytes do not match its shape or that has the reserved name `__metadata__`
 */
export function writeSafetensors(arrays: NamedArrays, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  for (const [name, array] of arrays) checkWritable(name, array);
  const { header, order, dataBytes } = startSafetensors(arrays, metadata);
  const file = new Uint8Array(header.length + dataBytes);
  file.set(header);
  let start = header.length;
  for (const name of order) {
    const { bytes } = arrays.get(name) as NamedArray;
    file.set(bytes, start);
    start += bytes.length;
  }
  return file;
}

/**
 * The beginning of a file whose data follows: the bytes of the tensors in this order.
 * @returns `header`, up to the data; `dataBytes`, how many follow
 */
export function startSafetensors(
  tensors: ReadonlyMap<string, Pick<NamedArray, 'dtype' | 'shape'>>,
  metadata: Readonly<Record<string, string>> = {},
): { readonly header: Uint8Array; readonly order: readonly string[]; readonly dataBytes: number } {
  const ordered = [...tensors].sort(([, a], [, b]) => elementBytes[b.dtype] - elementBytes[a.dtype]);
  const entries: [string, unknown][] = Object.keys(metadata).length ? [['__metadata__', metadata]] : [];
  let dataBytes = 0;
  for (const [name, { dtype, shape }] of ordered) {
    const end = dataBytes + elementCount(shape) * elementBytes[dtype];
    entries.push([name, { dtype, shape, data_offsets: [dataBytes, end] }]);
    dataBytes = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const dataStart = Math.ceil((lengthBytes + json.length) / pageBytes) * pageBytes;
  const header = new Uint8Array(dataStart).fill(0x20, lengthBytes);
  new DataView(header.buffer).setBigUint64(0, BigInt(dataStart - lengthBytes), true);
  header.set(json, lengthBytes);
  return { header, order: ordered.map(([name]) => name), dataBytes };
}

function readHeaderLength(bytes: Uint8Array, fileBytes: number, where: string): number {
  if (bytes.length < lengthBytes) cutOff(where, bytes.length, lengthBytes, 'for the header length alone');
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > BigInt(largestHeaderBytes)) {
    bad(where, {
      what: 'this is not a safetensors file',
      got: `a header of ${length} bytes`,
      expected: `at most ${largestHeaderBytes}`,
    });
  }
  const needed = lengthBytes + Number(length);
  if (fileBytes < needed) cutOff(where, fileBytes, needed, 'for the header alone');
  return Number(length);
}

function parseHeader(bytes: Uint8Array, where: string): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = parseJson(text);
  } catch (cause) {
    return bad(where, { what: 'the header is not valid JSON', cause });
  }
  if (typeof header !== 'object' || header === null || !text.startsWith('{')) {
    return bad(where, { what: 'the header is not a JSON object' });
  }
  refuseDuplicates(text, where);
  return header as Record<string, unknown>;
}

function refuseMany(header: Readonly<Record<string, unknown>>, where: string): void {
  const count = Object.keys(header).length;
  if (count > mostTensors)
    bad(where, { what: 'the header names too many tensors', got: `${count}`, expected: `at most ${mostTensors}` });
}

/** JSON.parse keeps the last of two equal keys without a word, so the keys are read from the text: strings at depth one. */
function refuseDuplicates(text: string, where: string): void {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[[{}\]]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1) {
      const name: string = JSON.parse(token);
      if (seen.has(name)) badTensor(where, name, { what: 'the name occurs twice in the header' });
      seen.add(name);
    }
  }
}

function readEntry(name: string, value: unknown, where: string): Entry {
  const parsed = safeParse(headerSchema, value);
  if (!parsed.success) {
    return badTensor(where, name, { what: `malformed header entry: ${mismatches(parsed.error)}` });
  }
  const { dtype, shape, data_offsets } = parsed.data;
  const [start, end] = data_offsets;
  if (!isDtype(dtype)) {
    const expected = Object.keys(elementBytes).join(', ');
    return badTensor(where, name, { what: 'unsupported element type', got: dtype, expected });
  }
  const expected = elementCount(shape) * elementBytes[dtype];
  if (end - start !== expected) {
    badTensor(where, name, {
      what: 'bytes do not match the shape',
      got: `${end - start} bytes`,
      expected: `${expected} for ${dtype} [${shape.join(', ')}]`,
    });
  }
  return { name, dtype, shape, start, end };
}

function isDtype(name: string): name is SafeDtype {
  return Object.hasOwn(elementBytes, name);
}

/** The format wants every data byte to belong to exactly one tensor. Entries come sorted by start. */
function checkCoverage(entries: readonly Entry[], dataBytes: number, where: string): void {
  let end = 0;
  for (const entry of entries) {
    if (entry.start !== end) {
      badTensor(where, entry.name, {
        what: entry.start < end ? 'overlaps the tensor before it' : 'leaves unused bytes before it',
        got: `data from byte ${entry.start}`,
        expected: `from ${end}`,
      });
    }
    end = entry.end;
  }
  if (dataBytes < end) cutOff(where, dataBytes, end, 'of tensor data');
  if (dataBytes > end) {
    bad(where, { what: 'bytes after the last tensor', got: `${dataBytes} bytes of data`, expected: `${end}` });
  }
}

function arrayAt({ dtype, shape, start, end }: Entry, bytes: Uint8Array, dataStart: number): NamedArray {
  const own = bytes.subarray(dataStart + start, dataStart + end);
  return { dtype, shape, bytes: own.byteOffset % elementBytes[dtype] === 0 ? own : new Uint8Array(own) };
}

function readMetadata(value: unknown, where: string): Record<string, string> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || !Object.values(value).every((text) => typeof text === 'string'))
    return bad(where, { what: '__metadata__ must map names to strings' });
  return value as Record<string, string>; // not rebuilt: a copy would lose a key named __proto__
}

function checkWritable(name: string, { dtype, shape, bytes }: NamedArray): void {
  if (name === '__metadata__') badTensor('writing safetensors', name, { what: 'this name is reserved by the format' });
  const expected = elementCount(shape) * elementBytes[dtype];
  if (bytes.length !== expected) {
    badTensor('writing safetensors', name, {
      what: 'bytes do not match the shape',
      got: `${bytes.length} bytes`,
      expected: `${expected} for ${dtype} [${shape.join(', ')}]`,
    });
  }
}

function cutOff(where: string, got: number, needed: number, what: string): never {
  return bad(where, {
    what: `the file is cut off: ${needed - got} bytes are missing`,
    got: `${got} bytes`,
    expected: `${needed} ${what}`,
    fix: 'copy or download it again',
  });
}

function badTensor(where: string, name: string, problem: Omit<Problem, 'where'>): never {
  return bad(`${where}: tensor ${JSON.stringify(name)}`, problem);
}

function bad(where: string, problem: Omit<Problem, 'where'>): never {
  return fail('format', { where, ...problem });
}
