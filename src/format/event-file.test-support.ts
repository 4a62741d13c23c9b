// Event files read back, by the documents of TFRecord and protobuf alone: nothing here is shared with what writes them.

import assert from 'node:assert/strict';

export interface ReadEvent {
  readonly seconds: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly session?: number;
  readonly scalars?: Readonly<Record<string, number>>;
}

/** All events of a file. Fails on a wrong checksum, and on bytes after the last record. */
export function readEventFile(bytes: Uint8Array): ReadEvent[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const events: ReadEvent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    assert.equal(view.getUint32(at + 8, true), masked(bytes.subarray(at, at + 8)), 'checksum of the length');
    const data = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(view.getUint32(at + 12 + length, true), masked(data), 'checksum of the data');
    events.push(eventOf(data));
    at += length + 16;
  }
  return events;
}

/** Bit by bit, from the high end: the polynomial of RFC 3720, and every byte mirrored. */
export function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (crc ^ (mirrored(byte, 8) << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80000000 ? (crc << 1) ^ 0x1edc6f41 : crc << 1) >>> 0;
  }
  return (mirrored(crc, 32) ^ 0xffffffff) >>> 0;
}

function mirrored(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) if ((value >>> bit) & 1) result += 2 ** (bits - 1 - bit);
  return result;
}

/** Rotated right by 15 bits, plus a constant. */
function masked(bytes: Uint8Array): number {
  const crc = BigInt(slowCrc32c(bytes));
  return Number(BigInt.asUintN(32, ((crc >> 15n) | (crc << 17n)) + 0xa282ead8n));
}

function eventOf(data: Uint8Array): ReadEvent {
  const fields = fieldsOf(data);
  const [version, summary, session] = [fields.get(3), fields.get(5), fields.get(7)];
  return {
    seconds: doubleOf(fields.get(1)?.[0] as Uint8Array),
    step: (fields.get(2)?.[0] as number | undefined) ?? 0,
    ...(version && { fileVersion: textOf(version[0] as Uint8Array) }),
    ...(session && { session: fieldsOf(session[0] as Uint8Array).get(1)?.[0] as number }),
    ...(summary && { scalars: scalarsOf(summary[0] as Uint8Array) }),
  };
}

const scalarsOf = (summary: Uint8Array): Record<string, number> =>
  Object.fromEntries(
    (fieldsOf(summary).get(1) ?? []).map((value) => {
      const fields = fieldsOf(value as Uint8Array);
      return [textOf(fields.get(1)?.[0] as Uint8Array), floatOf(fields.get(2)?.[0] as Uint8Array)];
    }),
  );

/** Values by the number of their field: numbers, or bytes. */
function fieldsOf(data: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = data[at++] ?? assert.fail('a number is cut off');
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    assert.ok(at + length <= data.length, 'a field is cut off');
    at += length;
    return data.subarray(at - length, at);
  };
  while (at < data.length) {
    const key = varint();
    const kind = key & 7;
    const value =
      kind === 0 ? varint() : kind === 1 ? take(8) : kind === 2 ? take(varint()) : kind === 5 ? take(4) : assert.fail();
    fields.set(key >>> 3, [...(fields.get(key >>> 3) ?? []), value]);
  }
  return fields;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const doubleOf = (bytes: Uint8Array): number => viewOf(bytes).getFloat64(0, true);
const floatOf = (bytes: Uint8Array): number => viewOf(bytes).getFloat32(0, true);
