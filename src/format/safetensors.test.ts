import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UniAdapterError } from '../error/index.js';
import {
  elementBytes,
  elementCount,
  float32Array,
  type NamedArray,
  readSafetensors,
  type SafeDtype,
  writeSafetensors,
} from './index.js';

const dtypes = Object.keys(elementBytes) as SafeDtype[];

const anyArray: fc.Arbitrary<NamedArray> = fc
  .record({ dtype: fc.constantFrom(...dtypes), shape: fc.array(fc.nat(4), { maxLength: 3 }) })
  .chain(({ dtype, shape }) => {
    const length = elementCount(shape) * elementBytes[dtype];
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => ({ dtype, shape, bytes }));
  });
const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', '"', '7'));
const anyArrays = fc.array(fc.tuple(names, anyArray), { maxLength: 6 }).map((entries) => new Map(entries));

/** A file with a hand-written header. */
function file(header: unknown, data: ArrayLike<number> = []): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

function u8(start: number, end: number) {
  return { dtype: 'U8', shape: [end - start], data_offsets: [start, end] };
}

function refuses(bytes: Uint8Array, message: RegExp) {
  assert.throws(
    () => readSafetensors(bytes, 'a.safetensors'),
    (error) => {
      assert.ok(error instanceof UniAdapterError, String(error));
      assert.equal(error.code, 'format');
      assert.match(error.message, message);
      assert.ok(error.message.startsWith('a.safetensors: '), error.message);
      return true;
    },
  );
}

test('what is written is read back, whatever the names, types and shapes', () => {
  fc.assert(
    fc.property(anyArrays, fc.dictionary(fc.string(), fc.string()), (arrays, metadata) => {
      const back = readSafetensors(writeSafetensors(arrays, metadata), 'file');
      assert.deepEqual({ ...back.metadata }, { ...metadata });
      assert.equal(back.arrays.size, arrays.size);
      for (const [name, { dtype, shape, bytes }] of arrays) {
        assert.deepEqual(back.arrays.get(name), { dtype, shape, bytes }, name);
      }
    }),
  );
});

test('data starts on a page and every tensor is aligned to its element, so nothing is copied on reading', () => {
  fc.assert(
    fc.property(anyArrays, (arrays) => {
      const bytes = writeSafetensors(arrays);
      assert.equal((8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))) % 4096, 0);
      for (const array of readSafetensors(bytes, 'file').arrays.values())
        assert.equal(array.bytes.buffer, bytes.buffer);
    }),
  );
});

test('a tensor in a place where no typed view can start is copied', () => {
  const f32 = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  for (const padding of ['', ' ', '  ', '   ']) {
    const array = readSafetensors(file(JSON.stringify({ x: f32 }) + padding, [0, 0, 128, 63]), 'f').arrays.get('x');
    assert.deepEqual(
      [array?.bytes.byteOffset ?? -1, array?.bytes.length].map((n) => (n ?? 1) % 4),
      [0, 0],
    );
    assert.deepEqual([...(array?.bytes ?? [])], [0, 0, 128, 63]);
  }
});

test('a file cut off anywhere is refused with the number of missing bytes', () => {
  const whole = file({ a: u8(0, 3), b: { dtype: 'F32', shape: [2], data_offsets: [3, 11] } }, new Uint8Array(11));
  for (let length = 0; length < whole.length; length++)
    refuses(whole.subarray(0, length), /[1-9]\d* bytes are missing/);
  refuses(whole.subarray(0, whole.length - 5), /cut off: 5 bytes are missing: got 6 bytes, expected 11 of tensor data/);
  readSafetensors(whole, 'whole');
});

test('a damaged file gives a format error or other numbers, never a crash', () => {
  const whole = writeSafetensors(new Map([['weight', float32Array([2, 2], Float32Array.of(1, 2, 3, 4))]]), { a: 'b' });
  fc.assert(
    fc.property(fc.nat(120), fc.nat(255), (at, byte) => {
      const damaged = whole.slice();
      damaged[at] = byte;
      try {
        readSafetensors(damaged, 'file');
      } catch (error) {
        assert.ok(error instanceof UniAdapterError && error.code === 'format', String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('headers that contradict the format are refused by name', () => {
  refuses(file('nothing'), /header is not valid JSON/);
  refuses(file('[1]'), /header is not a JSON object/);
  refuses(file('null'), /header is not a JSON object/);
  refuses(file(' {}'), /header is not a JSON object/);
  refuses(new Uint8Array(8).fill(0xff), /not a safetensors file: got a header of 18446744073709551615 bytes/);
  refuses(file({ a: 5 }), /tensor "a": malformed header entry/);
  refuses(file({ a: { ...u8(0, 1), shape: [-1] } }, [0]), /tensor "a": malformed header entry/);
  refuses(file({ a: { ...u8(0, 1), shape: [1.5] } }, [0]), /tensor "a": malformed header entry/);
  refuses(file({ a: { ...u8(0, 1), shape: [2 ** 40, 2 ** 40] } }, [0]), /tensor "a": bytes do not match the shape/);
  refuses(file({ a: { ...u8(0, 1), dtype: 'F4' } }, [0]), /tensor "a": unsupported element type: got F4, expected F64/);
  refuses(file({ a: { ...u8(0, 1), dtype: 'toString' } }, [0]), /unsupported element type/);
  refuses(
    file({ a: { ...u8(0, 1), dtype: 'F32' } }, [0]),
    /bytes do not match the shape: got 1 bytes, expected 4 for F32/,
  );
  refuses(file({ a: u8(0, 2), b: u8(1, 3) }, [0, 0, 0]), /tensor "b": overlaps the tensor before it/);
  refuses(file({ a: u8(0, 1), b: u8(2, 3) }, [0, 0, 0]), /tensor "b": leaves unused bytes/);
  refuses(file({ a: { ...u8(0, 0), data_offsets: [1, 0] } }, [0]), /bytes do not match the shape: got -1 bytes/);
  refuses(file({ a: u8(0, 1) }, [0, 0]), /bytes after the last tensor/);
  refuses(file({ __metadata__: { a: 1 } }), /__metadata__ must map names to strings/);
});

test('a name that occurs twice is refused, however it is spelled', () => {
  const entry = JSON.stringify(u8(0, 1));
  refuses(file(`{"a{":${entry},"b":${entry},"a\\u007b":${entry}}`, [0]), /tensor "a\{": the name occurs twice/);
});

test('metadata may hold ten million characters', () => {
  const recipe = 'x'.repeat(1e7);
  assert.equal(readSafetensors(file({ __metadata__: { recipe } }), 'file').metadata.recipe, recipe);
});

test('the writer refuses arrays whose bytes do not fit their shape', () => {
  const array: NamedArray = { dtype: 'F32', shape: [2], bytes: new Uint8Array(4) };
  assert.throws(() => writeSafetensors(new Map([['w', array]])), /tensor "w": bytes do not match the shape/);
  const reserved = new Map([['__metadata__', float32Array([1], new Float32Array(1))]]);
  assert.throws(() => writeSafetensors(reserved), /reserved/);
});

test('a header of very many tensors is refused before any of them is looked at', () => {
  const tensors = Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`t${i}`, 0]));
  refuses(file(tensors), /the header names too many tensors: got 70000, expected at most 65536/);
  refuses(file({ a: { ...u8(0, 1), shape: new Array(65).fill(1) } }, [0]), /malformed header entry: shape: /);
});
