// An array as files know it: an element type, a shape and little-endian bytes. Everything numeric is a view of those bytes
// where it can be, so a checkpoint of a gigabyte is held once.

import { fail } from '../error/index.js';
import { floatOfBrainHalf, floatOfHalf, halfOf } from './half.js';

/** Bytes of one element of each type that our files may hold. */
export const elementBytes = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 } as const;

export type SafeDtype = keyof typeof elementBytes;

export interface NamedArray {
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  /** Row-major, little-endian; as long as the shape says. Where there is a `place`, every access reads them from there. */
  readonly bytes: Uint8Array;
  /** Where the bytes are if they are still in a file; a runtime may map them. */
  readonly place?: Place;
}

export interface Place {
  /** Path of the file. */
  readonly file: string;
  /** Byte of the file at which the first element starts. */
  readonly start: number;
}

export type NamedArrays = ReadonlyMap<string, NamedArray>;

/**
 * The array as float32: a view of its bytes when it is F32, otherwise a converted copy.
 * F64 and I64 round to the nearest float32, F16 and BF16 are exact, BOOL is 0 or 1.
 */
export function float32Of(array: NamedArray): Float32Array {
  switch (array.dtype) {
    case 'F32':
      return view(Float32Array, array);
    case 'F16':
      return floatOfHalf(view(Uint16Array, array));
    case 'BF16':
      return floatOfBrainHalf(view(Uint16Array, array));
    case 'F64':
      return Float32Array.from(view(Float64Array, array));
    case 'I64':
      return Float32Array.from(view(BigInt64Array, array), Number);
    default:
      return Float32Array.from(int32Of(array));
  }
}

/**
 * The array as int32: a view of its bytes when it is I32, otherwise a converted copy.
 * @throws `format` for floating-point arrays and for I64 values that do not fit in 32 bits
 */
export function int32Of(array: NamedArray): Int32Array {
  switch (array.dtype) {
    case 'I32':
      return view(Int32Array, array);
    case 'I64':
      return Int32Array.from(view(BigInt64Array, array), narrow);
    case 'I16':
      return Int32Array.from(view(Int16Array, array));
    case 'I8':
      return Int32Array.from(view(Int8Array, array));
    case 'U8':
    case 'BOOL':
      return Int32Array.from(array.bytes);
    default:
      return fail('format', {
        where: `${array.dtype} array [${array.shape.join(', ')}]`,
        what: 'integers were asked of an array of fractions',
        expected: 'I64, I32, I16, I8, U8 or BOOL',
      });
  }
}

/** Names a shape for float32 numbers without copying them. */
export function float32Array(shape: readonly number[], data: Float32Array): NamedArray {
  return shaped('F32', shape, data);
}

/** Rounds float32 numbers to float16 (nearest, ties to even): half the size on disk, three decimal digits. */
export function float16Array(shape: readonly number[], data: Float32Array): NamedArray {
  return shaped('F16', shape, halfOf(data));
}

/** Names a shape for int32 numbers without copying them. */
export function int32Array(shape: readonly number[], data: Int32Array): NamedArray {
  return shaped('I32', shape, data);
}

/** How many elements a shape has; a scalar `[]` has one. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes of an array, without reading them. */
export const byteCount = ({ dtype, shape }: NamedArray): number => elementCount(shape) * elementBytes[dtype];

function shaped(dtype: SafeDtype, shape: readonly number[], data: Float32Array | Uint16Array | Int32Array): NamedArray {
  if (elementCount(shape) !== data.length) {
    fail('format', {
      where: `${dtype} array [${shape.join(', ')}]`,
      what: 'the shape does not match the numbers given',
      got: `${data.length} numbers`,
      expected: `${elementCount(shape)}`,
    });
  }
  return { dtype, shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

interface ViewType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** A typed view needs an aligned start; bytes that do not have one are copied. */
function view<T>(type: ViewType<T>, { bytes }: NamedArray): T {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new type(aligned.buffer, aligned.byteOffset, aligned.byteLength / type.BYTES_PER_ELEMENT);
}

function narrow(value: bigint): number {
  if (BigInt.asIntN(32, value) !== value) {
    fail('format', { where: 'I64 array', what: 'a value does not fit in 32 bits', got: `${value}` });
  }
  return Number(value);
}
