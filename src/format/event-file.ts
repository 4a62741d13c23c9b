// TensorBoard's event files: TFRecords, each an `Event` message. Five fields are all that scalars need, so they are written
// one by one; TensorFlow's schemas as a package would be larger than the rest of this folder.
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/util/event.proto

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { crc32c } from './checksum.js';

/** Numbers of one moment. */
export interface BoardEvent {
  /** Since 1970. */
  readonly seconds: number;
  readonly step: number;
  /** Kept as float32, by tag: `loss/total`. Tags are grouped by what is before the first stroke. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Fields of `Event`, `SessionLog`, `Summary` and `Summary.Value`. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SESSION = { status: 1 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simpleValue: 2 } as const;

/** From version 2 on readers go by `SessionLog`, not by steps that are out of order. */
const FILE_VERSION = 'brain.Event:2';
const SESSION_START = 1;

/**
 * What a file starts with. A reader that has read other files of the folder forgets them, as the session starts at step 0.
 *
 * @param seconds  since 1970
 */
export function startEventFile(seconds: number): Uint8Array {
  const version = eventAt(seconds, 0).tag(EVENT.fileVersion, WireType.LengthDelimited).string(FILE_VERSION);
  const start = eventAt(seconds, 0).tag(EVENT.sessionLog, WireType.LengthDelimited).fork();
  start.tag(SESSION.status, WireType.Varint).int32(SESSION_START).join();
  return new BinaryWriter().raw(record(version.finish())).raw(record(start.finish())).finish();
}

/** What is added for each event. */
export function eventRecord({ seconds, step, scalars }: BoardEvent): Uint8Array {
  const event = eventAt(seconds, step).tag(EVENT.summary, WireType.LengthDelimited).fork();
  for (const [tag, value] of Object.entries(scalars)) {
    event.tag(SUMMARY.value, WireType.LengthDelimited).fork();
    event.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
    event.tag(VALUE.simpleValue, WireType.Bit32).float(value).join();
  }
  return record(event.join().finish());
}

function eventAt(seconds: number, step: number): BinaryWriter {
  const event = new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(seconds);
  return step === 0 ? event : event.tag(EVENT.step, WireType.Varint).int64(step); // proto3 leaves zeros out
}

/** Length, its checksum, the bytes, their checksum. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return bytes;
}

/** So that the checksum of bytes which hold a checksum means something. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
