// The packets of a video's stream in the order of the file, and how to get far ahead without reading all between.

import type { Packet } from 'node-av/lib';
import type { Container } from './container.js';

export interface Reader {
  /** The next packet that was not given before, from the first keyframe on; null at the end. It is the caller's to free. */
  next(): Packet | null;
  /** Moves to a keyframe at or before a time, unless that is behind what was read. */
  jump(ticks: number): void;
  /** Whether decoding can start with a packet, and it is known when that is shown. */
  isKey(packet: Packet): boolean;
  /** Whether pictures have no times of their own (avi): then every one has to be counted. */
  isUntimed(): boolean;
  close(): void;
}

/** Where a packet lies in the file, whatever its container has of offsets and decoding times. */
interface Place {
  /** Time of the last keyframe, in ticks. */
  readonly key: number;
  /** Packets since, itself included. */
  readonly count: number;
}

const NOWHERE: Place = { key: Number.NEGATIVE_INFINITY, count: 0 };

const isAfter = (a: Place, b: Place) => a.key > b.key || (a.key === b.key && a.key > NOWHERE.key && a.count > b.count);

/** When a packet's picture is shown, in ticks; where the container does not say (avi, some of mpg), when it is decoded. */
export function timeOf({ pts, dts }: Packet, { library }: Container): number {
  const none = library.codes.AV_NOPTS_VALUE;
  const time = pts === none ? dts : pts;
  return time === none ? Number.NaN : Number(time);
}

/** Reads a container's stream. @param first  when it starts, in ticks */
export function createReader(container: Container, first: number): Reader {
  const none = container.library.codes.AV_NOPTS_VALUE;
  let place = NOWHERE;
  let furthest = NOWHERE;
  let isCatchingUp = true;
  let landed: Packet | null = null;
  let isUntimed: boolean | undefined;

  const isApng = container.stream.codecpar.codecId === container.library.codes.AV_CODEC_ID_APNG;
  // the first frame of an animated PNG has nothing below it, but only counts as a keyframe if it says that it replaces all
  const isStart = (packet: Packet) => packet.isKeyframe || (isApng && timeOf(packet, container) === first);
  const isKey = (packet: Packet) => isStart(packet) && (isUntimed === true || packet.pts !== none);
  const read = (): Packet | null => {
    const packet = readPacket(container);
    if (packet === null) return null;
    isUntimed ??= packet.pts === none;
    const time = timeOf(packet, container);
    const isOther = isKey(packet) && time !== place.key;
    place = isOther ? { key: time, count: 1 } : { key: place.key, count: place.count + 1 };
    return packet;
  };
  const readKey = (): Packet | null => {
    let packet = read();
    for (; packet !== null && !isKey(packet); packet = read()) packet.free();
    return packet;
  };

  return {
    next() {
      let packet = landed ?? read();
      landed = null;
      for (; packet !== null && isCatchingUp && !isAfter(place, furthest); packet = read()) packet.free();
      isCatchingUp = false;
      furthest = place;
      return packet;
    },
    jump(ticks) {
      for (let back = 0; ; back = back * 2 || container.ticksPerSecond) {
        const isStart = !(ticks - back > first); // neither may be a number, in files that lie
        const hasMoved = isStart ? rewind(container, first) : seek(container, ticks - back);
        if (!hasMoved && (isStart || back === 0)) return;
        if (!hasMoved) continue; // where it is now may be too far
        place = NOWHERE;
        isCatchingUp = true;
        landed = readKey();
        if (isStart || (landed !== null && timeOf(landed, container) <= ticks)) return;
        landed?.free();
        landed = null;
      }
    },
    isKey,
    isUntimed: () => isUntimed === true,
    close: () => landed?.free(),
  };
}

/** The next packet of the stream that has content; null at the end, or where the file breaks off. */
function readPacket({ library, format, stream }: Container): Packet | null {
  const packet = new library.av.Packet();
  packet.alloc();
  while (format.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === stream.index && packet.size > 0) return packet;
    packet.unref();
  }
  packet.free();
  return null;
}

/** Moves to the keyframe before a time, as far as the container knows: some land elsewhere. @returns whether it moved */
export function seek({ library, format, stream }: Container, ticks: number): boolean {
  if (!(Math.abs(ticks) <= 2 ** 62)) return false; // a file may say any time, endless ones too
  return format.seekFrameSync(stream.index, BigInt(Math.floor(ticks)), library.codes.AVSEEK_FLAG_BACKWARD) >= 0;
}

/** Before everything; containers that refuse such a time go to the first one exactly. */
export function rewind(container: Container, first: number): boolean {
  return seek(container, -(2 ** 62)) || seek(container, first);
}
