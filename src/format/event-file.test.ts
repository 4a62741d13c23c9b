// TensorBoard's event files, against known bytes and an independent reader.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32, crc32c } from './checksum.js';
import { eventRecord, startEventFile } from './event-file.js';
import { readEventFile, slowCrc32c } from './event-file.test-support.js';

test('checksums are those of the standards', () => {
  const digits = new TextEncoder().encode('123456789'); // the check value that catalogues of CRCs give
  assert.equal(crc32(digits), 0xcbf43926);
  assert.equal(crc32c(digits), 0xe3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa); // RFC 3720, B.4
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62a8ab43);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32c(bytes) === slowCrc32c(bytes)));
});

test('a file begins as TensorFlow’s does, with its version, and then starts a session', () => {
  const bytes = startEventFile(1_700_000_000.25);
  // Length 24 and its checksum, then field 1, as every file of version 2 has them.
  assert.deepEqual([...bytes.subarray(0, 13)], [0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22, 0x09]);
  assert.deepEqual(readEventFile(bytes), [
    { seconds: 1_700_000_000.25, step: 0, fileVersion: 'brain.Event:2' },
    { seconds: 1_700_000_000.25, step: 0, session: 1 },
  ]);
});

test('numbers come back under their tags, as float32', () => {
  const scalars = { 'loss/total': 2.5, 'optimiser/learningRate': 1e-4, 'val/accuracy where, ü': -0 };
  const [event] = readEventFile(eventRecord({ seconds: 1.5, step: 3_000_000_000, scalars }));
  assert.deepEqual(event, {
    ...{ seconds: 1.5, step: 3_000_000_000 },
    scalars: { ...scalars, 'optimiser/learningRate': Math.fround(1e-4) },
  });
});

test('any events in a row are read back in their order', () => {
  const event = fc.record({
    seconds: fc.double({ min: 0, max: 4e9, noNaN: true }),
    step: fc.nat(),
    scalars: fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((tag) => tag !== '__proto__'),
      fc.float({ noNaN: true }),
    ),
  });
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const read = readEventFile(Buffer.concat(events.map(eventRecord)));
      assert.deepEqual(
        read.map(({ scalars, ...rest }) => ({ ...rest, scalars: { ...scalars } })),
        events.map(({ scalars, ...rest }) => ({ ...rest, scalars: { ...scalars } })),
      );
    }),
  );
});

test('the reader of these tests sees a byte that is wrong, and a record that is cut off', () => {
  const bytes = eventRecord({ seconds: 1, step: 1, scalars: { a: 1 } });
  for (const at of bytes.keys()) {
    const spoilt = Uint8Array.from(bytes);
    spoilt[at] = (bytes[at] as number) ^ 1;
    assert.throws(() => readEventFile(spoilt), `byte ${at}`);
  }
  assert.throws(() => readEventFile(bytes.subarray(0, -1)));
});
