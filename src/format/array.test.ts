import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  float16Array,
  float32Array,
  float32Of,
  halfOf,
  int32Array,
  int32Of,
  type NamedArray,
  type SafeDtype,
} from './index.js';

function array(dtype: SafeDtype, data: ArrayBufferView): NamedArray {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { dtype, shape: [], bytes };
}

/** All finite float16 values, by the definition, ordered by bit pattern. */
const halves = Array.from({ length: 0x7c00 }, (_, bits) => {
  const exponent = bits >> 10;
  return exponent === 0 ? bits * 2 ** -24 : (1 + (bits & 1023) / 1024) * 2 ** (exponent - 15);
});

test('every float16 survives the way to float32 and back', () => {
  const bits = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
  const floats = float32Of(array('F16', bits));
  assert.deepEqual([...floats.slice(0, 0x7c00)], halves);
  const back = halfOf(floats);
  const wrong = bits.filter((b, i) => b !== back[i] && !Number.isNaN(floats[i]));
  assert.deepEqual([...wrong], []);
  assert.deepEqual([floats[0x7c00], floats[0xfc00], floats[0x7e00]], [Infinity, -Infinity, NaN]);
});

test('rounding to float16 picks the nearest value, and the even one half-way', () => {
  const halfway = Float32Array.from({ length: 0x7bff }, (_, i) => ((halves[i] ?? 0) + (halves[i + 1] ?? 0)) / 2);
  assert.ok(halfOf(halfway).every((bits, i) => bits === i + (i % 2)));
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (x) => {
      const bits = halfOf(Float32Array.of(x))[0] ?? -1;
      assert.equal(bits >> 15, x < 0 || Object.is(x, -0) ? 1 : 0);
      const at = bits & 0x7fff;
      const error = (i: number) => Math.abs((halves[i] ?? Infinity) - Math.abs(x));
      assert.ok(error(at) <= error(at - 1) && error(at) <= error(at + 1));
    }),
  );
  assert.deepEqual(
    [...halfOf(Float32Array.of(65519, 65520, 1e30, -Infinity, NaN))],
    [31743, 31744, 31744, 64512, 32256],
  );
});

test('every element type reads as float32', () => {
  const read = (dtype: SafeDtype, data: ArrayBufferView) => [...float32Of(array(dtype, data))];
  assert.deepEqual(read('F64', Float64Array.of(0.1, -2)), [Math.fround(0.1), -2]);
  assert.deepEqual(read('F32', Float32Array.of(0.5)), [0.5]);
  assert.deepEqual(read('BF16', Uint16Array.of(0x3f80, 0xc040, 0x7f80)), [1, -3, Infinity]);
  assert.deepEqual(read('I64', BigInt64Array.of(-5n, 2n ** 40n)), [-5, 2 ** 40]);
  assert.deepEqual(read('I16', Int16Array.of(-300)), [-300]);
  assert.deepEqual(read('I8', Int8Array.of(-3)), [-3]);
  assert.deepEqual(read('BOOL', Uint8Array.of(1, 0)), [1, 0]);
});

test('integers read as int32; what does not fit or is no integer is refused', () => {
  assert.deepEqual([...int32Of(array('I64', BigInt64Array.of(-1n, 7n)))], [-1, 7]);
  assert.deepEqual([...int32Of(int32Array([2], Int32Array.of(3, 4)))], [3, 4]);
  assert.deepEqual([...int32Of(array('U8', Uint8Array.of(200)))], [200]);
  assert.throws(() => int32Of(array('I64', BigInt64Array.of(2n ** 31n))), /does not fit in 32 bits: got 2147483648/);
  assert.throws(() => int32Of(array('F32', Float32Array.of(1))), /integers were asked of an array of fractions/);
});

test('float32 is a view of the same memory, unless it is not aligned', () => {
  const data = Float32Array.of(1, 2, 3);
  assert.equal(float32Of(float32Array([3], data)).buffer, data.buffer);
  const shifted = new Uint8Array(13);
  shifted.set(new Uint8Array(data.buffer), 1);
  assert.deepEqual(float32Of({ dtype: 'F32', shape: [3], bytes: shifted.subarray(1) }), data);
});

test('a shape that does not match its numbers is refused', () => {
  assert.throws(() => float32Array([2, 2], new Float32Array(3)), /got 3 numbers, expected 4/);
  assert.equal(float16Array([2], new Float32Array(2)).bytes.length, 4);
});
