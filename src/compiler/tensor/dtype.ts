// Element types. Everything computes in float32 today; dtype travels with every value so that others can follow.

export type DType = 'float32' | 'float16' | 'int32' | 'int64' | 'int8' | 'uint8' | 'bool';

export type NumberArray = Float32Array | Uint16Array | Int32Array | BigInt64Array | Int8Array | Uint8Array;

/** Bytes of one element. */
export const bytesOf: Readonly<Record<DType, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  int64: 8,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** The array that holds elements of a dtype; float16 as its bits. */
export const arrayOf: Readonly<Record<DType, { new (n: number): NumberArray }>> = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

export const isFloat = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float16';
